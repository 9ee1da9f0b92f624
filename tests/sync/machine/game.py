"""One schedule under way: tablets with their crews, the server, the network, and what was promised."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from backend import clock, db
from backend.jobs import tasks
from backend.models.blobs import COMPLETE, Blob
from backend.models.files import Vehicle
from backend.models.sync import FeedHead, Op
from backend.sync import door, feed, people, plan_tasks, reference, state
from tests.cast import SZ01, SZ02, Cast, fixed_id
from tests.sync.machine import histories
from tests.sync.machine.host import Host
from tests.sync.machine.ledger import Ledger, require
from tests.sync.machine.net import INJECTED, Net
from tests.sync.machine.tablets import Flow, Tablets

CAST = Cast()
DAY_MS = 86_400_000
STEPS = {"tasks", "overdue", "tombstones", "snapshots", "blobs", "imports"}
LOCKED = ("auth.required", "app.locked", "app.no_branch")
STEP_MS = 61_000
KEPT_MS = 20 * DAY_MS  # of the 30 that a tablet keeps; its clock may be wrong by three
CREWS = {
    "a": (SZ01, [CAST.alice, CAST.bob, CAST.clerk]),
    "b": (SZ01, [CAST.gina, CAST.sam, CAST.alice]),
    "c": (SZ02, [CAST.zoe, CAST.chen]),
}
PEOPLE = {person.id: person for person in CAST}


class Game:
    """Three tablets and a server; `begin` starts a schedule on copies of what `prepare` made."""

    def __init__(self, host: Host, tablets: Tablets) -> None:
        self.host, self.tablets = host, tablets
        self.begun = 0
        self.log: list[tuple[str, dict]] = []
        self.failure: tuple[BaseException, list] | None = None
        self.trace: list[str] = []

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Keep the first failure with the schedule that led to it: playing it again may take another way."""
        try:
            yield
        except AssertionError as failure:
            if self.failure is None:
                self.failure = failure, list(self.log)
                self.trace = list(self.tablets.trace or [])
            raise

    # ---- beginning

    def prepare(self) -> None:
        """Log every tablet in once, download its branch, and keep all that for the schedules."""
        self.tablets.clear(1)
        self._anew()
        for name, (_part, crew) in CREWS.items():
            self.open(name)
            self.login(name, crew[0])
            self.sync(name)
            self.close(name)
            self.tablets.command("copy", **{"from": bases(name), "to": [f"kept:{b}" for b in bases(name)]})
        self.host.keep()
        self.template = self.net.ledger.copy(), dict(self.net.people)

    def begin(self, seed: int) -> None:
        """Put server and tablets where every schedule begins; no tab is open."""
        self.begun += 1
        self.log.clear()
        self.tablets.clear(seed)
        self.host.reset()
        for name in CREWS:
            self.tablets.command("copy", **{"from": [f"kept:{b}" for b in bases(name)], "to": bases(name)})
        self._anew()
        self.net.ledger, self.net.people = self.template[0].copy(), dict(self.template[1])

    def _anew(self) -> None:
        posts = {person.id: person.doc()["posts"] for person in CAST}
        self.net = Net(self.host, self.tablets, Ledger(posts))
        self.tabs: dict[str, str] = {}
        self.skew = dict.fromkeys(CREWS, 0)
        self.promised: dict[str, dict[str, dict]] = {name: {} for name in CREWS}
        self.backups: list[tuple[str, Ledger, int]] = []
        self.made = self.epochs = self.floors = 0
        self.rules: list[str] = []
        self.looks = 0
        self.completed: set[str] = set()
        self.copies: set[str] = set()
        self.rolled_back = False
        self.moved: dict[str, set[str]] = {}  # epoch that a restore ended → what had left its partition in it
        self.written: set[str] = set()
        self.who = {name: crew[0] for name, (_part, crew) in CREWS.items()}
        self.old = False
        self.held = {p.id: {(p.branch, p.role)} for p in CAST}
        self.evictions = dict.fromkeys(CREWS, 0)
        self.cursors: dict[tuple[str, str], tuple] = {}
        self.tick(0)

    def tick(self, ms: int = STEP_MS) -> None:
        """Time goes on."""
        self.host.now_ms += ms
        self.tablets.now = self.host.now_ms

    # ---- tabs

    def flow(self, tab: str, name: str, plan: list = (), **args: object) -> Flow:
        """Run something in a tab to its end."""
        return self.net.drive(self.tablets.begin(tab, name, **args), plan)

    def must(self, tab: str, name: str, **args: object) -> object:
        """The value of a flow that has no reason to fail."""
        flow = self.flow(tab, name, **args)
        if flow.state != "done":
            raise AssertionError(f"{name} in {tab}: {flow.state} {flow.value}")
        return flow.value

    def ensure(self, tab: str) -> str:
        """Open a tab that is not open; `a`, `b`, `c` are the first tabs, `a2` … second ones."""
        if tab not in self.tabs:
            self.open(tab)
            self.unlock(tab)
        return tab

    def open(self, tab: str, plan: list = ()) -> Flow:
        """Open the app in a tab."""
        tablet = tab[0]
        names = dict(zip(("journal", "cache"), bases(tablet), strict=True))
        flow = self.flow(tab, "open", plan, tablet=tablet, skew=self.skew[tablet], names=names)
        if flow.state == "failed":
            raise AssertionError(f"open {tab}: {flow.value}")
        if flow.state == "done":
            self.tabs[tab] = tablet
        return flow

    def unlock(self, tab: str) -> None:
        """Whoever was at work last types the password again."""
        if tab in self.tabs:
            self.login(tab, self.who[tab[0]])

    def close(self, tab: str) -> None:
        """Close a tab in good order."""
        self.must(tab, "close")
        self.kill(tab)

    def kill(self, tab: str) -> None:
        """End a tab wherever it is."""
        self.tablets.command("kill", tab=tab)
        self.tabs.pop(tab, None)
        self.net.adopt()

    def login(self, tab: str, person: object, plan: list = ()) -> Flow:
        """Somebody logs in; the network may be in the way."""
        flow = self.flow(tab, "login", plan, username=person.username, password=person.password)
        if flow.state == "failed" and not flow.value["code"]:
            raise AssertionError(f"login in {tab}: {flow.value}")
        if flow.state == "done":
            self.who[tab[0]] = person
        return self.ended(tab, flow)

    def act(self, tab: str, dice: int, together: str | None = None) -> Flow:
        """Somebody does something, or what others do at the same time; what was promised is kept."""
        return self.kept(tab, self.flow(tab, "act", dice=dice, together=together))

    def sync(self, tab: str, plan: list = ()) -> Flow:
        """A sync cycle; it fails only as the network does."""
        flow = self.flow(tab, "sync", plan)
        if flow.state == "failed":
            raise AssertionError(f"sync in {tab}: {flow.value}")
        return self.ended(tab, flow)

    def finish_acts(self, tab: str, acts: list[Flow]) -> None:
        """Keep what acts promised that ran beside a cycle."""
        for flow in acts:
            self.kept(tab, self.net.drive(flow))

    def kept(self, tab: str, flow: Flow) -> Flow:
        """What an act promised."""
        if flow.state == "failed" and flow.value["code"] not in LOCKED:
            raise AssertionError(f"act in {tab}: {flow.value}")
        if flow.state == "done" and flow.value and "id" in flow.value:
            self.promised[tab[0]][flow.value["id"]] = flow.value
        return self.ended(tab, flow)

    def sync_without_room(self, tab: str) -> None:
        """A cycle on a full disk may fail in its own way, and lose nothing."""
        flow = self.flow(tab, "sync")
        if flow.state == "failed" and flow.value["name"] != "QuotaExceededError":
            raise AssertionError(f"sync without room in {tab}: {flow.value}")
        INJECTED["no room"] += 1

    def living(self) -> set[str]:
        """Tabs that run."""
        return set(self.tabs) - self.tablets.gone

    def again(self, tab: str) -> None:
        """A tab that died is opened again; one that did not dies now."""
        INJECTED["tab died"] += 1
        self.kill(tab)
        self.ensure(tab)

    def evict(self, tablet: str) -> None:
        """The browser throws the cache away, whoever uses it."""
        INJECTED["cache evicted"] += 1
        self.evictions[tablet] += 1
        self.tablets.command("evict", name=f"{tablet}-cache")

    def set_skew(self, tablet: str, ms: int) -> None:
        """The tablet's clock goes wrong by so much."""
        self.skew[tablet] = ms
        for tab in [tab for tab in self.tabs if tab[0] == tablet]:
            self.tablets.command("skew", tab=tab, skew=ms)

    def race(self, tabs: list[str], at: int) -> None:
        """Cycles of two tabs; their first requests are served at the same time."""
        flows = [self.tablets.begin(tab, "sync") for tab in tabs]
        waiting = [[f for f in self.tablets.fetches.values() if f["tab"] == tab] for tab in tabs]
        pushes = [next((f for f in found if f["path"].endswith("/push")), None) for found in waiting]
        pulls = [next((f for f in found if f["path"].endswith("/pull")), None) for found in waiting]
        first, second = pushes[0] or pulls[0], pushes[1] or pulls[1]
        if first and second:
            self.net.race(first, second, at)
        for tab, flow in zip(tabs, flows, strict=True):
            self.ended(tab, self.net.drive(flow))

    def publish(self, number: int) -> None:
        """Head office sets a rule of the group."""
        if not self.rules:
            doc = {"id": fixed_id(1, 0x78), "code": "complaint.return_hours", "value": 12}
            self.rules.append(self.head_office("rule.add", doc)["status"])
        change = {"id": fixed_id(1, 0x78), "set": {"value": 1 + number % 48}}
        self.head_office("rule.set", change)

    def ended(self, tab: str, flow: Flow) -> Flow:
        """Take note when the tab died of it."""
        if flow.state == "dead":
            self.tabs.pop(tab, None)
        return flow

    def drain(self) -> None:
        """Let everything that is under way come to its end."""
        for number in sorted(self.tablets.flows):
            flow = self.tablets.flows.get(number)
            if flow:
                self.ended(flow.tab, self.net.drive(flow))

    # ---- the server's side

    def head_office(self, kind: str, body: dict, **more: object) -> dict:
        """An op of head office, decided at once."""
        INJECTED[kind] += 1
        self.made += 1
        op = {"id": fixed_id(self.made, 0x77), "kind": kind, "v": 1, "part": "GRP", "body": body}
        actor = people.actor(people.staff(CAST.adm.id), "GRP")
        op |= {"at": self.now, "base": {}, **more}
        return door.submit([op], actor, self.now)[0]

    @property
    def now(self) -> str:
        """The server's time."""
        return clock.now()

    def raise_floor(self, part: str) -> None:
        """What ended is forgotten, as half a year later; so is what may have ended up to the head."""
        with db.write_transaction():
            feed.lock([part])
            feed.collect_tombstones(part, "9999")
            FeedHead.update(floor=FeedHead.head).where(FeedHead.part == part).execute()

    def move(self, number: int) -> None:
        """A vehicle goes to the other branch with its whole file."""
        vehicles = list(Vehicle.select().order_by(Vehicle.id))
        row = vehicles[number % len(vehicles)]
        target = "SZ02" if row.part == SZ01 else "SZ01"
        actor = {**people.actor(people.staff(CAST.adm.id), row.part), "roles": ["admin"]}
        body = {"id": row.id, "to": target, "reason": "客户搬家"}
        self.made += 1
        op = {"id": fixed_id(self.made, 0x79), "kind": "vehicle.move", "v": 1, "part": row.part, "body": body}
        INJECTED["vehicle moved"] += (
            door.submit([{**op, "at": self.now}], actor, self.now)[0]["status"] == "applied"
        )

    def settle_parked(self, which: int, discards: bool, office: bool) -> None:
        """A refused op is run again as it is, or discarded."""
        rows = list(Op.select().where((Op.status == "parked") & Op.device.is_null(False)).order_by(Op.id))
        rows = [row for row in rows if row.author_id in PEOPLE]
        if not rows:
            return
        row = rows[which % len(rows)]
        session = self.net.log_in(CAST.adm if office else PEOPLE[row.author_id])
        path = f"/api/v1/sync/parked/{row.part}/{row.id}/{'discard' if discards else 'rerun'}"
        answer = self.net.ask(path, {"reason": "重复"} if discards else {}, session, bare=True)
        require(4, answer.status == 200, f"{row.id} cannot be settled: {answer.body.decode()}")
        results = json.loads(answer.body)["results"]
        self.net.ledger.settled(row.part, results)
        self.net.answered |= {result["id"]: result for result in results}
        INJECTED["parked discarded" if discards else "parked rerun"] += 1

    def keep_copy(self, tablet: str) -> None:
        """Copy a tablet's databases, as a backup of the whole device would."""
        if tablet not in self.tabs or self.must(tablet, "look")["pending"]:
            return
        self.tablets.command("copy", **{"from": bases(tablet), "to": [f"old:{b}" for b in bases(tablet)]})
        self.copies.add(tablet)

    def roll_back(self, tablet: str) -> bool:
        """Put the older copy in its place, if nothing that was saved is on the tablet alone."""
        looks = self.tabs.get(tablet) and self.must(tablet, "look")
        if tablet not in self.copies or not looks or looks["pending"] or looks["blobs"]:
            return False
        known = {op_id for _part, op_id in self.net.ledger.results}
        if not known.issuperset(self.promised[tablet]):
            return False  # the server was set back and the tablet has not heard of it yet
        self.rolled_back = True
        for tab in [tab for tab in self.tabs if tab[0] == tablet]:
            self.kill(tab)
        self.tablets.command("copy", **{"from": [f"old:{b}" for b in bases(tablet)], "to": bases(tablet)})
        self.evictions[tablet] += 1
        INJECTED["tablet rolled back"] += 1
        return True

    def files(self, tab: str, plan: list = ()) -> Flow:
        """The queue of files runs once; it fails only as the network does."""
        flow = self.flow(tab, "files", plan)
        if flow.state == "failed":
            raise AssertionError(f"files in {tab}: {flow.value}")
        return self.ended(tab, flow)

    def whole(self) -> set[str]:
        """Files that were ever complete, as `part hash`; a restore may have lost them since."""
        rows = Blob.select(Blob.part, Blob.sha256).where(Blob.state == COMPLETE)
        self.completed |= {f"{row.part} {row.sha256}" for row in rows}
        return self.completed

    def work(self) -> None:
        """The worker's round of a minute; every step of it ends well."""
        # another worker looks at the same time
        twice = [(part, self.tasks_missing(part)) for part in (SZ01, SZ01, SZ02)]
        done = tasks.run_all(self.host.config, self.now)
        assert set(done) == STEPS, done
        for part, missing in twice:
            if missing:
                self.made += 1
                op = {
                    "id": fixed_id(self.made, 0x7A),
                    "kind": "task.generate",
                    "v": 1,
                    "part": part,
                    "at": self.now,
                }
                door.submit([{**op, "body": {"tasks": missing}}], people.SYSTEM, self.now)

    def tasks_missing(self, part: str) -> list[dict]:
        """What the generator of a branch would make now."""
        branch = next(row for row in reference.docs("branch") if row["code"] == people.branch_of(part))
        return plan_tasks.missing_tasks(part, branch, self.now)

    def set_posts(self, person: object, posts: list[dict]) -> None:
        """Head office gives somebody other posts."""
        result = self.head_office("staff.set", {"id": person.id, "set": {"posts": posts}})
        require(12, result["status"] != "parked", f"posts: {result}")
        self.net.ledger.posts[person.id] = posts
        self.held[person.id] |= {(post["branch"], post["role"]) for post in posts}

    def back_up(self) -> None:
        """Copy the database as it is."""
        self.backups.append((self.host.back_up(), self.net.ledger.copy(), self.host.now_ms))

    def restore(self, which: int) -> None:
        """Go back to a copy; sequence numbers of the new epoch may begin lower."""
        self.whole()
        name, ledger, made_at = self.backups[which % len(self.backups)]
        if self.host.now_ms - made_at > KEPT_MS or self.rolled_back:
            return  # tablets keep what was acknowledged for 30 days; nothing survives both being set back
        INJECTED["restore"] += 1
        self.moved[state.epoch()] = histories.moved()
        self.host.restore(name)
        self.net.ledger = ledger.copy()
        self.epochs += 1

    def crew(self, tablet: str) -> list:
        """Who may log in at a tablet now: those with a post in its branch."""
        part, people_here = CREWS[tablet]
        able = [p for p in people_here if part in self.net.ledger.scope(p.id)]
        return able or [p for p in CAST if part in self.net.ledger.scope(p.id)] or people_here


def bases(tablet: str) -> list[str]:
    """The names of a tablet's two databases."""
    return [f"{tablet}-journal", f"{tablet}-cache"]


def text_of(value: object) -> str:
    """A value as JSON, for messages."""
    return json.dumps(value, ensure_ascii=False)[:2000]
