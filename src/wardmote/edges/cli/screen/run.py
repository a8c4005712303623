"""Keeps the workers busy and their answers in order, whatever the file's size, and leaves nothing half-written."""

import os
import sys
import time
from collections import deque
from collections.abc import Generator, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import BinaryIO

from wardmote.edges.cli.failure import FAILED, CannotStart
from wardmote.edges.cli.screen.chunks import Chunk, line_chunks, parquet_chunks
from wardmote.edges.cli.screen.progress import Progress
from wardmote.edges.cli.screen.worker import Screened, begin, screen_chunk

AHEAD = 3
"""Pieces under way for each worker: enough that none waits, few enough that memory stays flat."""
SHOWN = 20
"""So many bad lines are named; the rest is counted."""


def run(source: Path | None, target: Path | None, thresholds: Mapping[str, float], processes: int) -> int:
    """Screen `source` (None: stdin) to `target` (None: stdout); gives the exit status."""
    began = time.monotonic()
    rows = flagged = bad = 0
    with (
        _opened(source) as (total, chunks),
        _written(source, target) as out,
        Progress(total) as progress,
        closing(_screened(chunks, thresholds, processes)) as pieces,
    ):
        for done in pieces:
            _write(out, done.lines, target)
            for number, fault in done.faults[: max(SHOWN - bad, 0)]:
                progress.say(f"line {number}: {fault}")
            rows, flagged, bad = rows + done.rows, flagged + done.flagged, bad + len(done.faults)
            progress.advance(done.size, rows)
    seconds = time.monotonic() - began
    left_out = f"; {bad:,} lines were left out" if bad else ""
    print(
        f"{rows:,} texts in {seconds:.1f} s ({rows / max(seconds, 1e-9):,.0f}/s), {flagged:,} flagged{left_out}",
        file=sys.stderr,
    )
    return FAILED if bad else 0


def _screened(
    chunks: Iterator[Chunk], thresholds: Mapping[str, float], processes: int
) -> Generator[Screened, None, None]:
    """The pieces in their order, done by several processes at once."""
    # Spawned, not forked: a fork would take over whatever locks a thread of ours holds at that moment.
    workers = ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=begin)
    under_way: deque[Future[Screened]] = deque()
    try:
        for chunk in chunks:
            under_way.append(workers.submit(screen_chunk, chunk, thresholds))
            if len(under_way) >= AHEAD * processes:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    except BrokenProcessPool as error:
        raise CannotStart("a worker process was killed; nothing was kept") from error
    finally:
        workers.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _opened(source: Path | None) -> Iterator[tuple[int | None, Iterator[Chunk]]]:
    if source is None:
        yield None, line_chunks(sys.stdin.buffer)
        return
    try:
        file = source.open("rb")
        size = source.stat().st_size
    except OSError as error:
        raise CannotStart(f"{source} cannot be read: {error.strerror}") from error
    with file:
        yield parquet_chunks(source) if source.suffix == ".parquet" else (size, line_chunks(file))


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
