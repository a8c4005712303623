"""What one process does with a piece of the file: read it, score it, write it as JSON lines."""

import json
import multiprocessing
import os
import signal
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING

from wardmote.detect import Screener
from wardmote.edges.cli.screen.chunks import Chunk

if TYPE_CHECKING:
    import pyarrow as pa

    from wardmote.detect.contract import Wanted

_DECIMALS = 4
_READER = json.JSONDecoder()
_SPAN = '{"start": %d, "end": %d, "category": "%s", "weight": %r}'


@dataclass(frozen=True, slots=True)
class Screened:
    """A piece that is done: its JSON lines, how many rows it had and flagged, and the rows it could not screen."""

    lines: bytes
    rows: int
    flagged: int
    faults: list[tuple[int, str]]
    size: int


@dataclass(frozen=True, slots=True)
class _Text:
    """A row that can be screened; `id` is already JSON."""

    id: str
    text: str


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


def screen_chunk(chunk: Chunk, thresholds: Mapping[str, float]) -> Screened:
    """Screen one piece."""
    faults: list[tuple[int, str]] = []
    texts: list[_Text] = []
    rows = _rows(chunk)
    longest = min(detector.accepts.max_characters for detector in _screener().detectors)
    for number, row in enumerate(rows, chunk.first):
        if row == "":
            continue
        text = _check(row, longest) if isinstance(row, dict) else row
        if isinstance(text, str):
            faults.append((number, text))
        else:
            texts.append(text)
    lines, flagged = _score(texts, thresholds)
    return Screened(lines, len(texts), flagged, faults, chunk.size)


def _rows(chunk: Chunk) -> list[dict[str, object] | str]:
    """The rows; in place of one that cannot be read its fault, in place of a blank line an empty text."""
    if isinstance(chunk.content, list):
        return [_parse(line) for line in chunk.content]
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
    return _Text(f'"{name}"' if plain else json.dumps(name, default=str), text)


def _score(texts: list[_Text], thresholds: Mapping[str, float]) -> tuple[bytes, int]:
    if not texts:
        return b"", 0
    import pyarrow as pa

    column = pa.array([each.text for each in texts], pa.large_string())
    table = _screener().screen_batch(column)
    wanted = {name: table[name].to_numpy() >= thresholds[name] for name in table.column_names if name in thresholds}
    spans = _spans(column, wanted)
    flagged = [False] * len(texts)
    for marks in wanted.values():
        for place in marks.nonzero()[0].tolist():
            flagged[place] = True
    names = ", ".join(f'"{name}": %r' for name in table.column_names)
    row = '{"id": %s, "scores": {' + names + '}, "flagged": %s, "spans": %s}\n'
    scores = zip(*(column.to_pylist() for column in table.columns), strict=True)
    written = [
        row % (text.id, *values, "true" if over else "false", f"[{', '.join(spans.get(place, ()))}]" if over else "[]")
        for place, (text, values, over) in enumerate(zip(texts, scores, flagged, strict=True))
    ]
    return "".join(written).encode(), sum(flagged)


def _spans(column: "pa.LargeStringArray", wanted: "Wanted") -> dict[int, list[str]]:
    """By row, the words behind the scores that made it flagged, each as JSON."""
    spans: dict[int, list[str]] = {}
    for row, category, span in _screener().spans_batch(column, wanted):
        written = _SPAN % (span.start, span.end, category, round(span.weight, _DECIMALS))
        spans.setdefault(row, []).append(written)
    return spans
