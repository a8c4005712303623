"""What one process does with a piece of the file: read it, score it, write it as JSON lines."""

import csv
import io
import json
import multiprocessing
import os
import signal
import threading
from codecs import BOM_UTF8
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import count
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING

from wardmote.detect import NotRead, Screener, Span
from wardmote.edges.cli.screen.chunks import Chunk

if TYPE_CHECKING:
    import pyarrow as pa

    from wardmote.detect.contract import Wanted

_DECIMALS = 4
_READER = json.JSONDecoder()
_Found = tuple[str, Span]
_SPAN = '{"start": %d, "end": %d, "category": "%s", "weight": %r}'


@dataclass(frozen=True, slots=True)
class Screened:
    """A piece that is done: its lines as they are written, how many rows it had, flagged (`flags`: by category) and
    found in a language that is not covered, and the rows it could not screen. `keys` are the scores to sort by."""

    lines: list[bytes]
    keys: list[float]
    rows: int
    flagged: int
    flags: dict[str, int]
    foreign: int
    faults: list[tuple[int, str]]
    size: int


@dataclass(frozen=True, slots=True)
class Task:
    """From which scores on to flag, the names of the columns id and text, by which category (or `any`) to sort, and
    whether rows are written as those of a table."""

    thresholds: Mapping[str, float]
    columns: tuple[str, str] = ("id", "text")
    sort: str | None = None
    table: bool = False


@dataclass(frozen=True, slots=True)
class _Text:
    """A row that can be screened; `id` is already JSON."""

    id: str
    text: str
    name: object


