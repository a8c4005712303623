"""What is in quarantine is read in few places, and each of them is known."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2] / "src" / "wardmote"
_TABLE = {
    "config/tables/apart.py",
    "config/tables/kept.py",
    "moderation/models/__init__.py",
    "moderation/models/known.py",
    "moderation/operations/quarantine.py",
    "moderation/queries/erasing.py",
    "moderation/queries/known.py",
}
"""Where its table is named: itself, what writes and reads it, what refuses to erase before it is decided,
and what compares with the record that there was something, and never what it was."""
_READERS = {"edges/console/moderators/quarantine.py", "edges/console/moderators/queue.py", "journeys/hosts/asks.py"}
"""Who asks: the owner's pages, the number on the owner's queue, and what opens no case of what is locked."""


def _naming(pattern: str) -> set[str]:
    wanted = re.compile(pattern)
    return {
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.py")
        if "migrations" not in path.parts and wanted.search(path.read_text(encoding="utf-8"))
    }


def test_nothing_but_quarantine_names_its_table() -> None:
    """An export, a queue, a cluster, a recalibration or an exhibit that read it would stand here."""
    assert _naming(r"\bQuarantinedCase\b|locked_cases_decided|\"moderation_lockedcase\"") == _TABLE


def test_nobody_reads_quarantine_but_the_owners_pages() -> None:
    """Nor what queries tell of it."""
    asking = r"queries\.quarantined_cases?\(|queries\.quarantine_waiting\(|moderation\.queries import .*\bis_locked\b"

    assert _naming(asking) == _READERS
