"""The invariants of SYNC.md, looked at while a schedule runs; those that need rest are in `rest.py`."""

from backend.models.base import RECORDS
from backend.models.sync import Feed, FeedHead, Op
from backend.sync import feed, state
from tests.sync.machine import histories
from tests.sync.machine.game import Game, text_of
from tests.sync.machine.ledger import require
from tests.sync.machine.rest import at_rest

EVERY = 3
__all__ = ["after_step", "at_rest", "server"]


def after_step(game: Game, tab: str) -> None:
    """Look at the tab something happened in, and at the server."""
    heads(game)
    if tab not in game.tabs:
        return
    seen = game.must(tab, "look")
    promises(game, tab, seen)
    cursors(game, tab[0], seen)
    require(11, not vanished(game, seen), f"own work of {tab} is not shown: {vanished(game, seen)}")
    game.looks += 1
    if game.looks % EVERY == 0:
        delivered(game, game.must(tab, "rows"))


def vanished(game: Game, seen: dict) -> list:
    """Own facts that a tab does not show, but for those that followed a vehicle or were discarded."""
    parts = {op_id: told["part"] for own in game.promised.values() for op_id, told in own.items()}
    followed = {
        op_id
        for op_id, result in game.net.answered.items()
        if result["status"] == "discarded" or parts.get(op_id) not in (result["seqs"] or parts.values())
    }
    lost = [row for row in seen["vanished"] if row[0] not in followed]
    gone = histories.moved() if lost else set()
    for cursor in seen["cursors"]:  # a tablet that has not heard of a restore shows what it knew before
        gone |= game.moved.get(cursor["epoch"], set())
    return [row for row in lost if row[2] not in gone]


def promises(game: Game, tab: str, seen: dict) -> None:
    """1 no loss, 20 honest status."""
    journal = {op_id: told for op_id, told, _device, _n in seen["ops"]}
    game.written |= set(journal)
    waiting = sum(told == "waiting" for told in journal.values())
    require(20, seen["pending"] == waiting, f"says {seen['pending']} pending, {waiting} wait")
    for op_id, told in journal.items():
        require(20, told == "waiting" or op_id in game.net.answered, f"{op_id} is {told}, never answered")
    require(
        20, seen["pending_blobs"] + seen["refused_blobs"] == len(seen["blobs"]), f"{tab}: {seen['blobs']}"
    )
    for op_id, told in game.promised[tab[0]].items():
        if told["sha256"]:
            name = f"{told['part']} {told['sha256']}"
            require(17, name in seen["blobs"] or name in game.whole(), f"the bytes of {op_id} are gone")
    known = {op_id for _part, op_id in game.net.ledger.results}
    for op_id in game.promised[tab[0]]:
        require(1, op_id in journal or op_id in known, f"op {op_id} of {tab} is gone")


def cursors(game: Game, tablet: str, seen: dict) -> None:
    """8 monotone: a cursor falls only when its partition was replaced."""
    known = {key: value for key, value in game.cursors.items() if key[0] == tablet}
    for key in known:
        del game.cursors[key]  # a partition that is gone begins anew
    for cursor in seen["cursors"]:
        key = (tablet, cursor["part"])
        life = (game.evictions[tablet], cursor["life"], cursor["epoch"])
        before, seq = known.get(key, (None, 0))
        fell = before == life and cursor["seq"] < seq
        require(8, not fell, f"cursor of {key} fell from {seq} to {cursor['seq']}")
        game.cursors[key] = (life, cursor["seq"])


def heads(game: Game) -> None:
    """8 monotone: the feed's heads only grow."""
    game.net.ledger.committed({row.part: row.head for row in FeedHead.select()})


def delivered(game: Game, shown: dict) -> None:
    """7 no skip, 9 cursor atomicity: up to its cursor a tablet has every row, or one that is newer."""
    for part, mine in shown.items():
        if mine["epoch"] != state.epoch() or mine["stale"] or not mine["complete"]:
            continue
        have = {(kind, record_id): seq for seq, kind, record_id, *_rest in mine["rows"]}
        truth = {(r[0], r[1]): r[2] for r in rows_of(part)}
        ended = {(r[0], r[1]) for r in rows_of(part) if r[3]}
        old = {k: s for k, s in truth.items() if s <= mine["seq"] and not (k in ended and k not in have)}
        late = {k: (s, have.get(k)) for k, s in old.items() if have.get(k) != s}
        require(7, not late, f"{part} to {mine['seq']}: {text_of(sorted(map(str, late.items())))}")
        over = {(kind, record_id) for _seq, kind, record_id, _ver, gone in mine["rows"] if gone}
        forgotten = mine["seq"] < state.floor(part)  # it will be reset: what ended is not known any more
        newer = {k for k, s in have.items() if truth.get(k, 0) < s and not forgotten}
        newer -= over - set(truth)  # tombstones that the server has collected since
        beyond = {k: s for k, s in have.items() if s > mine["seq"] or k in newer}
        require(9, not beyond, f"{part} to {mine['seq']}: {text_of(sorted(map(str, beyond.items())))}")


def rows_of(part: str) -> list[tuple]:
    """The rows of the feed as `(kind, id, seq, ended)`."""
    columns = (Feed.kind, Feed.id, Feed.seq, Feed.doc.is_null(True))
    return list(Feed.select(*columns).where(Feed.part == part).tuples())


def server(game: Game) -> None:
    """6 atomic: tables, feed, checksum and op log say the same."""
    heads(game)
    for head in FeedHead.select():
        rows = rows_of(head.part)
        total = sum(feed.row_hash(kind, record_id, seq) for kind, record_id, seq, ended in rows if not ended)
        require(10, total % feed.SUM_MODULUS == head.sum, f"{head.part}: the checksum is wrong")
        require(
            6, max((row[2] for row in rows), default=0) <= head.head, f"{head.part}: a row beyond the head"
        )
    for kind, model in RECORDS.items():
        mine = {(row.part, row.id): row.ver for row in model.select(model.part, model.id, model.ver)}
        where = (Feed.kind == kind) & Feed.doc.is_null(False)
        fed = {(row.part, row.id): row.ver for row in Feed.select(Feed.part, Feed.id, Feed.ver).where(where)}
        require(
            6, mine == fed, f"{kind}: tables and feed differ: {text_of(sorted(mine.items() ^ fed.items()))}"
        )
    logged = {(row.part, row.id) for row in Op.select(Op.part, Op.id)}
    lost = set(game.net.ledger.results) - logged
    require(6, not lost, f"answered and not logged: {sorted(lost)}")
