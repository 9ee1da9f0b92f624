"""The network between tablets and server: it loses, repeats, delays, cuts and forges, as a plan says."""

import base64
import json
from collections import Counter

from tests.cast import fixed_id
from tests.sync.machine.host import Answer, Host
from tests.sync.machine.ledger import Ledger
from tests.sync.machine.tablets import Flow, Tablets

PORTAL = Answer(200, "text/html", "<html>请登录 WiFi</html>".encode())
BAD_GATEWAY = Answer(502, "text/html", b"<html>502</html>")
JSON = {"Content-Type": "application/json"}
BUSY = Answer(503, "text/html", b"<html>503</html>")
SCHEMA = {"status": 200, "headers": {"Content-Type": "application/json"}, "schema": True}
FORGED = {"portal": PORTAL, "502": BAD_GATEWAY, "503": BUSY}
FAULTS = (
    "fine",
    "lost",
    "late",
    "unheard",
    "twice",
    "again",
    "cut",
    *FORGED,
    "killed",
    "locked",
    "newest",
    "together",
)
MOST_ROUNDS = 400
LATE_KEPT = 8
INJECTED: Counter = Counter()


class Net:
    """Serves what tabs ask for; `late` holds requests that will arrive later, or once more."""

    def __init__(self, host: Host, tablets: Tablets, ledger: Ledger) -> None:
        self.host, self.tablets, self.ledger = host, tablets, ledger
        self.late: list[dict] = []
        self.people: dict[str, str] = {}
        self.resets: Counter = Counter()
        self.answered: dict[str, dict] = {}  # op id → the last result that any server gave
        self.down = False

    def drive(self, flow: Flow, plan: list[tuple[str, int]] = ()) -> Flow:
        """Serve requests, each with the next fault of the plan, until the flow has ended."""
        faults = list(plan)
        for _ in range(MOST_ROUNDS):
            if flow.state != "running":
                self.adopt()
                return flow
            if not self.tablets.fetches:
                self.tablets.command("step")
                if flow.state == "running" and not self.tablets.fetches:
                    raise AssertionError(f"nothing moves, and a flow of {flow.tab} is not over")
                continue
            self.serve_one(*(faults.pop(0) if faults else ("fine", 0)))
        asked = [(fetch["path"], (fetch["body"] or "")[:300]) for fetch in self.tablets.fetches.values()]
        raise AssertionError(f"a flow of {flow.tab} asks for ever: {asked}")

    def adopt(self) -> None:
        """Requests of tabs that died are on their way and will arrive."""
        self.late = (self.late + self.tablets.orphans)[-LATE_KEPT:]
        self.tablets.orphans = []

    def serve_one(self, kind: str, k: int) -> None:
        """Serve one waiting request (the oldest, or as the fault says) and let the answer arrive."""
        INJECTED[kind] += 1
        waiting = sorted(self.tablets.fetches)
        chosen = waiting if kind == "together" else [waiting[-1 if kind == "newest" else 0]]
        self.tablets.answer([{"id": n, **self._fate(self.tablets.fetches[n], kind, k)} for n in chosen])

    def _fate(self, fetch: dict, kind: str, k: int) -> dict:
        if fetch["path"] == "/schema.json":
            return {"error": "lost"} if self.down else SCHEMA
        if self.down or kind == "lost":
            return {"error": "lost"}
        if kind == "late":
            self.late = [*self.late, fetch][-LATE_KEPT:]
            return {"error": "lost"}
        if kind in FORGED:
            return told(FORGED[kind])
        answer = self.served(fetch, kind, k)
        if answer is None or kind == "unheard":
            return {"error": "answer lost"}
        if kind == "cut":
            return told(
                Answer(answer.status, answer.kind, answer.body[: k * len(answer.body) // 401], answer.headers)
            )
        return told(answer)

    def served(self, fetch: dict, kind: str = "fine", k: int = 0) -> Answer | None:
        """The server's answer to a request; None when the server died of it."""
        if kind == "twice":
            self.served(fetch)
        if kind == "again":
            self.late = [*self.late, fetch][-LATE_KEPT:]
        asked = request(fetch)
        if kind == "killed":
            answer = self.host.call_and_die(self.host.statement(fetch["path"], k), *asked)
        elif kind == "locked":
            answer = self.host.call_and_fail(self.host.statement(fetch["path"], k), *asked)
        else:
            answer = self.host.call(*asked)
        if answer:
            self.note(fetch, answer)
        return answer

    def note(self, fetch: dict, answer: Answer) -> None:
        """Hold an answer against what was promised."""
        if answer.status == 500:
            raise AssertionError(f"500 for {fetch['method']} {fetch['path']}")
        if answer.status != 200 or not answer.kind.startswith("application/json"):
            return
        path, data = fetch["path"], json.loads(answer.body)
        token = (fetch["headers"].get("Authorization") or "").removeprefix("Bearer ")
        if path.endswith("/login"):
            self.people[data["token"]] = data["user"]["id"]
        elif path.endswith("/push"):
            asked = json.loads(fetch["body"])
            self.ledger.pushed(asked["device"], asked["ops"], data, self.people[token])
            self.answered |= {result["id"]: result for result in data["results"]}
        elif path.endswith("/pull"):
            self.ledger.pulled(self.people[token], data)
            for part, page in data["parts"].items():
                self.resets[part] += page["reset"] is not None

    def log_in(self, person: object, block: int = 0x99) -> dict:
        """A session for somebody at a desk, on a device of their own."""
        device = fixed_id(person.number, block)
        said = {
            "username": person.username,
            "password": person.password,
            "device": {"id": device, "name": "对账"},
        }
        answer = self.host.call("POST", "/api/v1/auth/login", JSON, json.dumps(said).encode())
        return {"device": device, "token": json.loads(answer.body)["token"]}

    def post(self, path: str, message: dict, session: dict, bare: bool = False) -> dict:
        """A sync message of a session, or a `bare` one, past the network; what its answer says."""
        return self._data(self.ask(path, message, session, bare))

    def ask(self, path: str, message: dict, session: dict, bare: bool = False) -> Answer:
        """The answer to a message past the network, whatever it is."""
        whole = message if bare else {"proto": 1, "device": session["device"], **message}
        head = {**JSON, "Authorization": f"Bearer {session['token']}"}
        return self.host.call("POST", path, head, json.dumps(whole).encode())

    def get(self, path: str, session: dict) -> list | dict:
        """What a session reads, past the network."""
        return self._data(self.host.call("GET", path, {"Authorization": f"Bearer {session['token']}"}, b""))

    @staticmethod
    def _data(answer: Answer) -> list | dict:
        assert answer.status == 200, answer.body.decode()
        return json.loads(answer.body)

    def deliver_late(self, at: int) -> None:
        """A delayed or repeated request arrives; nobody waits for the answer."""
        if self.late and not self.down:
            INJECTED["late arrival"] += 1
            self.served(self.late.pop(at % len(self.late)))

    def race(self, first: dict, second: dict, at: int) -> None:
        """Two waiting requests are served at the same time."""
        INJECTED["race"] += 1
        one, two = self.host.call_during(at, request(first), request(second))
        order = [(second, two), (first, one)] if "push" in first["path"] else [(first, one), (second, two)]
        for fetch, answer in order:
            self.note(fetch, answer)
        self.tablets.answer([{"id": f["id"], **told(a)} for f, a in order])


def request(fetch: dict) -> tuple[str, str, dict, bytes]:
    """A tab's request as the server takes it."""
    body = fetch["body"] or ""
    data = body.encode() if isinstance(body, str) else base64.b64decode(body["base64"])
    return fetch["method"], fetch["path"], fetch["headers"], data


def told(answer: Answer) -> dict:
    """An answer as it goes to a tab."""
    uploads = {name: value for name, value in answer.headers.items() if name.startswith("Upload-")}
    head = {"status": answer.status, "headers": {"Content-Type": answer.kind, **uploads}}
    try:
        return {**head, "text": answer.body.decode()}
    except UnicodeDecodeError:
        return {**head, "base64": base64.b64encode(answer.body).decode()}
