"""A tablet in a few lines of Python: numbers its ops, pushes them, follows the feed with cursors."""

import hashlib
import hmac
import json

from backend.domain.canonical import op_hash
from tests.cast import fixed_id

AT = "2026-03-02T02:00:00.000Z"


class Tablet:
    """One person's tablet over the test client; `rows` is what it holds after `pull`."""

    def __init__(self, signed_in, part: str = "B:SZ01") -> None:
        self.web = signed_in
        self.part = part
        self.n = 0
        self.made = 0
        self.epoch = signed_in.login["epoch"]
        self.cursors: dict[str, list] = {}
        self.rows: dict[tuple[str, str, str], tuple[int, object]] = {}

    def op(self, kind: str, body: dict, **more: object) -> dict:
        """The next op of this tablet; not sent yet."""
        self.n += 1
        self.made += 1
        op = {
            **{"n": self.n, "id": fixed_id(self.made, 0xA00 + self.web.person.number), "kind": kind, "v": 1},
            **{"part": self.part, "body": body, "at": AT, **more},
        }
        return op if "h" in more else {**op, "h": op_hash(op)}

    def send(self, *ops: dict, **more: object):
        """The raw answer to a push."""
        message = {
            "proto": 1,
            "device": self.web.device,
            "epoch": self.epoch,
            "pending": len(ops),
            "ops": list(ops),
        }
        text = json.dumps({**message, **more})  # in ASCII, as half a surrogate pair has no UTF-8
        return self.web.post("/sync/push", data=text, content_type="application/json")

    def push(self, *ops: dict) -> list[dict]:
        """The results of a push that is accepted."""
        answer = self.send(*ops)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()["results"]

    def do(self, kind: str, body: dict, **more: object) -> dict:
        """One op made and pushed; its result."""
        return self.push(self.op(kind, body, **more))[0]

    def pull_once(self, limit: int = 2000) -> dict:
        """One answer of the feed, applied to `rows`."""
        told = {"proto": 1, "device": self.web.device, "cursors": self.cursors, "limit": limit}
        answer = self.web.post("/sync/pull", told)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        parts = answer.get_json()["parts"]
        for part, found in parts.items():
            if found["reset"]:
                self.rows = {key: row for key, row in self.rows.items() if key[0] != part}
            for seq, kind, record_id, _ver, doc, *_file in found["rows"]:
                self.rows[part, kind, record_id] = (seq, doc)
            self.cursors[part] = [found["epoch"], found["to"]]
        return parts

    def pull(self, limit: int = 2000) -> None:
        """Follow the feed to its end."""
        while any(found["more"] for found in self.pull_once(limit).values()):
            pass

    def doc(self, kind: str, record_id: str) -> dict | None:
        """What the tablet holds of a record of its branch."""
        found = self.rows.get((self.part, kind, record_id))
        return found and found[1]

    def sign(self, op: dict) -> dict:
        """The op with its author's proof, for another person's session on the same tablet to carry."""
        session = self.web.login["session"]
        mac = hmac.new(bytes.fromhex(session["op_key"]), op["h"].encode(), hashlib.sha256).hexdigest()
        return {**op, "by": session["id"], "mac": mac}
