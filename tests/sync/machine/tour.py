"""One schedule written by hand: every step and every fault once, so that a sample never lacks one."""

from tests.sync.machine.checks import EVERY
from tests.sync.machine.game import Game
from tests.sync.machine.net import FAULTS
from tests.sync.machine.runs import telling
from tests.sync.machine.schedule import POSTS, Schedule

SEED = 3
MOST_TRIES = 60
SEEN = {
    *FAULTS,
    *("late arrival", "race", "tab died", "no room", "cache evicted", "connection lost", "second tab"),
    *("clock", "backup", "restore", "staff.set", "revoked session", "restart", "jobs", "import", "rule.add"),
    *("rule.set", "floor", "vehicle moved", "parked rerun", "parked discarded", "tablet rolled back"),
    *("pause", "old client"),
}


class Tour:
    """The steps in an order in which each has something to do."""

    def __init__(self, game: Game) -> None:
        self.game = game
        self.machine = type("Schedule", (Schedule,), {"game": game})()

    def walk(self) -> None:
        """Every step once.

        :raise Broken: when an invariant does not hold.
        """
        with telling(self.game):
            self.machine.begin(seed=SEED)
            for leg in (self._network, self._people, self._tabs, self._server, self._setbacks):
                leg()
            self.machine.teardown()

    def _work(self, tablet: str, kind: str = "") -> None:
        """Somebody does something at a tablet, of a kind if one is named; not every throw of the dice finds
        something to do.
        """
        before = set(self.game.promised[tablet])
        for dice in range(MOST_TRIES):
            self.machine.act(tablet=tablet, dice=dice, second=False)
            done = [told["kind"] for op, told in self.game.promised[tablet].items() if op not in before]
            if any(kind in one for one in done):
                return
        raise AssertionError(f"nothing to do at {tablet}")

    def _network(self) -> None:
        for number, fault in enumerate(FAULTS):
            tablet = "abc"[number % 3]
            self._work(tablet)
            self.machine.sync(tablet=tablet, plan=[(fault, 7 + number), (fault, 60)], second=False)
        self.machine.late_request(at=0)
        self.machine.act_and_sync(tablet="a", dice=11, plan=[])
        self.machine.act_twice(tablet="b", first=21, then=22)
        self.machine.act_during_sync(tablet="b", dice=[31, 32], served=1, plan=[])
        self.machine.race(one="a", other="b", at=9, dice=41, what=None)
        for at in (6, 10, 14):  # while what is changed is read, and before it is written
            self.machine.race(one="a", other="b", at=at, dice=0, what="note")
        for one, other in ("ab", "ba"):
            self.machine.sync(tablet=other, plan=[("fine", 0)], second=False)
            self.machine.clash(one=one, other=other, what="note", plan=[])
        self._same_step()
        for dice in range(MOST_TRIES):  # until a recording is among it
            self.machine.send_files(tablet="c", dice=dice, plan=[("cut", 200)])
            if any(told["sha256"] for told in self.game.promised["c"].values()):
                return
        raise AssertionError("no recording was made")

    def _same_step(self) -> None:
        """One person at two tablets takes the same step of a complaint, which somebody else has reported."""
        self.machine.log_in(tablet="b", who=0, plan=[])
        self._work("b", "complaint.open")
        self.machine.sync(tablet="b", plan=[("fine", 0)], second=False)
        for tablet, who in (("a", 0), ("b", 2)):
            self.machine.log_in(tablet=tablet, who=who, plan=[])
            self.machine.sync(tablet=tablet, plan=[("fine", 0)], second=False)
        self.machine.clash(one="a", other="b", what="step", plan=[])
        self.machine.log_in(tablet="b", who=0, plan=[])

    def _people(self) -> None:
        """What somebody wrote who works elsewhere by the time it is handed in is refused."""
        for discards in (False, True):
            self.machine.log_in(tablet="a", who=1, plan=[])
            self._work("a")
            self.machine.change_scope(who=0, posts=POSTS[3])
            self.machine.log_in(tablet="a", who=0, plan=[])
            self.machine.sync(tablet="a", plan=[("fine", 0)], second=False)
            self.machine.settle_parked(which=0, discards=discards, office=discards)
            self.machine.change_scope(who=0, posts=POSTS[0])
            self.machine.log_in(tablet="a", who=1, plan=[])
            self.machine.sync(tablet="a", plan=[("fine", 0)], second=False)
        self.machine.change_scope(who=2, posts=POSTS[0])
        self.machine.sync(tablet="c", plan=[("fine", 0)], second=False)
        self.machine.change_scope(who=2, posts=POSTS[1])
        self.machine.log_in(tablet="c", who=0, plan=[])
        for _ in range(2):  # the branch comes back
            self.machine.sync(tablet="c", plan=[("fine", 0)], second=False)
        self.machine.revoke_sessions(tablet="b")
        self.machine.old_client()

    def _tabs(self) -> None:
        self.machine.second_tab(tablet="b")
        self.machine.act(tablet="b", dice=51, second=True)
        self.machine.die_in_sync(tablet="b", at=25, plan=[])
        self.machine.die_in_act(tablet="a", at=6, dice=61)
        self.machine.die_in_both(tablet="c", at=30, dice=71, served=1)
        self.machine.die_in_files(tablet="c", at=12, plan=[])
        self.machine.kill(tablet="a")
        self.machine.no_room(tablet="a", at=1, dice=81, syncs=True)
        self.machine.no_room(tablet="a", at=2, dice=82, syncs=True)
        self.machine.evict_cache(tablet="a")
        self.machine.sync(tablet="a", plan=[("fine", 0), *[("cut", 200)] * 6], second=False)
        self.machine.lose_connection(tablet="b", journal=True)
        self.machine.lose_connection(tablet="c", journal=False)
        self.machine.wrong_clock(tablet="c", days=-3, minutes=7)

    def _server(self) -> None:
        self.machine.publish_rule(number=5)
        self.machine.move_vehicle(number=2)
        self.machine.sync(tablet="b", plan=[("fine", 0)], second=False)
        self.machine.collect_tombstones(part="B:SZ01")
        self.machine.log_in(tablet="c", who=0, plan=[])
        self.machine.sync(tablet="c", plan=[("fine", 0)], second=False)
        self.machine.move_vehicle(number=9)
        self.machine.collect_tombstones(part="B:SZ02")
        for _ in range(EVERY):  # so that its rows are looked at
            self.machine.sync(tablet="c", plan=[("fine", 0)], second=False)
        self.machine.jobs(hours=20)
        for number in range(4):
            self.machine.import_delivery(part="B:SZ02", number=number)
        self.machine.restart()
        self.machine.pause(days=2)

    def _setbacks(self) -> None:
        """The server goes back to a copy of itself, then a tablet does."""
        self.machine.back_up()
        self.machine.publish_rule(number=6)
        for tablet in "abc":
            self._work(tablet)
            self.machine.sync(tablet=tablet, plan=[("fine", 0)], second=False)
        self.machine.evict_cache(tablet="a")
        self.machine.restore(which=0)
        for number in (7, 8, 9):  # soon the feed is as long as it was, with other rows
            self.machine.publish_rule(number=number)
        for tablet in "abc":
            self.machine.log_in(tablet=tablet, who=0, plan=[])
            self.machine.sync(tablet=tablet, plan=[("fine", 0)], second=False)
        self.machine.keep_copy(tablet="b")
        self._work("b")
        self.machine.sync(tablet="b", plan=[("fine", 0)], second=False)
        self.machine.roll_back_tablet(tablet="b", dice=91)
