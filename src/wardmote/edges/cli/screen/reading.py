"""The rows of a file as columns, `id` and `text`, and beside them the rows that cannot be read.

JSON lines are read by the block. A block with a line that is no row, or with ids of several kinds, is read line by
line, as the other way of screening does.
"""

import io
import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from wardmote.edges.cli.failure import CannotStart
from wardmote.edges.cli.screen.chunks import csv_chunks, line_chunks
from wardmote.edges.cli.screen.worker import parse

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = 16_384
"""Rows that are read, scored and written at once."""
ID_TEXT = ("id", "text")


class Block(NamedTuple):
    """Some rows, their numbers in the file, and the rows that are in no column: (number, what is wrong)."""

    batch: "pa.RecordBatch"
    numbers: Sequence[int]
    faults: list[tuple[int, str]]


def read_blocks(source: Path, columns: tuple[str, str]) -> Iterator[Block]:
    """The rows of a file by the end of its name. Raises `CannotStart` where it or a column is missing."""
    try:
        ending = source.suffix.lower()
        if ending == ".parquet":
            yield from _parquet(source, columns)
        elif ending in (".csv", ".tsv"):
            with source.open("rb") as file:
                for chunk in csv_chunks(source, file, columns):
                    yield _built(zip(chunk.numbers, list(chunk.content), strict=True))
        else:
            yield from _json(source, columns)
    except OSError as error:
        raise CannotStart(f"{source} cannot be read: {error.strerror or error}") from None


def _parquet(source: Path, columns: tuple[str, str]) -> Iterator[Block]:
    import pyarrow.parquet as pq

    file = pq.ParquetFile(source, memory_map=True)
    _check(source, file.schema_arrow, columns)
    first = 1
    for batch in file.iter_batches(BATCH, columns=list(columns)):
        yield Block(batch.select(list(columns)).rename_columns(list(ID_TEXT)), range(first, first + len(batch)), [])
        first += len(batch)


def _check(source: Path, schema: "pa.Schema", columns: tuple[str, str]) -> None:
    import pyarrow as pa

    for name in columns:
        if name not in schema.names:
            raise CannotStart(f"{source} has no column {name}; its columns are {', '.join(schema.names)}")
    kind = schema.field(columns[1]).type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        raise CannotStart(f"{source}: the column {columns[1]} holds {kind}, not strings")


def _json(source: Path, columns: tuple[str, str]) -> Iterator[Block]:
    with source.open("rb") as file:
        first = 1
        for lines in _blocks(line for chunk in line_chunks(file) for line in chunk.content):
            block = _at_once(lines, first, columns)
            yield block or _built((number, parse(line, columns)) for number, line in enumerate(lines, first))
            first += len(lines)


def _blocks(lines: Iterator[object]) -> Iterator[list[bytes | None]]:
    while block := [line if isinstance(line, bytes) else None for line in islice(lines, BATCH)]:
        yield block


def _at_once(lines: Sequence[bytes | None], first: int, columns: tuple[str, str]) -> Block | None:
    """The block if every line of it is a row with an id of one kind; else None."""
    import pyarrow as pa
    import pyarrow.json as pj

    if None in lines:
        return None
    content = b"".join(line for line in lines if line)
    read = pj.ReadOptions(block_size=max(len(content), 1), use_threads=False)
    for kind in (pa.string(), pa.int64()):
        schema = pa.schema([(columns[0], kind), (columns[1], pa.string())])
        options = pj.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore")
        try:
            table = pj.read_json(io.BytesIO(content), read, options)
        except pa.ArrowException:
            continue
        if len(table) == len(lines) and not table[columns[0]].null_count:
            ids = table[columns[0]].cast(pa.string()).combine_chunks()
            batch = pa.record_batch([_array(ids), _array(table[columns[1]].combine_chunks())], names=list(ID_TEXT))
            return Block(batch, range(first, first + len(lines)), [])
    return None


def _array(column: "pa.Array | pa.ChunkedArray") -> "pa.Array":
    import pyarrow as pa

    return pa.concat_arrays(column.chunks) if isinstance(column, pa.ChunkedArray) else column


def _built(rows: "Iterator[tuple[int, object]]") -> Block:
    import pyarrow as pa

    numbers: list[int] = []
    ids: list[str] = []
    texts: list[str | None] = []
    faults: list[tuple[int, str]] = []
    for number, row in rows:
        if not isinstance(row, dict):
            if row:
                faults.append((number, str(row)))
            continue
        text, fault = row.get("text"), ""
        if "id" not in row:
            fault = "no id"
        elif text is not None and not isinstance(text, str):
            fault = "text is not a text"
        elif text and not text.isascii():
            try:
                text.encode()
            except UnicodeEncodeError as error:
                fault = f"the text is not valid Unicode at character {error.start + 1}"
        if fault:
            faults.append((number, fault))
            continue
        numbers.append(number)
        name = row["id"]
        ids.append(name if isinstance(name, str) else json.dumps(name, default=str))
        texts.append(text if isinstance(text, str) else None)
    arrays = [
        pa.array([each.encode("utf-8", "replace").decode() for each in ids], pa.string()),
        pa.array(texts, pa.string()),
    ]
    return Block(pa.record_batch(arrays, names=list(ID_TEXT)), numbers, faults)
