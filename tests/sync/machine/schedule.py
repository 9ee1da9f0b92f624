"""The machine itself: Hypothesis draws schedules of work and of every fault that SYNC.md lists."""

import sys
from collections.abc import Callable
from functools import wraps

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize
from hypothesis.stateful import rule as drawn

from backend.models.access import Session
from backend.sync import door, people
from tests.cast import SZ01, SZ02
from tests.sync.machine import checks, outbox
from tests.sync.machine.game import CAST, CREWS, DAY_MS, Game
from tests.sync.machine.net import FAULTS, INJECTED
from tests.sync.machine.world import delivery

TABLET = st.sampled_from(sorted(CREWS))
DICE = st.integers(0, 2**16)
SMALL = st.integers(0, 400)
CRASH = st.integers(1, 60)
FAULT = st.tuples(st.sampled_from(FAULTS), SMALL)
PLAN = st.lists(FAULT, min_size=1, max_size=4)
FEW = st.lists(FAULT, max_size=2)
POSTS = (
    [{"branch": "SZ01", "role": "cs_manager"}],
    [{"branch": "SZ02", "role": "cs_agent"}],
    [{"branch": "SZ01", "role": "cs_agent"}, {"branch": "SZ02", "role": "cs_manager"}],
    [{"branch": "*", "role": "hq_auditor"}],
)
MOVED = (CAST.bob, CAST.sam, CAST.zoe)


def rule(**strategies: object) -> Callable[[Callable], Callable]:
    """A step of the machine; what was done is kept, so that a failure tells its whole schedule."""

    def mark(work: Callable) -> Callable:
        @drawn(**strategies)
        @wraps(work)
        def step(self: "Schedule", **given: object) -> None:
            self.game.log.append((work.__name__, given))
            with self.game.watched():
                work(self, **given)

        return step

    return mark


