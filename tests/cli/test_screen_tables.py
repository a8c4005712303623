"""`wardmote screen` with spreadsheets, policies and an order: what is read, flagged, written and summed up."""

import csv
import io
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.cli.test_screen import TEXTS, lines, read

from wardmote.edges.cli.main import main

COMMON = ["--processes", "1"]


def test_a_spreadsheet_is_read_and_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Semicolons and columns of other names in; a table with scores, flags and words out; bad rows beside it."""
    source, target = tmp_path / "in.CSV", tmp_path / "out.csv"
    rows = [("a1", TEXTS[0]), ("a2", TEXTS[1]), ("a3", "two\nlines")]
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerows([("number", "body"), *rows])
    source.write_bytes(written.getvalue().encode() + b'a4;six 6" wide\r\n')
    status = main(["screen", str(source), "--out", str(target), "--columns", "number,body", *COMMON])
    found = list(csv.DictReader(io.StringIO(target.read_text("utf-8-sig"), newline="")))
    said = capsys.readouterr().err

    assert status == 1
    assert [row["id"] for row in found] == ["a1", "a2", "a3"]
    assert [row["flagged"] for row in found] == ["no", "yes", "no"]
    assert "kill" in found[1]["words"]
    assert float(found[1]["violence.threat"]) > 0.5
    assert "line 6: not CSV" in said
    assert "violence.threat" in said
    assert json.loads(target.with_name("out.csv.rejects.jsonl").read_text())["line"] == 6


def test_an_ordinary_greeting_is_not_flagged_and_the_thresholds_can_be_ones_own(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """One ordinary text in a hundred is flagged, not one for each category; a policy's thresholds replace them all."""
    source, policy = tmp_path / "in.jsonl", tmp_path / "policy.json"
    source.write_bytes(lines({"id": 1, "text": "Good morning"}, {"id": 2, "text": TEXTS[1]}))
    clause = {"key": "1.1", "category": "violence.glorification", "queue_at": 0.001, "hold_at": 0.9}
    policy.write_text(json.dumps({"clauses": [clause, {"key": "2", "category": None}]}))

    assert main(["screen", str(source), *COMMON]) == 0
    usual = capsysbinary.readouterr()
    assert main(["screen", str(source), "--policy", str(policy), *COMMON]) == 0
    ruled = capsysbinary.readouterr()

    assert [row["flagged"] for row in read(usual.out)] == [False, True]
    assert read(ruled.out)[0]["flagged"] is True
    assert b"violence.threat" not in ruled.err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"weather": 0.5}', "nothing scores weather"),
        ('{"violence.threat": 2}', "is not above 0 and at most 1: 2"),
        ("[]", "no clause with a threshold"),
        ("[7]", "is no policy"),
        ("{", "is not JSON"),
    ],
)
def test_a_policy_that_is_none_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, said: str
) -> None:
    """The file is named, and what is wrong with it."""
    (tmp_path / "policy.json").write_text(content)
    (tmp_path / "in.jsonl").write_bytes(lines({"id": 1, "text": "text"}))

    assert main(["screen", str(tmp_path / "in.jsonl"), "--policy", str(tmp_path / "policy.json")]) == 1
    assert said in capsys.readouterr().err


def test_the_highest_scores_come_first_on_request(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """By a category or by any; what no model reads is marked and counted."""
    (tmp_path / "in.jsonl").write_bytes(
        lines({"id": 1, "text": TEXTS[0]}, {"id": 2, "text": TEXTS[1]}, {"id": 3, "text": "Я тебя найду и убью."})
    )
    assert main(["screen", str(tmp_path / "in.jsonl"), "--sort", "violence.threat", *COMMON]) == 0
    printed = capsysbinary.readouterr()
    found = read(printed.out)
    scores = [row["scores"]["violence.threat"] for row in found]

    assert found[0]["id"] == 2
    assert scores == sorted(scores, reverse=True)
    assert [row["id"] for row in found if row.get("not_covered") == "script"] == [3]
    assert b"language not covered" in printed.err


def test_columns_take_numbers_for_ids_and_leave_bad_lines_out(tmp_path: Path) -> None:
    """As the other way of screening does: one bad line costs itself and is named in the file beside."""
    source, target = tmp_path / "in.jsonl", tmp_path / "out.parquet"
    source.write_bytes(
        lines({"id": 7, "text": TEXTS[0]}, b"{broken\n", b"\n", {"id": "b", "text": TEXTS[1]}, {"text": "no id"})
    )
    status = main(["screen", str(source), "--out", str(target), *COMMON])
    rejects = [json.loads(line) for line in target.with_name("out.parquet.rejects.jsonl").read_text().splitlines()]

    assert status == 1
    assert pq.read_table(target)["id"].to_pylist() == ["7", "b"]
    assert [row["line"] for row in rejects] == [2, 5]
    source.write_bytes(lines({"id": 7, "text": TEXTS[0]}, {"id": 8, "text": TEXTS[1]}))
    assert main(["screen", str(source), "--out", str(target), *COMMON]) == 0
    assert pq.read_table(target)["id"].to_pylist() == ["7", "8"]
    assert not target.with_name("out.parquet.rejects.jsonl").exists()


def test_the_thresholds_flag_one_ordinary_text_in_a_hundred_together() -> None:
    """As measured where they were made, over more than a hundred thousand posts; each is above its category's own."""
    from importlib.resources import files

    import numpy as np

    from wardmote.detect import CascadeDetector
    from wardmote.detect.training.measure.joint import FILE, joint

    stored = json.loads(files("wardmote.detect").joinpath("data", FILE).read_text("utf-8"))
    levels = CascadeDetector.shipped().plan.levels
    scores = np.random.default_rng(1).random((20_000, 3))
    found, flagged = joint(scores)

    assert 0.009 < stored["flagged"] <= stored["share"] == 0.01
    assert stored["ordinary_posts"] > 100_000
    assert all(score >= levels[category] for category, score in stored["thresholds"].items())
    assert 0.009 < flagged <= 0.01
    assert flagged == (scores >= found).any(axis=1).mean()
