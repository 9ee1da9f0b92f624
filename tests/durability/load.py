"""Tablets of plain Python that push without pause and follow the protocol, whatever happens to the server.

Each numbers its ops, sends a batch again until it has an answer, and keeps every answer it was given; what
was answered differently the second time, or is asked for again, is noted as a violation.
"""

import http.client
import json
import random
import threading
from dataclasses import dataclass, field

from backend.domain.canonical import op_hash
from tests.cast import SZ01, Person, customer, fixed_id

ANSWER_S = 20
PAUSE_S = 0.05
AT = "2026-03-02T02:00:00.000Z"


@dataclass
class Answers:
    """What a tablet was told: results by op id, and every breach of the protocol."""

    results: dict[str, dict] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)
    resends: int = 0


class Pusher(threading.Thread):
    """One tablet of one person; it asks the ports in turn. `stop` ends it when all it made is answered."""

    def __init__(self, number: int, person: Person, ports: list[int], part: str = SZ01) -> None:
        super().__init__(daemon=True)
        self.number, self.person, self.ports, self.part = number, person, ports, part
        self.device = fixed_id(number, 0xD00)
        self.chance = random.Random(number)
        self.told = Answers()
        self.n = self.asked = 0
        self.token = self.epoch = ""
        self.ending = threading.Event()
        self.given_up = threading.Event()

    def stop(self, wait_s: float = 120) -> Answers:
        """Make nothing new, wait until everything has its answer, and return the answers."""
        self.ending.set()
        self.join(wait_s)
        if self.is_alive():
            self.given_up.set()
            self.told.violations.append(f"tablet {self.number}: no answer within {wait_s} s")
        return self.told

    def run(self) -> None:
        while not self.ending.is_set():
            batch = [self._op() for _ in range(self.chance.randint(1, 4))]
            again = bool(self.told.results) and self.chance.random() < 0.1
            self._push(batch)
            if again:
                self._push(batch)

    def _op(self) -> dict:
        self.n += 1
        mine = 10_000 * self.number + self.n
        op = {"n": self.n, "id": fixed_id(mine, 0xE00), "kind": "customer.add", "v": 1, "part": self.part}
        op |= {"body": customer(mine, id=fixed_id(mine, 0xE01)), "at": AT}
        if self.n % 5 == 0:
            op |= {"kind": "customer.set", "base": {"note": None}}
            op["body"] = {"id": fixed_id(mine - 1, 0xE01), "set": {"note": f"第 {self.n} 次"}}
        return {**op, "h": op_hash(op)}

    def _push(self, batch: list[dict]) -> None:
        first = True
        while not self.given_up.is_set():
            message = {"proto": 1, "device": self.device, "epoch": self.epoch or None, "pending": len(batch)}
            status, answer = self._ask("/sync/push", {**message, "ops": batch})
            self.told.resends += not first
            first = False
            if status == 200:
                self._keep(batch, answer["results"])
                return
            if status == 401:
                self._log_in()
            elif status in (0, 503):
                self.given_up.wait(PAUSE_S)
            else:
                self.told.violations.append(f"tablet {self.number}: {status} {answer.get('code')}")
                return

    def _keep(self, batch: list[dict], results: list[dict]) -> None:
        if [result["id"] for result in results] != [op["id"] for op in batch]:
            self.told.violations.append(f"tablet {self.number}: answers to other ops than were sent")
        for result in results:
            if self.told.results.setdefault(result["id"], result) != result:
                self.told.violations.append(f"op {result['id']}: another answer the second time")

    def _log_in(self) -> None:
        device = {"id": self.device, "name": f"平板 {self.number}"}
        said = {"username": self.person.username, "password": self.person.password, "device": device}
        status, answer = self._ask("/auth/login", said)
        if status == 200:
            self.token, self.epoch = answer["token"], answer["epoch"]
        else:
            self.given_up.wait(PAUSE_S)

    def _ask(self, path: str, body: dict) -> tuple[int, dict]:
        """Status and answer; status 0 where none came."""
        port = self.ports[self.asked % len(self.ports)]
        self.asked += 1
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_S)
        try:
            connection.request("POST", f"/api/v1{path}", json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError):
            return 0, {}
        finally:
            connection.close()


def verify(told: list[Answers], rows: dict[str, str], records: int) -> list[str]:
    """What is wrong between the answers and the server's op log `{op id: result text}` and its records."""
    said = [line for answers in told for line in answers.violations]
    promised = {op_id: result for answers in told for op_id, result in answers.results.items()}
    for op_id, result in promised.items():
        kept = rows.get(op_id)
        if kept is None:
            said.append(f"op {op_id} was acknowledged and is lost")
        elif {"n": result["n"], **json.loads(kept)} != result:
            said.append(f"op {op_id}: its stored result is not the one that was answered")
    said += [
        f"op {op_id}: {r['status']} {r.get('code')}"
        for op_id, r in promised.items()
        if r["status"] != "applied"
    ]
    extra = len(rows) - len(promised)
    added = sum(1 for result in promised.values() if result["n"] % 5)
    if extra or records != added:
        said.append(f"{extra} ops more than were answered; {records} records for {added} adds")
    return said
