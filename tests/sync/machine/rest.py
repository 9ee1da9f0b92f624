"""The invariants of SYNC.md when all faults have stopped and everything has come to rest."""

import hashlib
import json

from backend.domain.canonical import canonical
from backend.models.blobs import COMPLETE, Blob
from backend.models.group import GROUP
from backend.models.sync import Feed, FeedHead, Op
from backend.storage import open_storage
from backend.sync import blobs
from tests.cast import fixed_id
from tests.sync.machine import histories
from tests.sync.machine.game import CAST, CREWS, PEOPLE, Game, text_of
from tests.sync.machine.ledger import require

ROUNDS = 8
ORPHAN = {
    **{"id": fixed_id(1, 0x7B), "kind": "customer.add", "v": 1, "dep": [fixed_id(2, 0x7B)]},
    "body": {"id": fixed_id(3, 0x7B), "name": "李四", "phones": ["13900000001"], "kind": "person"},
}


def at_rest(game: Game) -> None:
    """Let everything settle, then look at all there is."""
    from tests.sync.machine import checks

    isolated(game)
    settle(game)
    checks.server(game)
    for tablet in CREWS:
        converged(game, tablet)
    for tablet in CREWS:  # whoever comes may hand in what a restore had left without an author
        taken_over(game, tablet)
    journals = {tablet: game.must(tablet, "journal") for tablet in CREWS}
    for tablet in CREWS:
        nothing_lost(game, tablet, journals[tablet])
        in_order(tablet, journals[tablet])
    once(game, journals)
    files(game)
    parked_whole(game, journals)
    no_more_resets(game)
    histories.workflows(game)
    histories.merges()
    histories.tasks()
    nosy(game)
    resent(game, journals)


def isolated(game: Game) -> None:
    """12 isolation: after a completed pull the cache has nothing outside the scope; the journal is whole."""
    game.drain()
    for tablet in CREWS:
        tab = game.ensure(tablet)
        before = game.must(tab, "look")
        game.sync(tab)
        after = game.must(tab, "look")
        open_ops = {op[0] for op in before["ops"] if op[1] != "done"}  # the others go after 30 days
        kept = open_ops <= {op[0] for op in after["ops"]}
        require(12, kept, "the journal lost an op in a sync")
        if after["phase"] == "idle" and after["user"] and not after["expired"]:
            scope = game.net.ledger.scope(after["user"])
            held = {cursor["part"] for cursor in after["cursors"]}
            require(12, held <= set(scope), f"{tab} holds {held} with the scope {scope}")


def settle(game: Game) -> None:
    """3 terminal: within a bounded number of rounds everything has its answer."""
    from tests.sync.machine import checks

    for person in CAST:
        if game.net.ledger.posts[person.id] != person.doc()["posts"]:
            game.set_posts(person, person.doc()["posts"])
    while game.net.late:
        game.net.deliver_late(0)
    for tablet, (_part, crew) in CREWS.items():
        for tab in [tab for tab in game.tabs if tab[0] == tablet and tab != tablet]:
            game.close(tab)
        game.login(game.ensure(tablet), crew[0])
    looks = {}
    for number in range(ROUNDS):
        for tablet, (_part, crew) in CREWS.items():
            game.tick()
            looks[tablet] = game.must(tablet, "look")
            if looks[tablet]["expired"]:
                game.login(tablet, crew[0])
            game.sync(tablet)
            looks[tablet] = game.must(tablet, "look")
        still = all(look["pending"] == 0 and look["phase"] == "idle" for look in looks.values())
        if number and still:
            break
    for tablet in CREWS:
        game.files(tablet)
        hand_in_left(game, tablet)
    for tablet in CREWS:  # what the others handed in
        game.sync(tablet)
        game.files(tablet)
        looks[tablet] = game.must(tablet, "look")
    for tablet, look in looks.items():
        waiting = [op for op in look["ops"] if op[1] == "waiting"]
        require(3, not waiting and look["pending"] == 0, f"{tablet}: {text_of(waiting)} {look['message']}")
        require(3, look["phase"] == "idle", f"{tablet} is {look['phase']}: {look['message']}")
        require(
            17, look["blobs"] == [], f"{tablet} keeps {look['blobs']} with {look['refused_blobs']} refused"
        )
        require(11, look["shown"] == 0, f"{tablet}: {look['shown']} records lie over the cache at rest")
        gone = checks.vanished(game, look)
        require(11, not gone, f"{tablet}: {gone}")


def hand_in_left(game: Game, tablet: str) -> None:
    """Work and files of a branch that nobody at this tablet works in any more wait for somebody who does; ops
    go in their order, so that the people of two branches may have to take turns.
    """
    own, crew = CREWS[tablet]
    for _ in range(ROUNDS):
        look = game.must(tablet, "look")
        left = {*look["waiting_parts"], *(name.split()[0] for name in look["blobs"])} - {own, GROUP}
        for part in sorted(left):
            game.login(tablet, next(person for person in CAST if part in game.net.ledger.scope(person.id)))
            game.sync(tablet)
            game.files(tablet)
        if not left:
            return
        game.login(tablet, crew[0])
        game.sync(tablet)


