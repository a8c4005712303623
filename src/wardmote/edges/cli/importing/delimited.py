"""CSV as RFC 4180 has it, read strictly: a row comes out as it was written, or its lines are named.

A quote is at the beginning of a cell, is doubled within, and is closed directly before the separator or the end of
the line. Where that does not hold, nobody knows where a row ends: the lines that it took are named, and reading goes
on behind them, never within them, where the words of a post could pass for a row.
"""

from __future__ import annotations

import io
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_LE
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from wardmote.edges.cli.failure import CannotStart
from wardmote.edges.cli.importing.suspicion import looks_like_a_row

Line = tuple[int, dict[str, str]]
"""The number of a row's first line, and its cells by column."""
LONGEST_ROW = 1_000_000
"""Characters. A row beyond it is no row of anything that is read here, and is not held in memory as a whole."""
_LONGEST_LINE = 16_000_000
"""Characters. Where a line is longer than that, reading ends."""
_SEPARATORS = (",", ";", "\t")
_QUOTE = '"'


@dataclass(frozen=True, slots=True)
class Cells:
    """One row: its first and last line, its cells, or else what is wrong with it. `done`: bytes read so far."""

    first: int
    last: int
    cells: tuple[str, ...]
    fault: str
    done: int


@dataclass(frozen=True, slots=True)
class Delimited:
    """A file whose head has been read: its columns, by what they are separated, and the rows below."""

    columns: tuple[str, ...]
    separator: str
    rows: Iterator[Cells]


@contextmanager
def delimited(
    path: Path, file: BinaryIO, *, wanted: Sequence[str] = (), needed: Sequence[str] = (), trusting: bool | None = None
) -> Iterator[Delimited]:
    """The columns and rows of an open file, as long as they are read.

    Raises `CannotStart` where it cannot be read at all.

    The separator is the one by which the head has most of the `wanted` names. With `trusting` a quoted cell is taken
    although a line within it looks like a row of its own; None for a command that cannot be told so.
    """
    lines = _Lines(path, file)
    try:
        head = lines.next()
        if head.startswith("sep=") and len(head.rstrip("\r\n")) == len("sep=,"):
            head = lines.next()
        separator, columns = _head(path, head, (*needed, *wanted))
        if missing := [name for name in needed if name not in columns]:
            raise CannotStart(f"{path} has no column {', '.join(missing)}; its first line is {_shown(head)}")
        yield Delimited(columns, separator, _rows(lines, separator, columns, trusting=trusting))
    finally:
        lines.end()


