"""`screen`: texts a second from a file of JSON lines to a file of JSON lines, beside two peers in the same run."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.contract import About, Size
from benchmarks.figures import Figure
from benchmarks.load import timed
from benchmarks.texts import source, texts

ABOUT = About(
    what="`wardmote screen` reads a file of JSON lines, scores every text in eight categories, finds the words behind "
    "each flag and writes a file, start of the process included; the peers read the same file, give one probability a "
    "text, show no words, and are timed without their start. “Arrow” is the scoring alone, from an Arrow column.",
    aim="A hundred million posts a day are 5,800 a second at the peak; for Arrow, what a pool of processes with "
    "pyarrow moved in our reference, 211,000 rows a second on two cores.",
    limit="The words behind the flags: of a text that a later stage flags they are found by leaving words out, and "
    "what is shown is tried out on all stages. Most of these data sets were gathered for abuse, and flag many times "
    "what ordinary posts do: see `cascade` for those, and for scores alone.",
)
ROWS: dict[Size, int] = {"tiny": 60, "usual": 200_000, "full": 2_000_000}
PEER_ROWS = 20_000
TRAINING_ROWS = 5_000
_BATCH = 2_000
Predict = Callable[[list[str]], Any]


def measure(size: Size, database: str) -> list[Figure]:  # noqa: ARG001 - it needs no database
    """The figures; a peer that is not installed is left out."""
    said = texts(ROWS[size])
    with tempfile.TemporaryDirectory(prefix="wardmote-bench-") as folder:
        place = Path(folder)
        _write(place / "in.jsonl", said)
        _write(place / "few.jsonl", said[:PEER_ROWS])
        cores = len(os.sched_getaffinity(0))
        alone = _rate(len(said), lambda: _command(place, processes=1))
        figures = [
            _figure("from a file", alone, len(said), 1, peer=name, peer_value=value)
            for name, value in _peers(place, said)
        ] or [_figure("from a file", alone, len(said), 1)]
        if cores > 1:
            together = _rate(len(said), lambda: _command(place, processes=cores))
            figures.append(_figure("from a file", together, len(said), cores))
    figures.append(_arrow(said, cores))
    return figures


def _figure(
    name: str, value: float, rows: int, processes: int, *, peer: str | None = None, peer_value: float | None = None
) -> Figure:
    params: dict[str, str | int] = {"texts": rows, "processes": processes, "data": source()}
    return Figure("screen", name, value, "texts/s", 5_800, "higher", params, peer, peer_value)


def _write(path: Path, said: Sequence[str]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for number, text in enumerate(said):
            file.write(json.dumps({"id": str(number), "text": text}) + "\n")


def _rate(rows: int, call: Callable[[], object]) -> float:
    return rows / timed(call)


def _command(place: Path, *, processes: int) -> None:
    command = [sys.executable, "-m", "wardmote", "screen", str(place / "in.jsonl"), "--out", str(place / "out.jsonl")]
    subprocess.run([*command, "--processes", str(processes)], check=True, capture_output=True)  # noqa: S603 - our own


def _arrow(said: Sequence[str], cores: int) -> Figure:
    import pyarrow as pa

    from wardmote.detect import Screener

    screener = Screener.default()
    column = pa.array(said, pa.large_string())
    parts = [column.slice(start, len(said) // cores + 1) for start in range(0, len(said), len(said) // cores + 1)]
    screener.screen_batch(column.slice(0, 1))
    with ThreadPoolExecutor(cores) as threads:
        seconds = timed(lambda: list(threads.map(screener.screen_batch, parts)))
    params: dict[str, str | int] = {"texts": len(said), "threads": cores, "data": source()}
    return Figure("screen", "from Arrow", len(said) / seconds, "texts/s", 211_000, "higher", params)


def _peers(place: Path, said: Sequence[str]) -> list[tuple[str, float]]:
    rows = min(len(said), PEER_ROWS)
    found: list[tuple[str, float]] = []
    for name, module, make in (
        ("alt-profanity-check", "profanity_check", profanity_check),
        ("scikit-learn: TF-IDF, logistic regression", "sklearn", plain_pipeline),
    ):
        if find_spec(module) is None:
            print(f"screen: {name} is not installed; it is left out")  # noqa: T201 - for whoever runs it
            continue
        predict = make(said)
        predict(["warm"])
        found.append((name, _rate(rows, lambda predict=predict: _by(predict, place))))  # type: ignore[misc]
    return found


def _by(predict: Predict, place: Path) -> None:
    with (place / "few.jsonl").open("rb") as lines, (place / "peer.jsonl").open("w", encoding="utf-8") as out:
        batch: list[dict[str, str]] = []
        for line in lines:
            batch.append(json.loads(line))
            if len(batch) == _BATCH:
                _answer(predict, batch, out.write)
                batch = []
        if batch:
            _answer(predict, batch, out.write)


def _answer(predict: Predict, batch: Sequence[dict[str, str]], write: Callable[[str], object]) -> None:
    for row, score in zip(batch, predict([row["text"] for row in batch]), strict=True):
        write(json.dumps({"id": row["id"], "score": round(float(score), 4)}) + "\n")


def profanity_check(said: Sequence[str]) -> Predict:  # noqa: ARG001 - it comes trained
    """The peer as it comes."""
    from profanity_check import predict_prob

    predict: Predict = predict_prob
    return predict


def plain_pipeline(said: Sequence[str]) -> Predict:
    """Words and pairs of words, trained on what the shipped model flags: only its speed is of interest."""
    import pyarrow as pa
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    from wardmote.detect import Screener

    rows = list(said[:TRAINING_ROWS])
    scores = Screener.default().screen_batch(pa.array(rows, pa.large_string())).to_pylist()
    ranked = sorted(max(row.values()) for row in scores)
    labels = [max(row.values()) > ranked[len(ranked) // 2] for row in scores]
    model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LogisticRegression(max_iter=1000)).fit(rows, labels)
    return lambda batch: model.predict_proba(batch)[:, 1]