def nothing_lost(game: Game, tablet: str, journal: list[dict]) -> None:
    """1 no loss, 3 terminal, 2 identical results: what the tablet knows is what the server logged."""
    logged = {row.id: row for row in Op.select().where(Op.device.is_null(False))}
    for op_id in game.promised[tablet]:
        require(1, op_id in logged, f"op {op_id} of {tablet} never reached the server")
    for entry in journal:
        row = logged.get(entry["id"])
        require(1, row, f"op {entry['id']} is not in the op log")
        require(3, entry["state"] in ("done", "parked"), f"op {entry['id']} is {entry['state']}")
        require(4, row.text == entry["text"], f"op {entry['id']} was stored as {row.text}")
        require(2, canonical(json.loads(row.result)) == entry["result"], f"op {entry['id']}: another result")


def in_order(tablet: str, journal: list[dict]) -> None:
    """5 device order: numbers without a hole, and effects in their order."""
    device = journal[0]["device"] if journal else None
    mine = sorted((entry for entry in journal if entry["device"] == device), key=lambda e: e["n"])
    numbers = [entry["n"] for entry in mine]
    require(5, len(set(numbers)) == len(numbers), f"{tablet}: {numbers}")
    received = [(e["n"], Op.get_or_none((Op.device == device) & (Op.n == e["n"]))) for e in mine]
    taken = {n: row.id for n, row in received if row}
    wrong = [e for e in mine if taken.get(e["n"], e["id"]) != e["id"]]
    require(5, not wrong, f"{tablet}: numbers stand for other ops: {text_of(wrong)}")


def converged(game: Game, tablet: str) -> None:
    """10 convergence: the cache is the server's projection, row for row; so is the checksum."""
    shown = game.must(tablet, "rows", docs=True)
    part = CREWS[tablet][0]
    require(10, set(shown) == {"GRP", part}, f"{tablet} shows {list(shown)}")
    for name, mine in shown.items():
        require(
            7,
            mine["seq"] == FeedHead.get(FeedHead.part == name).head,
            f"{tablet} {name}: at {mine['seq']} of {mine['complete']}",
        )
        query = Feed.select(Feed.seq, Feed.kind, Feed.id, Feed.ver, Feed.doc).where(Feed.part == name)
        truth = {(r[1], r[2]): [*r[:4], canonical(json.loads(r[4] or "null"))] for r in query.tuples()}
        have = {(row[1], row[2]): row for row in mine["rows"]}
        ended = {key for key, row in truth.items() if row[4] == "null"} - set(have)
        wrong = [
            (key, have.get(key), row)
            for key, row in truth.items()
            if have.get(key) != row and key not in ended
        ]
        more = [row for key, row in have.items() if key not in truth and row[4] != "null"]
        require(10, not wrong and not more, f"{tablet} {name}: {text_of(wrong[:2])} {text_of(more[:2])}")


def taken_over(game: Game, tablet: str) -> None:
    """10, 12: who comes next gets in, even for the first time and after forks, and sees the same."""
    came = game.login(tablet, game.crew(tablet)[-1])
    require(12, came.state == "done", f"nobody else gets into {tablet}: {came.value}")
    game.sync(tablet)
    if game.must(tablet, "look")["expired"]:  # the slot's session had been ended
        game.login(tablet, game.crew(tablet)[-1])
        game.sync(tablet)
    converged(game, tablet)


def files(game: Game) -> None:
    """17 blobs: what is called complete has the bytes of its name; what was promised is complete."""
    storage = open_storage(game.host.config)
    for row in Blob.select().where(Blob.state == COMPLETE):
        data = b"".join(storage.get(blobs.place(row.part, row.sha256)))
        require(17, hashlib.sha256(data).hexdigest() == row.sha256, f"{row.sha256} has other bytes")
        require(17, len(data) == row.size, f"{row.sha256} has another length")
    whole = game.whole()
    for tablet in CREWS:
        for op_id, told in game.promised[tablet].items():
            name = f"{told['part']} {told['sha256']}"
            require(17, not told["sha256"] or name in whole, f"the file of {op_id} never arrived whole")


def once(game: Game, journals: dict[str, list[dict]]) -> None:
    """2 at most once: no gesture was logged under two ids, and nothing that no tablet wrote."""
    written = game.written | {entry["id"] for journal in journals.values() for entry in journal}
    rows = list(Op.select().where(Op.device.is_null(False)))
    strangers = [row.id for row in rows if row.id not in written and row.device not in histories.OLD_DEVICES]
    require(2, not strangers, f"ops that nobody wrote: {strangers}")
    bodies: dict[str, str] = {}
    for row in rows:
        op = json.loads(row.text)
        if op["kind"].endswith(".set"):
            continue
        body = canonical([row.part, op["kind"], op["body"]])
        require(2, bodies.setdefault(body, row.id) == row.id, f"{row.id} repeats {bodies[body]}")


