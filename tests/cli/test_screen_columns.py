"""`wardmote screen --out NAME.parquet`: scores alone, as columns."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.cli.test_screen import TEXTS, lines, screen

from wardmote.detect import CascadeDetector


def test_the_scores_are_those_of_the_library_whatever_the_file_they_came_from(tmp_path: Path) -> None:
    """JSON lines and Parquet give the same columns, in the order of the rows, with the last stage that was asked."""
    rows = [{"id": str(n), "text": f"{TEXTS[n % 3]} {n}"} for n in range(300)]
    (tmp_path / "in.jsonl").write_bytes(lines(*rows))
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "in.parquet")
    detector = CascadeDetector.shipped()
    judged = detector.judge_texts([row["text"] for row in rows])
    for name in ("in.jsonl", "in.parquet"):
        done = screen(tmp_path / name, "--out", tmp_path / "out.parquet", "--processes", "2")
        found = pq.read_table(tmp_path / "out.parquet")
        assert done.returncode == 0, done.stderr
        assert found.column_names == ["id", *detector.categories, "stage"]
        assert found["id"].to_pylist() == [row["id"] for row in rows]
        assert found["stage"].to_pylist() == judged.stages.tolist()
        for place, category in enumerate(detector.categories):
            assert np.array_equal(found[category].to_numpy(), judged.scores[:, place].astype(np.float32))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "in.parquet", "out.parquet"]


def test_the_later_stages_can_be_left_out(tmp_path: Path) -> None:
    """With `--stages 1` nobody but the linear model is asked."""
    (tmp_path / "in.jsonl").write_bytes(lines(*({"id": str(n), "text": text} for n, text in enumerate(TEXTS))))
    done = screen(tmp_path / "in.jsonl", "--out", tmp_path / "out.parquet", "--stages", "1")
    assert done.returncode == 0, done.stderr
    assert pq.read_table(tmp_path / "out.parquet")["stage"].to_pylist() == [1, 1, 1]


def test_a_row_that_cannot_be_screened_is_named_and_has_no_scores(tmp_path: Path) -> None:
    """Too long, or missing: the others are scored, and the exit status says that some were not."""
    texts = ["The lime trees are in flower.", "x" * 50_001, None, TEXTS[1]]
    rows = [{"id": str(n), "text": text} for n, text in enumerate(texts)]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "in.parquet")
    done = screen(tmp_path / "in.parquet", "--out", tmp_path / "out.parquet")
    assert done.returncode == 1
    assert b"row 2: 50,001 characters; at most 50,000 are screened" in done.stderr
    assert b"row 3: no text" in done.stderr
    threats = pq.read_table(tmp_path / "out.parquet")["violence.threat"].to_pylist()
    assert [score is None for score in threats] == [False, True, True, False]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("absent.parquet", None, b"absent.parquet cannot be read"),
        ("in.parquet", b"no Parquet", b"in.parquet cannot be read"),
        ("in.jsonl", b"{broken\n", b"in.jsonl cannot be read"),
        ("in.jsonl", b"", b"in.jsonl"),
    ],
)
def test_what_cannot_be_read_is_one_line(tmp_path: Path, name: str, content: bytes | None, said: bytes) -> None:
    """And no file is left behind."""
    if content is not None:
        (tmp_path / name).write_bytes(content)
    done = screen(tmp_path / name, "--out", tmp_path / "out.parquet")
    assert done.returncode != 0
    assert said in done.stderr
    assert b"Traceback" not in done.stderr
    assert not list(tmp_path.glob("out.parquet*"))


def test_a_table_without_texts_says_what_is_missing(tmp_path: Path) -> None:
    """The error names the column and what is there instead."""
    pq.write_table(pa.table({"id": ["1"], "body": ["text"]}), tmp_path / "in.parquet")
    done = screen(tmp_path / "in.parquet", "--out", tmp_path / "out.parquet")
    assert b"has no column text; its columns are id, body" in done.stderr


def test_stages_are_for_columns_alone(tmp_path: Path) -> None:
    """Where words are shown all stages are asked."""
    (tmp_path / "in.jsonl").write_bytes(lines({"id": "1", "text": "text"}))
    done = screen(tmp_path / "in.jsonl", "--stages", "1")
    assert done.returncode != 0
    assert b"--stages is for scores alone" in done.stderr