class Schedule(RuleBasedStateMachine):
    """One schedule; `game` is handed in by whoever runs it (see `runs.py`)."""

    game: Game

    def __init__(self) -> None:
        super().__init__()
        self.steps = 0
        self.failed = True

    @initialize(seed=st.integers(0, 2**16))
    def begin(self, seed: int) -> None:
        self.game.begin(seed)
        self.failed = False

    def tab(self, tablet: str, second: bool = False) -> str:
        """The tab something happens in, opened if need be; time goes on."""
        self.steps += 1
        self.game.tick()
        return self.game.ensure(f"{tablet}2" if second and f"{tablet}2" in self.game.tabs else tablet)

    def seen(self, tab: str) -> None:
        """Look at a tab that something happened in."""
        checks.after_step(self.game, tab)

    # ---- work

    @rule(tablet=TABLET, dice=DICE, second=st.booleans())
    def act(self, tablet: str, dice: int, second: bool) -> None:
        tab = self.tab(tablet, second)
        self.game.act(tab, dice)
        self.seen(tab)

    @rule(tablet=TABLET, first=DICE, then=DICE)
    def act_twice(self, tablet: str, first: int, then: int) -> None:
        tab = self.tab(tablet)
        self.game.act(tab, first)
        self.game.act(tab, then)
        self.seen(tab)

    @rule(tablet=TABLET, dice=DICE, plan=FEW)
    def act_and_sync(self, tablet: str, dice: int, plan: list) -> None:
        tab = self.tab(tablet)
        self.game.act(tab, dice)
        self.game.sync(tab, plan)
        self.seen(tab)

    @rule(tablet=TABLET, plan=PLAN, second=st.booleans())
    def sync(self, tablet: str, plan: list, second: bool) -> None:
        tab = self.tab(tablet, second)
        self.game.sync(tab, plan)
        self.seen(tab)

    @rule(tablet=TABLET, dice=DICE, plan=PLAN)
    def send_files(self, tablet: str, dice: int, plan: list) -> None:
        tab = self.tab(tablet)
        self.game.act(tab, dice)
        self.game.files(tab, plan)
        self.seen(tab)

    @rule(tablet=TABLET, at=CRASH, plan=FEW)
    def die_in_files(self, tablet: str, at: int, plan: list) -> None:
        tab = self.tab(tablet)
        self.game.tablets.command("arm", tab=tab, dieAt=at)
        self.game.files(tab, plan)
        self.game.again(tab)
        self.seen(tab)

    @rule(tablet=TABLET, who=SMALL, plan=FEW)
    def log_in(self, tablet: str, who: int, plan: list) -> None:
        tab = self.tab(tablet)
        crew = self.game.crew(tablet)
        self.game.login(tab, crew[who % len(crew)], plan)
        self.seen(tab)

    @rule(tablet=TABLET, dice=st.lists(DICE, min_size=1, max_size=3), served=st.integers(0, 3), plan=FEW)
    def act_during_sync(self, tablet: str, dice: list[int], served: int, plan: list) -> None:
        """Work goes on while a cycle is under way."""
        tab = self.tab(tablet)
        flow = self.game.tablets.begin(tab, "sync")
        for _ in range(served):
            if flow.state == "running" and self.game.tablets.fetches:
                self.game.net.serve_one("fine", 0)
        acts = [self.game.tablets.begin(tab, "act", dice=one) for one in dice]
        self.game.net.drive(flow, plan)
        self.game.finish_acts(tab, acts)
        self.seen(tab)

    @rule(one=TABLET, other=TABLET, what=st.sampled_from(["note", "step"]), plan=FEW)
    def clash(self, one: str, other: str, what: str, plan: list) -> None:
        """Two people change the same field, or take a complaint's step, neither knowing of the other."""
        tabs = [self.tab(one), self.tab(other)]
        for tab in tabs:
            self.game.act(tab, 0, together=what)
        for tab in tabs:
            if tab in self.game.tabs:
                self.game.sync(tab, plan)
            self.seen(tab)

    @rule(one=TABLET, other=TABLET, at=st.integers(1, 45), dice=DICE, what=st.sampled_from([None, "note"]))
    def race(self, one: str, other: str, at: int, dice: int, what: str | None) -> None:
        """Two tablets' requests are served at the same time, one paused at any statement."""
        if one == other:
            return
        tabs = [self.tab(one), self.tab(other)]
        for i, tab in enumerate(tabs):
            self.game.act(tab, dice + i, together=what)
        self.game.race(tabs, at)
        for tab in tabs:
            self.seen(tab)

    # ---- tabs that die, databases that fail

    @rule(tablet=TABLET, at=CRASH, plan=FEW)
    def die_in_sync(self, tablet: str, at: int, plan: list) -> None:
        tab = self.tab(tablet)
        self.game.tablets.command("arm", tab=tab, dieAt=at)
        self.game.sync(tab, plan)
        self.game.again(tab)
        self.seen(tab)

    @rule(tablet=TABLET, at=st.integers(1, 14), dice=DICE)
    def die_in_act(self, tablet: str, at: int, dice: int) -> None:
        tab = self.tab(tablet)
        self.game.tablets.command("arm", tab=tab, dieAt=at)
        self.game.act(tab, dice)
        self.game.again(tab)
        self.seen(tab)

    @rule(tablet=TABLET, at=CRASH, dice=DICE, served=st.integers(0, 3))
    def die_in_both(self, tablet: str, at: int, dice: int, served: int) -> None:
        """The tab dies while it saves and syncs at once."""
        tab = self.tab(tablet)
        flow = self.game.tablets.begin(tab, "sync")
        for _ in range(served):
            if flow.state == "running" and self.game.tablets.fetches:
                self.game.net.serve_one("fine", 0)
        self.game.tablets.command("arm", tab=tab, dieAt=at)
        acts = [self.game.tablets.begin(tab, "act", dice=dice)] if tab in self.game.living() else []
        self.game.net.drive(flow)
        self.game.finish_acts(tab, acts)
        self.game.again(tab)
        self.seen(tab)

    @rule(tablet=TABLET)
    def kill(self, tablet: str) -> None:
        tab = self.tab(tablet)
        self.game.kill(tab)
        self.game.ensure(tab)
        self.seen(tab)

    @rule(tablet=TABLET, at=st.integers(1, 12), dice=DICE, syncs=st.booleans())
    def no_room(self, tablet: str, at: int, dice: int, syncs: bool) -> None:
        tab = self.tab(tablet)
        self.game.tablets.command("arm", tab=tab, fullAt=at)
        self.game.act(tab, dice)
        if syncs:
            self.game.sync_without_room(tab)
        self.game.tablets.command("arm", tab=tab)
        self.seen(tab)

    @rule(tablet=TABLET)
    def evict_cache(self, tablet: str) -> None:
        tab = self.tab(tablet)
        self.game.evict(tablet)
        self.seen(tab)

    @rule(tablet=TABLET, journal=st.booleans())
    def lose_connection(self, tablet: str, journal: bool) -> None:
        tab = self.tab(tablet)
        INJECTED["connection lost"] += 1
        self.game.tablets.command("lose", name=f"{tablet}-{'journal' if journal else 'cache'}")
        self.seen(tab)

    @rule(tablet=TABLET)
    def second_tab(self, tablet: str) -> None:
        self.tab(tablet)
        INJECTED["second tab"] += 1
        if f"{tablet}2" in self.game.tabs:
            self.game.close(f"{tablet}2")
        else:
            self.seen(self.game.ensure(f"{tablet}2"))

    @rule(tablet=TABLET, days=st.integers(-3, 3), minutes=st.integers(0, 59))
    def wrong_clock(self, tablet: str, days: int, minutes: int) -> None:
        INJECTED["clock"] += 1
        self.game.set_skew(tablet, days * DAY_MS + minutes * 60_000)

    # ---- the server

    @rule(at=SMALL)
    def late_request(self, at: int) -> None:
        self.game.net.deliver_late(at)
        checks.server(self.game)

    @rule()
    def back_up(self) -> None:
        if len(self.game.backups) < 3:
            INJECTED["backup"] += 1
            self.game.back_up()

    @rule(which=SMALL)
    def restore(self, which: int) -> None:
        if self.game.backups and self.game.epochs < 3:
            self.game.restore(which)
            checks.server(self.game)

    @rule(who=SMALL, posts=st.sampled_from(POSTS))
    def change_scope(self, who: int, posts: list) -> None:
        self.game.set_posts(MOVED[who % len(MOVED)], posts)

    @rule(tablet=TABLET)
    def revoke_sessions(self, tablet: str) -> None:
        INJECTED["revoked session"] += 1
        for person in CREWS[tablet][1]:
            Session.update(revoked_at=self.game.now).where(Session.staff_id == person.id).execute()

    @rule()
    def restart(self) -> None:
        INJECTED["restart"] += 1
        self.game.host.restart()

    @rule(hours=st.integers(0, 60))
    def jobs(self, hours: int) -> None:
        INJECTED["jobs"] += 1
        self.game.tick(hours * 3_600_000)
        self.game.work()
        checks.server(self.game)

    @rule(part=st.sampled_from([SZ01, SZ02]), number=st.integers(0, 3))
    def import_delivery(self, part: str, number: int) -> None:
        INJECTED["import"] += 1
        first = 41 if part == SZ01 else 51
        door.submit([delivery(part, first + number, self.game.now[:10])], people.SYSTEM, self.game.now)

    @rule(number=SMALL)
    def publish_rule(self, number: int) -> None:
        self.game.publish(number)

    @rule(part=st.sampled_from([SZ01, SZ02]))
    def collect_tombstones(self, part: str) -> None:
        INJECTED["floor"] += 1
        self.game.raise_floor(part)
        checks.server(self.game)

    @rule(number=SMALL)
    def move_vehicle(self, number: int) -> None:
        """Head office hands a car over to the other branch; late ops follow it."""
        self.game.move(number)
        checks.server(self.game)

    @rule(which=SMALL, discards=st.booleans(), office=st.booleans())
    def settle_parked(self, which: int, discards: bool, office: bool) -> None:
        """Somebody runs a refused op again, or discards it."""
        self.game.settle_parked(which, discards, office)

    @rule(tablet=TABLET)
    def keep_copy(self, tablet: str) -> None:
        self.game.keep_copy(tablet)

    @rule(tablet=TABLET, dice=DICE)
    def roll_back_tablet(self, tablet: str, dice: int) -> None:
        """A tablet is set back to an older copy of itself: its numbers are used already (sync.fork)."""
        if self.game.roll_back(tablet):
            tab = self.tab(tablet)
            self.game.act(tab, dice)
            self.game.sync(tab)
            if self.game.must(tab, "look")["expired"]:  # the copy is older than the end of its session
                self.game.login(tab, self.game.crew(tablet)[0])
                self.game.sync(tab)
            self.seen(tab)

    @rule(days=st.integers(1, 9))
    def pause(self, days: int) -> None:
        """A holiday: sessions and leases end."""
        INJECTED["pause"] += 1
        self.game.tick(days * DAY_MS)

    @rule()
    def old_client(self) -> None:
        """A tablet of a released version, long away, hands in its queue."""
        if not self.game.old:
            INJECTED["old client"] += 1
            self.game.old = True
            outbox.replay(self.game)

    # ---- the end

    def teardown(self) -> None:
        if not self.failed and not self.broken():
            with self.game.watched():
                checks.at_rest(self.game)

    @staticmethod
    def broken() -> bool:
        """True when a step has failed: then the end proves nothing."""
        return sys.exc_info()[0] is not None
