"""Scores alone, as columns: Parquet, JSON lines or CSV in, Parquet out, in threads, by the batch."""

import os
import sys
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from wardmote.edges.cli.failure import FAILED, CannotStart
from wardmote.edges.cli.screen.faults import Faults
from wardmote.edges.cli.screen.progress import Progress
from wardmote.edges.cli.screen.reading import ID_TEXT, Block, read_blocks

if TYPE_CHECKING:
    import pyarrow as pa

    from wardmote.detect import CascadeDetector

AHEAD = 2


class Piece(NamedTuple):
    """Some rows of the answer, and the rows that could not be screened: (number, what is wrong)."""

    table: "pa.Table"
    faults: list[tuple[int, str]]


def run_columns(
    source: Path | None, target: Path, stages: int, threads: int, columns: tuple[str, str] = ID_TEXT
) -> int:
    """Write `id`, a float32 column a category and `stage`, the last stage asked; gives the exit status.

    A row whose text is missing or cannot be screened has null scores and is named; one that cannot be read is named and
    left out. The file has its name only when it is whole.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    from wardmote.detect import CascadeDetector

    if source is None:
        raise CannotStart("scores as columns are read from a file, not from stdin")
    if target.exists() and target.samefile(source):
        raise CannotStart(f"{target} is what is read; write somewhere else")
    began = time.monotonic()
    detector = CascadeDetector.shipped().up_to(stages)
    part = target.with_name(target.name + ".part")
    rows = 0
    writer: pq.ParquetWriter | None = None
    try:
        with Progress(None) as progress:
            faults = Faults(target, progress, "row" if source.suffix.lower() == ".parquet" else "line")
            for piece in _in_order(read_blocks(source, columns), detector, threads):
                faults.add(piece.faults)
                if writer is None:
                    writer = pq.ParquetWriter(part, piece.table.schema, use_dictionary=False, compression="lz4")
                writer.write_table(piece.table)
                rows += len(piece.table)
                progress.advance(0, rows)
        if writer is None or not rows:
            raise CannotStart(
                f"{source} cannot be read: no line of it is a row" if faults.count else f"{source} holds no rows"
            )
        writer.close()
        writer = None
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(target)
        faults.finish()
    except pa.ArrowException as error:
        raise CannotStart(f"{source} cannot be read: {error}") from None
    except OSError as error:
        raise CannotStart(f"{target} cannot be written: {error.strerror or error}") from error
    finally:
        if writer is not None:
            writer.close()
        part.unlink(missing_ok=True)
    seconds = time.monotonic() - began
    bad = faults.count
    left_out = f"; {bad:,} rows have no scores" if bad else ""
    print(f"{rows:,} texts in {seconds:.1f} s ({rows / max(seconds, 1e-9):,.0f}/s){left_out}", file=sys.stderr)
    return FAILED if bad else 0


def _in_order(blocks: Iterator[Block], detector: "CascadeDetector", threads: int) -> Iterator[Piece]:
    under_way: deque[Future[Piece]] = deque()
    with ThreadPoolExecutor(threads) as workers:
        for block in blocks:
            under_way.append(workers.submit(_screened, block, detector))
            if len(under_way) > AHEAD * threads:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


def _screened(block: Block, detector: "CascadeDetector") -> Piece:
    import pyarrow as pa

    batch = block.batch
    column = batch.column("text").cast(pa.large_string(), safe=False)
    faults = _faults(column, detector.accepts.max_characters)
    if faults:
        bad = {place for place, _ in faults}
        column = pa.array([None if k in bad else column[k].as_py() for k in range(len(column))], pa.large_string())
    scores, stages = detector.scores_and_stages(column)
    columns = {"id": batch.column("id")}
    absent = column.is_null().to_numpy(zero_copy_only=False) if column.null_count else None
    for place, category in enumerate(detector.categories):
        columns[category] = pa.array(scores[:, place].astype("float32"), mask=absent)
    columns["stage"] = pa.array(stages, mask=absent)
    named = [(block.numbers[place], fault) for place, fault in faults]
    return Piece(pa.table(columns), sorted([*block.faults, *named]))


def _faults(column: "pa.LargeStringArray", longest: int) -> list[tuple[int, str]]:
    """The places of the texts that cannot be screened, and why: missing, not UTF-8, too long."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        column.validate(full=True)
        lengths = pc.utf8_length(column)
        most = pc.max(lengths).as_py()
        if not column.null_count and (most is None or most <= longest):
            return []
    except pa.ArrowInvalid:
        pass
    found = []
    for place in range(len(column)):
        try:
            text = column[place].as_py()
        except UnicodeDecodeError:
            found.append((place, "not UTF-8"))
            continue
        if text is None:
            found.append((place, "no text"))
        elif len(text) > longest:
            found.append((place, f"{len(text):,} characters; at most {longest:,} are screened"))
    return found
