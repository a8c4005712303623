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


def faults(name: str, found: Iterable[str] | Mapping[str, str], *, some: bool = False) -> list[str]:
    """What is wrong with a list: one sentence a line that is gone or new.

    `found` is what the code has, as lines or as lines with a note. `some`: what was found need not be all of it, so
    nothing is said of lines that were not met.
    """
    notes = found if isinstance(found, Mapping) else dict.fromkeys(found, "")
    kept = frozen(name)
    gone = [] if some else sorted(set(kept) - set(notes))
    new = sorted(set(notes) - set(kept))
    if new and not gone and os.environ.get(EXTEND) == "extend":
        _write(name, {**_notes(name), **notes})
        new = []
    place = f"tests/golden/lists/{name}.txt"
    return [
        *(f"{place}: {line!r} is gone; {RULE}" for line in gone),
        *(f"{place}: {line!r} is new; if it is to be kept for good, add it with {EXTEND}=extend" for line in new),
    ]


def hold(name: str, found: Iterable[str] | Mapping[str, str]) -> None:
    """Fail unless the code has exactly what the list has."""
    wrong = faults(name, found)

    assert not wrong, "\n".join(["", *wrong])


def _notes(name: str) -> dict[str, str]:
    path = LISTS / f"{name}.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    parts = (line.partition(NOTE) for line in lines)
    return {line: note for line, _, note in parts}


def _write(name: str, lines: Mapping[str, str]) -> None:
    text = "".join(f"{line}{NOTE}{note}\n" if note else f"{line}\n" for line, note in sorted(lines.items()))
    (LISTS / f"{name}.txt").write_text(text, encoding="utf-8")
