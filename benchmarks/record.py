"""`record`: entries appended, placed under a checkpoint, proven and verified; and the tree's own arithmetic."""

import hashlib
from functools import partial

from benchmarks.contract import About, Size
from benchmarks.figures import Figure, percentile
from benchmarks.load import timed
from benchmarks.town import make_ready

ABOUT = About(
    what="Entries with four facts and one content: one to a durable commit, and two hundred to one; the sequencer on "
    "what has been appended, with its checkpoints; a receipt read and proven from the database; every entry, "
    "commitment, hash and checkpoint verified. Below that the tree alone, in memory.",
    aim="For the tree alone, our reference: 126,000 leaves a second, 64 µs a proof. One entry to a commit: the bottom "
    "of one-row commits there, 1,700 a second on SQLite and 600 on PostgreSQL. For the rest our own: two hundred to a "
    "commit, the sequencer and verifying at 5,000 entries a second (ten million posts a day, eight entries each, at "
    "the peak), a receipt within 5 ms.",
    limit="An append is two inserts of six rows, five salts and hashes, and a synced commit. Verifying opens every "
    "commitment again: canonical JSON and SHA-256 in Python.",
    databases=("sqlite", "postgresql"),
)
SINGLE: dict[Size, int] = {"tiny": 5, "usual": 1_000, "full": 10_000}
BULK: dict[Size, int] = {"tiny": 20, "usual": 20_000, "full": 500_000}
PROOFS: dict[Size, int] = {"tiny": 5, "usual": 500, "full": 2_000}
LEAVES: dict[Size, int] = {"tiny": 100, "usual": 200_000, "full": 2_000_000}
_AT_ONCE = 200
_ONE_ROW = {"sqlite": 1_700, "postgresql": 600}


def measure(size: Size, database: str) -> list[Figure]:
    """Appends, the sequencer, receipts, verifying; with SQLite also the tree alone."""
    make_ready()
    from wardmote.kernel import clock
    from wardmote.record.engine import sequence

    single, bulk = _append(SINGLE[size], at_once=1), _append(BULK[size], at_once=_AT_ONCE)
    placed = 0

    def place() -> None:
        nonlocal placed
        while done := sequence(clock.now()):
            placed += done

    seconds = timed(place)
    params: dict[str, str | int] = {"entries": placed, "database": database}
    figures = [
        Figure("record", "append, one to a commit", single, "entries/s", _ONE_ROW[database], "higher", params),
        Figure("record", "append, 200 to a commit", bulk, "entries/s", 5_000, "higher", params),
        Figure("record", "sequence", placed / seconds, "entries/s", 5_000, "higher", params),
        Figure("record", "receipt p50", _receipt(PROOFS[size]) * 1000, "ms", 5, "lower", params),
        Figure("record", "verify", placed / _verify(), "entries/s", 5_000, "higher", params),
    ]
    return figures + (_tree(LEAVES[size]) if database == "sqlite" else [])


def _append(number: int, *, at_once: int) -> float:
    from django.db import transaction

    from wardmote.kernel import clock
    from wardmote.kernel.urn import Urn
    from wardmote.record import operations

    member = Urn("member", 7)
    event = operations.Event(
        actor=member,
        verb="post.published",
        subject=Urn("post", 9),
        community=Urn("community", 8),
        facts={"parent": None, "source": None, "route": "publish", "scores": {"violence.threat": 0.01}},
        content={"text": "Rain before noon, they say, and then a clear evening over the north gate."},
        about=member,
    )

    def append() -> None:
        for start in range(0, number, at_once):
            with transaction.atomic(durable=True):
                operations.append_all([event] * min(at_once, number - start), now=clock.now())

    return number / timed(append)


def _receipt(number: int) -> float:
    from wardmote.record import queries
    from wardmote.record.models import Entry

    ids = list(Entry.objects.order_by("id").values_list("pk", flat=True))
    chosen = ids[:: max(len(ids) // number, 1)]
    return percentile([timed(partial(queries.inclusion_receipt, entry_id)) for entry_id in chosen], 0.5)


def _verify() -> float:
    from wardmote.record import queries

    def verify() -> None:
        report = queries.audit()
        if not report.sound:
            raise RuntimeError(f"the record is not sound: {report.faults[0]}")

    return timed(verify)


def _tree(leaves: int) -> list[Figure]:
    from wardmote.ledger.proofs import inclusion_proof
    from wardmote.ledger.tree import Frontier, Position

    hashes = [hashlib.sha256(n.to_bytes(8)).digest() for n in range(leaves)]
    nodes: dict[Position, bytes] = {}
    frontier = Frontier()

    def grow() -> None:
        for start in range(0, leaves, 2_000):
            for run in frontier.extend(hashes[start : start + 2_000]):
                for offset, node in enumerate(run.hashes, run.start):
                    nodes[Position(run.level, offset)] = node

    rate = leaves / timed(grow)
    places = range(0, leaves, max(leaves // 1_000, 1))
    proofs = [timed(partial(inclusion_proof, place, leaves, nodes.__getitem__)) for place in places]
    params: dict[str, str | int] = {"leaves": leaves, "database": "none"}
    return [
        Figure("record", "the tree alone: append", rate, "leaves/s", 126_000, "higher", params),
        Figure("record", "the tree alone: proof p50", percentile(proofs, 0.5) * 1e6, "µs", 64, "lower", params),
    ]