def nosy(game: Game) -> None:
    """12 isolation: who asks for everything gets their own partitions."""
    everything = dict.fromkeys(["GRP", *(part for part, _crew in CREWS.values())])
    for _part, crew in CREWS.values():
        session = game.net.log_in(crew[0])
        answer = game.net.post("/api/v1/sync/pull", {"cursors": everything, "pending": 0}, session)
        game.net.ledger.pulled(crew[0].id, answer)
        strange = {"cursors": {"GRP": ["another life", 1, 0]}, "pending": 0}
        reset = game.net.post("/api/v1/sync/pull", strange, session)["parts"]["GRP"]["reset"]
        require(16, reset == "epoch", f"a cursor of another life is taken for one of this ({reset})")


def resent(game: Game, journals: dict[str, list[dict]]) -> None:
    """2 at most once: sent again, everything gets the same results, under new numbers, too; 5: no gap."""
    for tablet, journal in journals.items():
        look = game.must(tablet, "look")
        session = {"device": look["device"], "token": look["token"]}
        mine = [entry for entry in journal if entry["device"] == session["device"]]
        if not mine:
            continue
        before = {row.part: row.head for row in FeedHead.select()}
        ops = [wire(entry) for entry in sorted(mine, key=lambda e: e["n"])]
        last = send_again(game, session, ops, mine)
        gap = {"ops": [{**ops[-1], "n": last + 2}], "pending": 0}
        refused = game.net.ask("/api/v1/sync/push", gap, session)
        require(5, refused.status == 409, f"a gap after {last} was let through")
        last = send_again(game, session, [{**op, "n": last + n} for n, op in enumerate(ops, 1)], mine)
        refused_by_contract(game, session, CREWS[tablet][0], last)
        require(2, before == {row.part: row.head for row in FeedHead.select()}, "a resend changed something")


def refused_by_contract(game: Game, session: dict, own: str, last: int) -> None:
    """5 device order, 12 isolation: an unmet dependency parks an op, another branch, too."""
    other = next(part for part, _crew in CREWS.values() if part != own)
    common = {**ORPHAN, "at": game.now}
    ops = [
        {**common, "part": own, "n": last + 1},
        {**common, "part": other, "n": last + 2, "id": fixed_id(4, 0x7B), "dep": []},
    ]
    told = game.net.post("/api/v1/sync/push", {"ops": ops, "pending": 0}, session)["results"]
    codes = [result.get("code") for result in told]
    require(5, codes[0] == "op.dep", f"an op ran before what it depends on: {told[0]}")
    require(12, codes[1] == "op.part", f"an op for {other} was judged as one's own: {told[1]}")


def send_again(game: Game, session: dict, ops: list[dict], entries: list[dict]) -> int:
    """Every op has the result that its journal knows; the last number that the server has."""
    answer = game.net.post("/api/v1/sync/push", {"ops": ops, "pending": 0}, session)
    results = {one.pop("id"): one for one in answer["results"]}
    for entry in entries:
        told = {"id": entry["id"], **{k: v for k, v in results[entry["id"]].items() if k != "n"}}
        require(2, canonical(told) == entry["result"], f"op {entry['id']} sent again: {told}")
    return answer["last_n"]


def wire(entry: dict) -> dict:
    """An op of a journal as it is sent, with its author's proof."""
    proof = {key: entry[key] for key in ("h", "by", "mac")}
    return {"n": entry["n"], **json.loads(entry["text"]), **proof}


def parked_whole(game: Game, journals: dict[str, list[dict]]) -> None:
    """4 parked is whole: byte for byte, for the author and for head office."""
    parked = [entry for journal in journals.values() for entry in journal if entry["state"] == "parked"]
    if not parked:
        return
    everything = seen_parked(game, CAST.hua)
    own = {author: seen_parked(game, PEOPLE[author]) for author in {entry["author"] for entry in parked}}
    for entry in parked:
        result = json.loads(entry["result"])
        shown = entry["id"] in everything and everything[entry["id"]] == entry["text"]
        require(4, shown, f"head office does not see {entry['id']} whole")
        mine = own[entry["author"]].get(entry["id"]) == entry["text"] or result["code"] == "op.author"
        require(4, mine, f"its author does not see {entry['id']} ({result['code']})")
        require(18, result["code"] in histories.PARK_CODES, f"{entry['id']} parked: {result}")


def seen_parked(game: Game, person: object) -> dict[str, str]:
    """What a person sees of parked ops: id → canonical text."""
    session = game.net.log_in(person)
    return {row["op"]["id"]: canonical(row["op"]) for row in game.net.get("/api/v1/sync/parked", session)}


def no_more_resets(game: Game) -> None:
    """16 reset: what was reset once is not reset again, and nothing is downloaded anew."""
    game.net.resets.clear()
    for tablet in CREWS:
        game.sync(tablet)
    require(16, not game.net.resets.total(), f"still reset: {dict(game.net.resets)}")
