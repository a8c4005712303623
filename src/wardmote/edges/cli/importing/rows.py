"""Numbered rows of a file of JSON lines, of CSV or of Parquet. A broken row is told as such and stops nothing."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from wardmote.edges.cli.failure import CannotStart
from wardmote.edges.cli.importing.delimited import delimited

LONGEST_LINE = 1_000_000
"""Bytes. A line beyond it is no row of anything that is imported, and is never held in memory as a whole."""
_PARQUET_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the number of its (first) line, or of the row in Parquet; its fields, or else what is wrong with it.

    `done` is how far into the file it ends, in the units of `Rows.total`; `last` is its last line if it has several.
    """

    number: int
    fields: dict[str, object] | None
    fault: str
    done: int
    last: int = 0


@dataclass(frozen=True, slots=True)
class Rows:
    """A file's rows; `total` is its length in bytes or, of Parquet, in rows."""

    total: int
    rows: Iterable[Row]


def read_rows(path: Path, *, needed: tuple[str, ...], optional: tuple[str, ...], trusting: bool = False) -> Rows:
    """The rows of a file, by the end of its name; raises CannotStart where it cannot be read at all.

    `trusting`: a quoted cell of CSV is taken although it holds lines that look like rows.
    """
    ending = path.suffix.lower()
    try:
        if ending == ".parquet":
            return _parquet(path, needed, optional)
        if ending in (".csv", ".tsv"):
            rows = _csv_rows(path, needed, optional, trusting=trusting)
        elif ending in (".jsonl", ".ndjson"):
            rows = _json_rows(path)
        else:
            raise CannotStart(f"{path} must end in .jsonl, .csv or .parquet")
        return Rows(path.stat().st_size, _from_open_file(rows))
    except OSError as error:
        raise CannotStart(f"{path} cannot be read: {error.strerror or error}") from error


def _from_open_file(rows: Iterator[Row]) -> Iterator[Row]:
    """The same rows, once the first has shown that the file can be opened and has the columns it needs."""
    first = next(rows, None)
    return iter(()) if first is None else _chain(first, rows)


def _chain(first: Row, rest: Iterator[Row]) -> Iterator[Row]:
    yield first
    yield from rest


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes, bool, int]]:
    """(number, line, whether it was too long and is cut, where it ends)."""
    number = done = 0
    while line := file.readline(LONGEST_LINE):
        number, done = number + 1, done + len(line)
        cut = len(line) == LONGEST_LINE and not line.endswith(b"\n")
        rest = line
        while cut and rest and not rest.endswith(b"\n"):
            rest = file.readline(LONGEST_LINE)
            done += len(rest)
        yield number, line, cut, done


def _json_rows(path: Path) -> Iterator[Row]:
    with path.open("rb") as file:
        for number, line, cut, done in _lines(file):
            if cut:
                yield Row(number, None, f"the line is longer than {LONGEST_LINE:,} bytes", done)
            elif line.strip():
                yield _json_row(number, line, done)


def _json_row(number: int, line: bytes, done: int) -> Row:
    try:
        fields = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError as error:
        return Row(number, None, f"not UTF-8 at byte {error.start + 1}", done)
    except RecursionError:
        return Row(number, None, "not JSON that can be read: nested too deeply", done)
    except ValueError as error:
        return Row(number, None, f"not JSON: {error}", done)
    if not isinstance(fields, dict):
        return Row(number, None, "not a JSON object", done)
    return Row(number, fields, "", done)


def _csv_rows(path: Path, needed: tuple[str, ...], wanted: tuple[str, ...], *, trusting: bool) -> Iterator[Row]:
    with (
        path.open("rb") as file,
        delimited(path, file, needed=needed, wanted=wanted, trusting=trusting) as table,
    ):
        for row in table.rows:
            if row.fault:
                yield Row(row.first, None, row.fault, row.done, row.last)
            else:
                fields: dict[str, object] = {k: v for k, v in zip(table.columns, row.cells, strict=True) if k and v}
                yield Row(row.first, fields, "", row.done, row.last)


def _parquet(path: Path, needed: tuple[str, ...], optional: tuple[str, ...]) -> Rows:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
    except pa.ArrowInvalid as error:
        raise CannotStart(f"{path} is not Parquet: {error}") from error
    present = set(file.schema_arrow.names)
    _need(path, needed, present)
    columns = [*needed, *(name for name in optional if name in present)]

    def rows() -> Iterator[Row]:
        number = 0
        for batch in file.iter_batches(batch_size=_PARQUET_ROWS, columns=columns):
            for place in range(len(batch)):
                number += 1
                try:
                    yield Row(number, batch.slice(place, 1).to_pylist()[0], "", number)
                except (UnicodeDecodeError, ValueError, OverflowError) as error:
                    yield Row(number, None, f"the row cannot be read: {error}", number)

    return Rows(file.metadata.num_rows, rows())


def _need(path: Path, needed: tuple[str, ...], columns: Iterable[str]) -> None:
    if missing := [name for name in needed if name not in columns]:
        raise CannotStart(f"{path} has no column {', '.join(missing)}")
