"""`cascade`: ordinary posts through one stage and through all three, from file to file and one by one."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from benchmarks.contract import About, Size
from benchmarks.figures import Figure
from benchmarks.load import timed
from benchmarks.screen import plain_pipeline, profanity_check
from benchmarks.texts import ordinary, source

ABOUT = About(
    what="`wardmote screen POSTS.parquet --out SCORES.parquet` over ordinary posts, start of the process included: "
    "with the first stage alone, and with all three as they ship. Then the stages by themselves on one thread, without "
    "files, beside MiniLM reading every post; and posts one by one, as they are written: all, and those that the "
    "language model reads, whose words behind a flag are found by leaving each out in turn.",
    aim="Ten minutes for the 183 million posts of a network that was shut down (300,000 a second), and one hour with "
    "all stages (51,000); 20,000 for the student; 5 ms for one post.",
    limit="The language model takes two to four milliseconds a post: what share of posts reaches it decides the rest.",
)
ROWS: dict[Size, int] = {"tiny": 400, "usual": 2_400_000, "full": 12_000_000}
SLOWER = 4
"""The whole cascade is given so many times fewer rows than the first stage alone."""
SINGLES: dict[Size, int] = {"tiny": 40, "usual": 5_000, "full": 20_000}
FEW = 20_000
SLOW = 600


def measure(size: Size, database: str) -> list[Figure]:  # noqa: ARG001 - it needs no database
    """The figures; a peer that is not installed is left out."""
    said = ordinary(ROWS[size])
    figures = []
    with tempfile.TemporaryDirectory(prefix="wardmote-bench-") as folder:
        place = Path(folder)
        for stages, aim, name in ((1, 300_000, "first stage"), (3, 51_000, "whole cascade")):
            said = said if stages == 1 else said[: len(said) // SLOWER]
            _write(place / "in.parquet", said)
            seconds = timed(lambda stages=stages: _command(place, stages))  # type: ignore[misc]
            figures.append(_rate(f"{name}, file to file", len(said), seconds, aim))
    few = said[: min(len(said), FEW)]
    figures += _stages(few)
    for module, name, make in (
        ("profanity_check", "alt-profanity-check", profanity_check),
        ("sklearn", "scikit-learn: TF-IDF, logistic regression", plain_pipeline),
    ):
        if find_spec(module) is None:
            print(f"cascade: {name} is not installed; it is left out")  # noqa: T201 - for whoever runs it
            continue
        predict = make(few)
        predict(few[:1])
        figures.append(_rate(f"peer: {name}", len(few), timed(lambda predict=predict: predict(few)), 51_000, threads=1))  # type: ignore[misc]
    return [*figures, *_alone(said[: SINGLES[size]])]


def _rate(name: str, rows: int, seconds: float, aim: float, *, threads: int | None = None) -> Figure:
    params: dict[str, str | int] = {"texts": rows, "data": source()}
    params["threads"] = threads or len(os.sched_getaffinity(0))
    return Figure("cascade", name, rows / seconds, "posts/s", aim, "higher", params)


def _write(path: Path, said: Sequence[str]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table({"id": pa.array(map(str, range(len(said)))), "text": pa.array(said)})
    pq.write_table(table, path, row_group_size=100_000)


def _command(place: Path, stages: int) -> None:
    command = [sys.executable, "-m", "wardmote", "screen", str(place / "in.parquet"), "--stages", str(stages)]
    subprocess.run([*command, "--out", str(place / "out.parquet")], check=True, capture_output=True)  # noqa: S603 - our own


def _stages(said: Sequence[str]) -> list[Figure]:
    """The stages by themselves, each over all posts it is given, on this thread."""
    from wardmote.detect import CascadeDetector

    detector = CascadeDetector.shipped()
    data = "".join(said).encode()
    offsets = np.zeros(len(said) + 1, np.int64)
    np.cumsum([len(text.encode()) for text in said], out=offsets[1:])
    raw = np.frombuffer(data, np.uint8)
    first, whole, tables = detector.up_to(1), detector, detector.tables
    slow = said[:SLOW]

    def whole_of() -> object:
        return whole.judge(said, raw, offsets)

    runs: list[tuple[str, Callable[[], object], int, float]] = [
        ("first stage alone", lambda: first.judge(said, raw, offsets), len(said), 150_000),
        ("student alone", lambda: detector.student.logits(raw, offsets, tables), len(said), 20_000),
        ("whole cascade", whole_of, len(said), 25_500),
        ("MiniLM alone", lambda: detector.language.logits(slow, tables), len(slow), 270),
    ]
    found = []
    for name, run, rows, aim in runs:
        if name != "MiniLM alone":
            run()
        found.append(_rate(name, rows, timed(run), aim, threads=1))
    return found


def _alone(said: Sequence[str]) -> list[Figure]:
    """Posts one by one with their words, in milliseconds: 99 of 100 take less."""
    from wardmote.detect import CascadeDetector

    detector = CascadeDetector.shipped()
    stages = detector.judge_texts(said).stages
    times = []
    for text in said:
        began = time.perf_counter()
        detector.examine(text)
        times.append(1000 * (time.perf_counter() - began))
    taken = np.array(times)
    params: dict[str, str | int] = {"texts": len(said), "data": source()}
    figures = [Figure("cascade", "one post, p99", float(np.quantile(taken, 0.99)), "ms", 5, "lower", params)]
    third, others = taken[stages == 3], taken[stages < 3]
    if len(third) and len(others):
        name, params = "one post that the language model does not read, p99", {**params, "texts": len(others)}
        figures.append(Figure("cascade", name, float(np.quantile(others, 0.99)), "ms", 5, "lower", params))
        params = {**params, "texts": len(third)}
        figures.append(
            Figure(
                "cascade",
                "one post that the language model reads, median",
                float(np.median(third)),
                "ms",
                5,
                "lower",
                params,
            )
        )
    return figures