def _head(path: Path, head: str, wanted: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    best: tuple[str, tuple[str, ...]] = (",", ())
    for separator in _SEPARATORS:
        row = _Parser(separator)
        if not row.take(head) or row.fault:
            continue
        columns = tuple(cell.strip() for cell in row.cells)
        if not best[1] or len(set(columns) & set(wanted)) > len(set(best[1]) & set(wanted)):
            best = separator, columns
    named = [name for name in best[1] if name]
    if not named and head.strip():
        raise CannotStart(f"{path} has no first line of column names that can be read: {_shown(head)}")
    if len(set(named)) < len(named):
        raise CannotStart(f"{path} has two columns of one name: {_shown(head)}")
    return best


def _shown(line: str) -> str:
    return repr(line[:80].rstrip("\r\n"))


def read_whole(path: Path, needed: Sequence[str], wanted: Sequence[str] = ()) -> tuple[tuple[str, ...], list[Line]]:
    """The columns of a small file, and its rows with the numbers of their lines.

    Raises `CannotStart` naming the file and the lines that cannot be read: what is counted from it must be all of it.
    """
    rows = []
    try:
        with path.open("rb") as file, delimited(path, file, needed=needed, wanted=wanted) as table:
            for row in table.rows:
                if row.fault:
                    where = f"lines {row.first} to {row.last}" if row.last > row.first else f"line {row.first}"
                    raise CannotStart(f"{path}, {where}: {row.fault}")
                rows.append((row.first, dict(zip(table.columns, row.cells, strict=True))))
    except OSError as error:
        raise CannotStart(f"cannot read {path}: {error.strerror}") from None
    return table.columns, rows


class _Lines:
    """The lines of a file with their ends, counted, whatever the ends are: LF, CR LF or CR."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self.path, self._file, self.number = path, file, 0
        self._text = io.TextIOWrapper(file, _encoding(path, file), "surrogateescape", newline="")

    def next(self) -> str:
        """The next line, empty at the end of the file."""
        try:
            line = self._text.readline(_LONGEST_LINE)
        except UnicodeDecodeError as error:
            raise CannotStart(f"{self.path} is broken below line {self.number}: {error.reason}") from None
        self.number += bool(line)
        return line

    def end(self) -> None:
        """Leave the file to whoever opened it."""
        self._text.detach()

    @property
    def done(self) -> int:
        return self._file.tell()


def _encoding(path: Path, file: BinaryIO) -> str:
    """What the file is written in, by how it begins; it is wound back."""
    begin = file.read(4096)
    file.seek(0)
    if begin.startswith(BOM_UTF8):
        return "utf-8-sig"
    if begin.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) and not begin.startswith(BOM_UTF32_LE):
        return "utf-16"
    if b"\0" in begin:
        raise CannotStart(f"{path} is not text in UTF-8: it has bytes of 0. Save it as CSV in UTF-8.")
    return "utf-8"


def _rows(lines: _Lines, separator: str, columns: tuple[str, ...], *, trusting: bool | None) -> Iterator[Cells]:
    while line := lines.next():
        first, parser = lines.number, _Parser(separator)
        if not line.strip("\r\n"):
            continue
        taken, size, ended = [line], len(line), parser.take(line)
        while not ended and len(line) < _LONGEST_LINE and (line := lines.next()):
            size += len(line)
            if size <= LONGEST_ROW:
                taken.append(line)
            else:
                parser.forget()
            ended = parser.take(line)
        if len(line) >= _LONGEST_LINE:
            fault = f"the line is longer than {_LONGEST_LINE:,} characters; nothing below it was read"
            yield Cells(first, lines.number, (), fault, lines.done)
            return
        fault = _fault(parser, columns, taken, size, trusting=trusting)
        yield Cells(first, lines.number, () if fault else tuple(parser.cells), fault, lines.done)


def _fault(parser: _Parser, columns: tuple[str, ...], taken: list[str], size: int, *, trusting: bool | None) -> str:
    """What is wrong with a row that has been read; empty where nothing is."""
    if parser.fault:
        return f"not CSV: {parser.fault}"
    if parser.open is not None:
        return "not CSV: a quote is opened and closed nowhere; double it if it belongs to the text"
    return _doubt(parser, columns, taken, size, trusting=trusting)


def _doubt(parser: _Parser, columns: tuple[str, ...], taken: list[str], size: int, *, trusting: bool | None) -> str:
    """What is wrong with a row by its size and its cells, although its quotes are right."""
    if size > LONGEST_ROW:
        return f"the row is longer than {LONGEST_ROW:,} characters; perhaps a quote is not closed"
    if any("\udc80" <= letter <= "\udcff" for line in taken if not line.isascii() for letter in line):
        return 'not UTF-8; save the file as "CSV UTF-8"'
    if len(parser.cells) != len(columns):
        cells = "1 cell" if len(parser.cells) == 1 else f"{len(parser.cells)} cells"
        return f"the row has {cells}, the first line has {len(columns)}; a cell with a separator in it needs quotes"
    if len(taken) > 1 and not trusting and looks_like_a_row(taken, parser.cells, parser.separator):
        hint = "" if trusting is None else " (--rows-in-cells takes it as it is)"
        return "a quoted cell goes over lines that look like rows of their own; perhaps a quote is not closed" + hint
    return ""


@dataclass(slots=True)
class _Parser:
    """Reads one row, line by line. `open`: what the quoted cell that is not closed yet holds so far, else None."""

    separator: str
    cells: list[str] = field(default_factory=list)
    open: list[str] | None = None
    fault: str = ""

    def take(self, line: str) -> bool:
        """Read on; True once the row has ended, in a fault or without."""
        end, here = len(line.rstrip("\r\n")), 0
        while True:
            if self.open is not None:
                closed = self._quoted(line, here, self.open)
                if closed is None:
                    return False
                if closed >= end:
                    return True
                if line[closed] != self.separator:
                    self.fault = f"a quote is closed before {line[closed]!r}, within cell {len(self.cells)}"
                    return True
                here = closed + 1
            elif line.startswith(_QUOTE, here):
                self.open, here = [], here + 1
            else:
                found = line.find(self.separator, here, end)
                cell = line[here : found if found >= 0 else end]
                self.cells.append(cell)
                if _QUOTE in cell:
                    self.fault = f"a quote within cell {len(self.cells)}, which does not begin with one"
                    return True
                if found < 0:
                    return True
                here = found + 1

    def _quoted(self, line: str, here: int, held: list[str]) -> int | None:
        """Read a quoted cell on, of which `held` was read before; where it is closed, None where it goes on."""
        while (quote := line.find(_QUOTE, here)) >= 0:
            held.append(line[here:quote])
            if not line.startswith(_QUOTE, quote + 1):
                self.cells.append("".join(held))
                self.open = None
                return quote + 1
            held.append(_QUOTE)
            here = quote + 2
        held.append(line[here:])
        return None

    def forget(self) -> None:
        """Hold no more of a cell that is too long already; only its end is looked for."""
        if self.open is not None:
            self.open = []
