"""Golden lists: what is stored, signed or addressed, a line each, as the running code has it.

`docs/decisions/what-is-frozen.md` says what is on them, why, and how one grows.
"""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

LISTS = Path(__file__).with_name("lists")
EXTEND = "WARDMOTE_GOLDEN"
"""Set to `extend`, the tests add what is new to the lists. They never take a line away."""
RULE = "stored values may be added, never changed or removed"
NOTE = "  # "
"""What stands behind it on a line is for the reader, and may change."""


def frozen(name: str) -> list[str]:
    """The lines of a list, without their notes; empty where there is no such list yet."""
    path = LISTS / f"{name}.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [line.partition(NOTE)[0] for line in lines]


def hold(name: str, found: Iterable[str] | Mapping[str, str]) -> None:
    """Fail unless the code has exactly what the list has; `found` is its lines, or its lines with a note each."""
    hold_all({name: found})


def hold_all(lists: Mapping[str, Iterable[str] | Mapping[str, str]]) -> None:
    """The same of several lists, so that what is wrong with all of them is said at once."""
    wrong = [sentence for name, found in lists.items() for sentence in _faults(name, found)]

    assert not wrong, "\n".join(["", *wrong])


def _faults(name: str, found: Iterable[str] | Mapping[str, str]) -> list[str]:
    """A sentence for each line that is gone, and for each that is new."""
    notes = found if isinstance(found, Mapping) else dict.fromkeys(found, "")
    kept = set(frozen(name))
    gone, new = sorted(kept - set(notes)), sorted(set(notes) - kept)
    if new and not gone and os.environ.get(EXTEND) == "extend":
        _write(name, {**_notes(name), **notes})
        new = []
    place = f"tests/golden/lists/{name}.txt"
    return [
        *(f"{place}: {line!r} is gone; {RULE}" for line in gone),
        *(f"{place}: {line!r} is new; if it is to be kept for good, add it with {EXTEND}=extend" for line in new),
    ]


def _notes(name: str) -> dict[str, str]:
    path = LISTS / f"{name}.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    parts = (line.partition(NOTE) for line in lines)
    return {line: note for line, _, note in parts}


def _write(name: str, lines: Mapping[str, str]) -> None:
    text = "".join(f"{line}{NOTE}{note}\n" if note else f"{line}\n" for line, note in sorted(lines.items()))
    (LISTS / f"{name}.txt").write_text(text, encoding="utf-8")
