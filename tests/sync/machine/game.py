"""One schedule under way: tablets with their crews, the server, the network, and what was promised."""

import json

from backend import clock
from backend.jobs import tasks
from backend.sync import door, people
from tests.cast import SZ01, SZ02, Cast, fixed_id
from tests.sync.machine.host import Host
from tests.sync.machine.ledger import Ledger, require
from tests.sync.machine.net import INJECTED, Net
from tests.sync.machine.tablets import Flow, Tablets

CAST = Cast()
DAY_MS = 86_400_000
STEPS = {"tasks", "overdue", "tombstones", "snapshots", "blobs"}
LOCKED = ("auth.required", "app.locked", "app.no_branch")
STEP_MS = 61_000
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
        self.backups: list[tuple[str, Ledger]] = []
        self.made = self.epochs = self.floors = 0
        self.rules: list[str] = []
        self.looks = 0
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

    def act(self, tab: str, dice: int) -> Flow:
        """Somebody does something; what was promised is kept."""
        return self.kept(tab, self.flow(tab, "act", dice=dice))

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
        if flow.state == "failed" and flow.value["name"] not in ("QuotaExceededError", "AbortError"):
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

    def work(self) -> None:
        """The worker's round of a minute; every step of it ends well."""
        done = tasks.run_all(self.host.config, self.now)
        assert set(done) == STEPS, done

    def set_posts(self, person: object, posts: list[dict]) -> None:
        """Head office gives somebody other posts."""
        result = self.head_office("staff.set", {"id": person.id, "set": {"posts": posts}})
        require(12, result["status"] != "parked", f"posts: {result}")
        self.net.ledger.posts[person.id] = posts
        self.held[person.id] |= {(post["branch"], post["role"]) for post in posts}

    def back_up(self) -> None:
        """Copy the database as it is."""
        self.backups.append((self.host.back_up(), self.net.ledger.copy()))

    def restore(self, which: int) -> None:
        """Go back to a copy; sequence numbers of the new epoch may begin lower."""
        name, ledger = self.backups[which % len(self.backups)]
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
