"""Bugs that somebody might make, each a changed line of server or client: the machine must find them all.

They are put in while the tests run: the server's function is compiled anew, the client's module changed as it
is loaded (`mutate.mjs`). A line that is not there any more fails the test, so the list stays true.
"""

import importlib
import inspect
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CLIENT_FILES = Path(__file__).parents[3] / "frontend" / "src"


@dataclass(frozen=True)
class Bug:
    """`place` is `package.module:function` of the server, or the end of a client module's path."""

    name: str
    place: str
    before: str
    after: str
    kind: str = "sqlite"

    @property
    def client(self) -> dict | None:
        """What `mutate.mjs` is told, for a bug of the client."""
        own = {"file": self.place, "from": self.before, "to": self.after}
        return own if self.place.endswith(".js") else None


def source_of(bug: Bug) -> str:
    """The text of the function or module that a bug changes."""
    if bug.client:
        (path,) = [path for path in CLIENT_FILES.rglob("*.js") if path.as_posix().endswith(bug.place)]
        return path.read_text("utf-8")
    module, _, name = bug.place.partition(":")
    return textwrap.dedent(inspect.getsource(getattr(importlib.import_module(module), name)))


@contextmanager
def seeded(bug: Bug) -> Iterator[None]:
    """The server with the bug in it; a bug of the client goes into the tablets' process instead."""
    if bug.client:
        yield
        return
    module_name, _, name = bug.place.partition(":")
    module = importlib.import_module(module_name)
    real, spoilt = getattr(module, name), dict(vars(module))
    exec(compile(source_of(bug).replace(bug.before, bug.after), module.__file__, "exec"), spoilt)
    sound, real.__code__ = real.__code__, spoilt[name].__code__  # in place: others have imported it by name
    try:
        yield
    finally:
        real.__code__ = sound


SERVER = [
    Bug(
        "acknowledged before it is committed",
        "backend.sync.push:push",
        "        answers = [",
        "        db.database.rollback()\n        answers = [",
    ),
    Bug(
        "the device's number is committed before its ops",
        "backend.sync.push:push",
        "        results = door.run(entries, now)\n",
        '        device.last_n += len(message["ops"])\n        device.save()\n        db.database.commit()\n'
        '        db.database.begin("IMMEDIATE")\n        results = door.run(entries, now)\n',
    ),
    Bug(
        "the number of the last op stays where it was",
        "backend.sync.push:push",
        'last_n = max([device.last_n, *(op["n"] for op in message["ops"])])',
        "last_n = device.last_n",
    ),
    Bug(
        "a gap in the numbers is let through",
        "backend.sync.push:_in_order",
        'if op["n"] > expect:',
        "if False:",
    ),
    Bug(
        "an op is known by its number alone",
        "backend.sync.push:_earlier",
        "if known is None or known.hash != digest:",
        "if known is None:",
    ),
    Bug(
        "an op is known under its own number only",
        "backend.sync.door:_settle",
        "if stored and stored[0] == entry.hash:",
        "if stored and entry.n is None:",
    ),
    Bug(
        "an op runs before the one it depends on",
        "backend.sync.door:_unmet_dependency",
        'return "op.dep"\n',
        "continue\n",
    ),
    Bug(
        "a parked payload is written anew",
        "backend.sync.door:_log_ops",
        '"hash": e.hash, "text": e.text}',
        '"hash": e.hash, "text": e.text if e.result["status"] != PARKED else e.text.replace(",", ", ")}',
    ),
    Bug(
        "refused work is not shown to its author",
        "backend.sync.parked:_visible",
        '(Op.author_id == person["id"])',
        '(Op.author_id == person["name"])',
    ),
    Bug(
        "a page ends at the head",
        "backend.sync.pull:_part",
        "to = rows[-1][0] if more else",
        "to = head if more else",
    ),
    Bug(
        "the row right after the cursor is skipped",
        "backend.sync.pull:_rows",
        "seq > ? ORDER",
        "seq > ? + 1 ORDER",
    ),
    Bug(
        "a pull does not look at the scope",
        "backend.sync.pull:pull",
        "for part in scope if part in cursors]",
        "for part in cursors]",
    ),
    Bug(
        "a push does not look at the scope",
        "backend.sync.push:_entry",
        "if not refusal and not may_write:",
        "if False:",
    ),
    Bug(
        "the epoch of a cursor is not looked at",
        "backend.sync.pull:_reset",
        "if cursor[0] != epoch or cursor[1] > head:",
        "if cursor[1] > head:",
    ),
    Bug(
        "the floor is not looked at",
        "backend.sync.pull:_reset",
        'return "floor" if',
        "return None if",
    ),
    Bug(
        "tombstones are dropped",
        "backend.sync.feed:append",
        "    rows = list(latest.values())\n",
        '    rows = [row for row in latest.values() if row["doc"]]\n',
    ),
    Bug(
        "the checksum forgets what a row was before",
        "backend.sync.feed:append",
        "total = (before - _old_sum(part, rows) + added)",
        "total = (before + added)",
    ),
    Bug(
        "a merge keeps the older value",
        "backend.domain.merge:merge_set",
        "        doc[name] = mine\n",
        "        doc[name] = theirs if moved else mine\n",
    ),
    Bug(
        "what lost in a merge is not kept",
        "backend.domain.losers:losers",
        "for found in conflicts",
        "for found in conflicts[1:]",
    ),
    Bug(
        "an edit by a slow clock does not count",
        "backend.domain.decide_generic:change_fields",
        '    if not result["changed"]:\n',
        '    if not result["changed"] or case.op["at"] < case.now[:10]:\n',
    ),
    Bug(
        "a step does not look at the state",
        "backend.domain.decide_complaint:_step",
        'if complaint["state"] != row["from"]:',
        'if complaint["state"] == "closed":',
    ),
    Bug(
        "a task is made by everyone who looks",
        "backend.domain.plans:_task",
        'content_id(source["part"], "task", node["code"], source["id"])',
        '__import__("uuid").uuid4().__str__()',
    ),
    Bug(
        "writers of a branch do not wait for each other",
        "backend.sync.feed:lock",
        "    if db.is_sqlite():\n",
        "    if parts:\n",
        kind="postgresql",
    ),
]

