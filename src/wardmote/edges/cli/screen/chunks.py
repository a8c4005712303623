"""A file of texts in pieces that a worker can take: numbered lines as they are, or a piece of Parquet."""

from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from wardmote.edges.cli.failure import CannotStart
from wardmote.edges.cli.importing.delimited import delimited

LINES = 2000
BYTES = 1_000_000
"""A piece ends at whichever comes first: so much is in memory for each piece under way, and no more."""
LONGEST_LINE = 4_000_000
"""Bytes. No text that a detector accepts makes a line as long; the rest of such a line is passed over."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive rows, the first of them numbered `first`. `content` is lines, or one Arrow record batch.

    A line that is too long is None. Rows of CSV are read already, or their fault is in their place; they
    have the `numbers` of their first lines. `size` is in bytes of the file or, of Parquet, in rows.
    """

    first: int
    content: "list[bytes | None] | list[dict[str, object] | str] | bytes"
    size: int
    numbers: tuple[int, ...] = ()


def line_chunks(file: BinaryIO) -> Iterator[Chunk]:
    """The lines of a file or a pipe, blank ones too, so that numbers stay right."""
    first, size = 1, 0
    lines: list[bytes | None] = []
    while line := file.readline(LONGEST_LINE):
        size += len(line)
        cut = len(line) == LONGEST_LINE and not line.endswith(b"\n")
        rest = line
        while cut and rest and not rest.endswith(b"\n"):
            rest = file.readline(LONGEST_LINE)
            size += len(rest)
        lines.append(None if cut else line.removeprefix(BOM_UTF8) if first == 1 and not lines else line)
        if len(lines) == LINES or size >= BYTES:
            yield Chunk(first, lines, size)
            first, lines, size = first + len(lines), [], 0
    if lines:
        yield Chunk(first, lines, size)


def csv_chunks(path: Path, file: BinaryIO, columns: tuple[str, str]) -> Iterator[Chunk]:
    """The rows of CSV, with the two columns under the names id and text."""
    with delimited(path, file, needed=columns) as table:
        places = [table.columns.index(name) for name in columns]
        rows: list[dict[str, object] | str] = []
        numbers: list[int] = []
        done = held = 0
        for row in table.rows:
            span = f"lines {row.first} to {row.last}: " if row.last > row.first else ""
            rows.append(span + row.fault if row.fault else {"id": row.cells[places[0]], "text": row.cells[places[1]]})
            numbers.append(row.first)
            held += sum(map(len, row.cells))
            if len(rows) == LINES or held >= BYTES:
                yield Chunk(numbers[0], rows, row.done - done, tuple(numbers))
                done, rows, numbers, held = row.done, [], [], 0
        if rows:
            yield Chunk(numbers[0], rows, 0, tuple(numbers))


def parquet_chunks(path: Path, columns: tuple[str, str]) -> tuple[int, Iterator[Chunk]]:
    """The number of rows, and the columns id and text in pieces; raises CannotStart where there are none."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
    except pa.ArrowInvalid as error:
        raise CannotStart(f"{path} is not Parquet: {error}") from error
    if missing := set(columns) - set(file.schema_arrow.names):
        raise CannotStart(f"{path} has no column {', '.join(sorted(missing))}")

    def chunks() -> Iterator[Chunk]:
        first = 1
        for each in file.iter_batches(batch_size=LINES, columns=list(columns)):
            batch = each.select(list(columns)).rename_columns(["id", "text"])
            sink = pa.BufferOutputStream()
            with pa.ipc.new_stream(sink, batch.schema) as stream:
                stream.write_batch(batch)
            yield Chunk(first, sink.getvalue().to_pybytes(), len(batch))
            first += len(batch)

    return file.metadata.num_rows, chunks()
