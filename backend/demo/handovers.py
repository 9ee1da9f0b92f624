"""The hand-overs of the last days: counted, nil, waiting for receipt, one forgotten (D-H1, D-H2)."""

from collections import Counter
from collections.abc import Iterator

from backend.demo.shop import Shop, instant
from backend.domain.ids import content_id
from backend.domain.timing import MINUTE_MS

DAYS = 8
SENDERS = {"delivery": "sales_clerk", "repair": "service_clerk"}


class Handovers:
    """Counts what the history holds for each of the last days, and hands it over."""

    def __init__(self, shop: Shop):
        self.shop = shop
        self.counts: Counter[tuple[str, int]] = Counter()

    def count(self, kind: str, ago: int) -> None:
        """One more delivery or finished repair order on that day."""
        if ago <= DAYS:
            self.counts[kind, ago] += 1

    def made(self) -> Iterator[tuple[str, dict]]:
        """`("handover", doc)` of the open days; of the newest, repair waits and delivery is missing."""
        days = [ago for ago in range(DAYS, 0, -1) if self.shop.is_open(ago)]
        for kind in SENDERS:
            for ago in days:
                newest = ago == days[-1]
                if newest and kind == "delivery":
                    continue
                yield "handover", self._one(kind, ago, received=not newest)

    def _one(self, kind: str, ago: int, received: bool) -> dict:
        shop, date, count = self.shop, self.shop.date(ago), self.counts[kind, ago]
        sender, sent = shop.team.one(SENDERS[kind]), shop.moment(ago, shop.close_minute - 25)
        doc = {
            **{
                "id": content_id(shop.part, "handover", kind, date),
                "kind": kind,
                "date": date,
                "count": count,
            },
            **{"date": date, "count": count, "nil": count == 0},
            **{"sent_by": sender["id"], "sent_at": instant(sent)},
            "signature": shop.team.signatures.of(sender["id"]),
        }
        if received:
            taken = instant(sent + 12 * MINUTE_MS)
            doc |= {
                "received_by": shop.team.one("cs_agent")["id"],
                "received_at": taken,
                "received_count": count,
            }
        return doc