def begin() -> None:
    """Called first in a worker: Ctrl-C is the parent's to answer, and without the parent there is nothing to do."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


@cache
def _screener() -> Screener:
    return Screener.default()


def screen_chunk(chunk: Chunk, task: Task) -> Screened:
    """Screen one piece."""
    faults: list[tuple[int, str]] = []
    texts: list[_Text] = []
    rows = _rows(chunk, task.columns)
    longest = min(detector.accepts.max_characters for detector in _screener().detectors)
    for number, row in zip(chunk.numbers or count(chunk.first), rows, strict=False):
        if row == "":
            continue
        text = _check(row, longest) if isinstance(row, dict) else row
        if isinstance(text, str):
            faults.append((number, text))
        else:
            texts.append(text)
    return _score(texts, task, faults, chunk.size)


def _rows(chunk: Chunk, columns: tuple[str, str]) -> list[dict[str, object] | str]:
    """The rows; in place of one that cannot be read its fault, in place of a blank line an empty text."""
    if isinstance(chunk.content, list):
        return [each if isinstance(each, dict | str) else parse(each, columns) for each in chunk.content]
    import pyarrow as pa

    (batch,) = pa.ipc.open_stream(chunk.content)
    try:
        rows: list[dict[str, object] | str] = batch.to_pylist()
    except (UnicodeDecodeError, ValueError, OverflowError):
        return [_parquet_row(batch.slice(place, 1)) for place in range(len(batch))]
    return rows


def _parquet_row(batch: "pa.RecordBatch") -> dict[str, object] | str:
    try:
        row: dict[str, object] = batch.to_pylist()[0]
    except UnicodeDecodeError:
        return "not UTF-8"
    except (ValueError, OverflowError) as error:
        return f"the row cannot be read: {error}"
    return row


def parse(line: bytes | None, columns: tuple[str, str]) -> dict[str, object] | str:
    """The fields of a line, the two columns as id and text; or else its fault, empty for a blank line."""
    row = _parse(line)
    if isinstance(row, str) or columns == ("id", "text"):
        return row
    return {name: row[column] for name, column in zip(("id", "text"), columns, strict=True) if column in row}


def _parse(line: bytes | None) -> dict[str, object] | str:
    if line is None:
        return "the line is too long for any text"
    try:
        row = _read(line.decode())
    except UnicodeDecodeError as error:
        return f"not UTF-8 at byte {error.start + 1}"
    except RecursionError:
        return "not JSON that can be read: nested too deeply"
    except ValueError as error:
        return f"not JSON: {error}" if line.strip() else ""
    return row if isinstance(row, dict) else "not a JSON object"


def _read(line: str) -> object:
    """`json.loads`, the short way for the usual line: one value, and a line end after it."""
    try:
        value, end = _READER.raw_decode(line)
    except ValueError:
        return json.loads(line)
    return value if len(line) - end <= 1 and line[end:].isspace() else json.loads(line)


def _check(row: Mapping[str, object], longest: int) -> _Text | str:
    text = row.get("text")
    if "id" not in row:
        return "no id"
    if not isinstance(text, str):
        return "no text" if text is None else "text is not a text"
    if len(text) > longest:
        return f"the text has {len(text):,} characters; the most is {longest:,}"
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            return f"the text is not valid Unicode at character {error.start + 1}"
    name = row["id"]
    plain = isinstance(name, str) and name.isalnum() and name.isascii()
    return _Text(f'"{name}"' if plain else json.dumps(name, default=str), text, name)


def _score(texts: list[_Text], task: Task, faults: list[tuple[int, str]], size: int) -> Screened:
    if not texts:
        return Screened([], [], 0, 0, {}, 0, faults, size)
    import pyarrow as pa

    column = pa.array([each.text for each in texts], pa.large_string())
    table = _screener().screen_batch(column)
    limits = task.thresholds
    wanted = {name: table[name].to_numpy() >= limits[name] for name in table.column_names if name in limits}
    flagged = [False] * len(texts)
    for marks in wanted.values():
        for place in marks.nonzero()[0].tolist():
            flagged[place] = True
    spans = _spans(column, wanted)
    reasons = [each.reason for each in _screener().covered_batch(column)]
    scores = list(zip(*(each.to_pylist() for each in table.columns), strict=True))
    write = _table_row if task.table else _json_row
    lines = [
        write(text, table.column_names, values, over, found, reason)
        for text, values, over, found, reason in zip(
            texts, scores, flagged, (spans.get(place, []) for place in range(len(texts))), reasons, strict=True
        )
    ]
    keys: list[float] = []
    if task.sort:
        keys = [max(each) for each in scores] if task.sort == "any" else table[task.sort].to_pylist()
    flags = {name: int(marks.sum()) for name, marks in wanted.items() if marks.any()}
    foreign = sum(reason is not None for reason in reasons)
    return Screened(lines, keys, len(texts), sum(flagged), flags, foreign, faults, size)


def _json_row(
    text: _Text, names: list[str], values: tuple[float, ...], flagged: bool, found: list[_Found], reason: NotRead | None
) -> bytes:
    scores = ", ".join(f'"{name}": {value!r}' for name, value in zip(names, values, strict=True))
    spans = ", ".join(
        _SPAN % (span.start, span.end, category, round(span.weight, _DECIMALS)) for category, span in found
    )
    more = f', "not_covered": "{reason.value}"' if reason else ""
    row = f'{{"id": {text.id}, "scores": {{{scores}}}, "flagged": {"true" if flagged else "false"}, "spans": [{spans}]'
    return f"{row}{more}}}\n".encode()


def head_of_table() -> bytes:
    """The first line of a table: a mark by which spreadsheets know UTF-8, and the names of the columns."""
    return BOM_UTF8 + _cells(["id", "flagged", *_screener().categories, "words", "not_covered"])


def _table_row(
    text: _Text, names: list[str], values: tuple[float, ...], flagged: bool, found: list[_Found], reason: NotRead | None
) -> bytes:
    scores = dict(zip(names, values, strict=True))
    # In quotation marks: a spreadsheet would run a word that begins with = as a formula.
    words = " ".join(dict.fromkeys(f"“{text.text[span.start : span.end]}”" for _, span in found))
    name = text.name if isinstance(text.name, str) else text.id
    plain = [f"{scores[category]:.4f}" for category in _screener().categories]
    return _cells([name, "yes" if flagged else "no", *plain, words, reason.value if reason else ""])


def _cells(row: list[str]) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerow(row)
    return written.getvalue().encode("utf-8", "backslashreplace")


def _spans(column: "pa.LargeStringArray", wanted: "Wanted") -> dict[int, list[_Found]]:
    """By row, the words behind the scores that made it flagged."""
    spans: dict[int, list[_Found]] = {}
    for row, category, span in _screener().spans_batch(column, wanted):
        spans.setdefault(row, []).append((category, span))
    return spans
