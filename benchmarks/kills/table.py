"""What the run says at its end."""

from collections.abc import Sequence
from statistics import median

from rich.table import Table

from benchmarks.kills.checks import Reckoned
from benchmarks.kills.killing import Killed
from benchmarks.kills.processes import ABOUT, KINDS


def kills(killed: Sequence[Killed]) -> Table:
    """How long each kind of kill was felt, in seconds."""
    drawn = Table("killed", "what", title="Kills", title_justify="left")
    for heading in ("times", "no page: min", "median", "max", "record still: min", "median", "max"):
        drawn.add_column(heading, justify="right")
    for kind in KINDS:
        some = [each for each in killed if each.kind == kind]
        record = [each.record for each in some if each.record is not None]
        drawn.add_row(kind, ABOUT[kind], str(len(some)), *_spread([each.pages for each in some]), *_spread(record))
    return drawn


def writes(reckoned: Sequence[Reckoned]) -> Table:
    """What became of what was written."""
    drawn = Table("written", title="Writes", title_justify="left")
    headings = ("acknowledged", "cut off", "sent again", "refused", "refused, yet stored", "unanswered, stored once")
    for heading in (*headings, "lost", "doubled"):
        drawn.add_column(heading, justify="right")
    rows = [
        [r.acknowledged, r.cut, r.retried, r.refused, r.denied, r.unanswered, len(r.lost), len(r.doubled)]
        for r in reckoned
    ]
    for each, row in zip(reckoned, rows, strict=True):
        drawn.add_row(each.kind, *(f"{number:,}" for number in row))
    drawn.add_row("all", *(f"{sum(column):,}" for column in zip(*rows, strict=True)))
    return drawn


def _spread(seconds: Sequence[float]) -> tuple[str, str, str]:
    if not seconds:
        return "", "", ""
    return f"{min(seconds):.1f}", f"{median(seconds):.1f}", f"{max(seconds):.1f}"
