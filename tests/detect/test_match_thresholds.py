"""`wardmote detect match-thresholds` from the outside."""

from pathlib import Path

import pytest

from wardmote.edges.cli.main import main
from wardmote.edges.cli.thresholds import matched


def log(folder: Path, lines: list[str], head: str = "text,attribute,score") -> str:
    """Write a log and return its path."""
    path = folder / "old.csv"
    path.write_text("\n".join([head, *lines]) + "\n", "utf-8")
    return str(path)


def test_thresholds_are_found_where_the_scores_cross() -> None:
    """Where ours are half of theirs, the threshold of ours is half of theirs, and the sides agree."""
    theirs = [step / 100 for step in range(101)]
    rows = matched([score / 2 for score in theirs], theirs)

    assert [row[0] for row in rows] == ["0.7", "0.8", "0.9"]
    assert [row[1] for row in rows] == ["0.3500", "0.4000", "0.4500"]
    assert all(float(row[2].rstrip("%")) >= 98 for row in rows)
    assert [row[3] for row in rows] == ["69.3%", "79.2%", "89.1%"]


def test_a_level_that_is_never_reached_is_told() -> None:
    """Where no logged score reaches a level, there is no threshold to give."""
    rows = matched([0.1, 0.2, 0.3] * 10, [0.1, 0.2, 0.3] * 10)

    assert {row[1] for row in rows} == {"none reaches it"}


def test_a_log_is_answered_by_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each attribute of the log gets a row for each level, with how many texts there were."""
    lines = [f"you are a stupid fucking idiot number {n},TOXICITY,0.9{n % 10}" for n in range(15)]
    lines += [f"the train leaves at {n},TOXICITY,0.0{n % 10}" for n in range(15)]

    assert main(["detect", "match-thresholds", log(tmp_path, lines)]) == 0
    printed = capsys.readouterr().out
    assert printed.count("TOXICITY") == 3
    assert "100.0%" in printed


@pytest.mark.parametrize(
    ("lines", "head", "said"),
    [
        (["a,0.5"], "text,score", "no column attribute"),
        ([], "text,attribute,score", "no rows"),
        (["a,NICENESS,0.5"], "text,attribute,score", "line 2: no model here speaks of 'NICENESS'"),
        (["a,TOXICITY,1.5"], "text,attribute,score", "line 2: score must be a number from 0 to 1"),
        (["a,TOXICITY,nan"], "text,attribute,score", "line 2: score must be a number from 0 to 1"),
        (["a,TOXICITY,0.5"], "text,attribute,score", "1 scores of TOXICITY; at least 20"),
    ],
)
def test_a_log_that_cannot_be_used_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lines: list[str], head: str, said: str
) -> None:
    """The first thing wrong with a log is said in one sentence that names the line."""
    status = main(["detect", "match-thresholds", log(tmp_path, lines, head)])

    assert status != 0
    assert said in capsys.readouterr().err


def test_a_log_that_is_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A missing file is named."""
    assert main(["detect", "match-thresholds", str(tmp_path / "none.csv")]) != 0
    assert "cannot read" in capsys.readouterr().err