CLIENT = [
    Bug(
        "saved before it is on the disk",
        "/sync/saving.js",
        "await journal.append(entry, sealed).catch(noRoom);",
        "journal.append(entry, sealed).catch(() => {});",
    ),
    Bug(
        "the cursor is written before the rows",
        "/store/cache.js",
        "if (page) await pages.put(page);",
        'if (page) setTimeout(() => db.run([PAGES], "readwrite", (t) => t.objectStore(PAGES).put(page)));',
    ),
    Bug(
        "the queue is dropped after a fork",
        "/store/results.js",
        'await ops.put({ ...row, device: id, n, state: "waiting" });',
        "await ops.delete(row.k);",
    ),
    Bug(
        "ops are sent again under new ids",
        "/sync/push.js",
        "return { n, ...op, h,",
        "return { n, ...op, id: n % 3 ? op.id : crypto.getRandomValues(new Uint32Array(4)).join(), h,",
    ),
    Bug(
        "the newest op is sent first",
        "/sync/push.js",
        "[...asked, ...waiting].sort((a, b) => a.n - b.n),",
        "[...asked, ...waiting].sort((a, b) => b.n - a.n),",
    ),
    Bug(
        "own work is let go before it is pulled",
        "/store/results.js",
        "cursors[part] >= seq;",
        "cursors[part] >= -1;",
    ),
    Bug(
        "refused work looks done",
        "/store/results.js",
        'if (result.status === "parked") return "parked";',
        'if (result.status === "parked") return "done";',
    ),
    Bug(
        "what a restore lost is not sent again",
        "/sync/push.js",
        "if (!(await resend(ctx.journal))) await fork",
        "if (!known) await fork",
    ),
    Bug(
        "answered ops are forgotten at once",
        "/store/results.js",
        "if (row.acked_at < before)",
        "if (row.acked_at)",
    ),
    Bug(
        "a reset is not noted",
        "/sync/pull.js",
        "await ctx.cache.note(part, { stale: true });",
        "",
    ),
    Bug(
        "a lost branch stays in the cache",
        "/sync/cycle.js",
        "for (const { part } of lost) await ctx.cache.dropPart(part);",
        "",
    ),
    Bug(
        "nothing is ever pending",
        "/store/journal.js",
        'pending: await ops.count("waiting"),',
        'pending: 0 * (await ops.count("waiting")),',
    ),
    Bug(
        "bytes go before the server has verified them",
        "/sync/blobs.js",
        "      note(row, offset);\n",
        "      note(row, offset);\n      if (offset) await letFileGo(journal, row);\n",
    ),
    Bug(
        "an evicted cache lives on in the page",
        "/store/part.js",
        "const anew = cursor?.life !== this.cursor?.life;",
        "const anew = !this.cursor || cursor?.epoch !== this.cursor.epoch;",
    ),
    Bug(
        "a branch that went stays on the screen",
        "/sync/keys.js",
        "if (kept && !shows) await reload();",
        "",
    ),
    Bug(
        "who is new after a fork is shut out",
        "/store/keyring.js",
        "...(older[part] ?? []), ",
        "",
    ),
]
BUGS = {bug.name: bug for bug in (*SERVER, *CLIENT)}
