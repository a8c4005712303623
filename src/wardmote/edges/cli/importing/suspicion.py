"""Whether a quoted cell over several lines has swallowed rows: `"oh no` in one row, `6"` at a cell's end in the next.

By the grammar that is one row, and no reader can tell. But the swallowed line has as many cells as a row, and its cells
resemble those of the row around it: an id without spaces, digits where there are digits.
"""

from collections.abc import Sequence


def looks_like_a_row(lines: Sequence[str], cells: Sequence[str], separator: str) -> bool:
    """Whether a line after the first of a row looks like a row by itself. `cells` are those of the row as read."""
    before = lines[0].split('"', 1)[0].count(separator)
    for number, line in enumerate(lines[1:], 1):
        found = line.rstrip("\r\n").split(separator)
        if len(found) != len(cells):
            continue
        every = [place for place in range(len(cells)) if place != before]
        others = every
        if number == len(lines) - 1:
            # What follows the cell is the row's own anyway; what is before it tells.
            others = [place for place in every if place < before]
            if not others and lines[0].count(separator) + 1 < len(cells):
                # Nothing is before the first cell. But a row that a stray quote opens is a whole one by itself.
                continue
            others = others or every
        if not others or _resembles(found, cells, others):
            return True
    return False


def _resembles(found: Sequence[str], cells: Sequence[str], places: Sequence[int]) -> bool:
    first = places[0]
    if not found[first].strip() or (_spaced(found[first]) and not _spaced(cells[first])):
        return False
    return any(_numbered(found[place]) == _numbered(cells[place]) for place in places)


def _spaced(cell: str) -> bool:
    return any(letter.isspace() for letter in cell)


def _numbered(cell: str) -> bool:
    return any(letter.isdigit() for letter in cell)
