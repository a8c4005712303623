"""Keeps the workers busy and their answers in order, whatever the file's size, and leaves nothing half-written."""

import os
import sys
import time
from collections import Counter, deque
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import BinaryIO

from wardmote.edges.cli.failure import FAILED, CannotStart
from wardmote.edges.cli.screen.chunks import Chunk, csv_chunks, line_chunks, parquet_chunks
from wardmote.edges.cli.screen.faults import Faults
from wardmote.edges.cli.screen.progress import Progress
from wardmote.edges.cli.screen.worker import Screened, Task, begin, head_of_table, screen_chunk

AHEAD = 3
"""Pieces under way for each worker: enough that none waits, few enough that memory stays flat."""


def run(source: Path | None, target: Path | None, task: Task, processes: int) -> int:
    """Screen `source` (None: stdin) to `target` (None: stdout); gives the exit status."""
    began = time.monotonic()
    rows = flagged = foreign = 0
    flags: Counter[str] = Counter()
    kept: list[tuple[float, bytes]] = []
    table = target is not None and target.suffix.lower() == ".csv"
    task = replace(task, table=table)
    with (
        _opened(source, task.columns) as (total, chunks),
        _written(source, target) as out,
        Progress(total) as progress,
        closing(_screened(chunks, task, processes)) as pieces,
    ):
        faults = Faults(target, progress, "line")
        if table:
            _write(out, head_of_table(), target)
        for done in pieces:
            if task.sort is None:
                _write(out, b"".join(done.lines), target)
            else:
                kept += zip(done.keys, done.lines, strict=True)
            faults.add(done.faults)
            rows, flagged, foreign = rows + done.rows, flagged + done.flagged, foreign + done.foreign
            flags.update(done.flags)
            progress.advance(done.size, rows)
        for _, line in sorted(kept, key=lambda each: -each[0]):
            _write(out, line, target)
        faults.finish()
    bad = faults.count
    seconds = time.monotonic() - began
    left_out = f"; {bad:,} lines were left out" if bad else ""
    print(
        f"{rows:,} texts in {seconds:.1f} s ({rows / max(seconds, 1e-9):,.0f}/s), {flagged:,} flagged{left_out}",
        file=sys.stderr,
    )
    for category, count in flags.most_common():
        print(f"  {category:<22} {count:>9,} from {task.thresholds[category]:.4f}", file=sys.stderr)
    if foreign:
        print(f"  {'language not covered':<22} {foreign:>9,}; their scores say nothing", file=sys.stderr)
    return FAILED if bad else 0


def _screened(chunks: Iterator[Chunk], task: Task, processes: int) -> Generator[Screened, None, None]:
    """The pieces in their order, done by several processes at once."""
    # Spawned, not forked: a fork would take over whatever locks a thread of ours holds at that moment.
    workers = ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=begin)
    under_way: deque[Future[Screened]] = deque()
    try:
        for chunk in chunks:
            under_way.append(workers.submit(screen_chunk, chunk, task))
            if len(under_way) >= AHEAD * processes:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    except BrokenProcessPool as error:
        raise CannotStart("a worker process was killed; nothing was kept") from error
    finally:
        workers.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _opened(source: Path | None, columns: tuple[str, str]) -> Iterator[tuple[int | None, Iterator[Chunk]]]:
    if source is None:
        yield None, line_chunks(sys.stdin.buffer)
        return
    try:
        file = source.open("rb")
        size = source.stat().st_size
    except OSError as error:
        raise CannotStart(f"{source} cannot be read: {error.strerror}") from error
    with file:
        ending = source.suffix.lower()
        if ending in (".csv", ".tsv"):
            yield size, csv_chunks(source, file, columns)
        else:
            yield parquet_chunks(source, columns) if ending == ".parquet" else (size, line_chunks(file))


@contextmanager
def _written(source: Path | None, target: Path | None) -> Iterator[BinaryIO]:
    """Where the lines go. A file has its name only when it is whole: until then it is `NAME.part`."""
    if target is None:
        yield sys.stdout.buffer
        return
    if source is not None and target.exists() and target.samefile(source):
        raise CannotStart(f"{target} is what is read; write somewhere else")
    part = target.with_name(target.name + ".part")
    try:
        file = part.open("wb")
    except OSError as error:
        raise _cannot_write(target, error) from error
    try:
        with file:
            yield file
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _write(out: BinaryIO, lines: bytes, target: Path | None) -> None:
    try:
        out.write(lines)
        out.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise _cannot_write(target, error) from error


def _cannot_write(target: Path | None, error: OSError) -> CannotStart:
    return CannotStart(f"{target or 'stdout'} cannot be written: {error.strerror or error}")
