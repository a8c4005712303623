"""`wardmote detect recall-guarantee` from the outside."""

from pathlib import Path

import pytest

from wardmote.edges.cli.main import main


def _file(folder: Path, head: str, rows: list[str]) -> str:
    path = folder / "audit.csv"
    path.write_text("\n".join([head, *rows, ""]), "utf-8")
    return str(path)


def test_enough_judged_posts_give_a_threshold_and_its_price(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """29 posts that break the rule guarantee the lowest of their scores; ten of 100 ordinary posts are the price."""
    monkeypatch.setenv("COLUMNS", "200")
    rows = [f"{0.30 + step / 100:.2f},yes" for step in range(29)] + ["0.1,no"] * 90 + ["0.9,no"] * 10

    assert main(["detect", "recall-guarantee", _file(tmp_path, "score,broke", rows)]) == 0
    output = capsys.readouterr().out
    assert "at least 0.9 score 0.3000 or more, with 0.95 confidence (0 of 29 here score less)" in output
    assert "10 of 100 ordinary posts score as much, 10.00% (4.90% to 17.62%)" in output
    assert "Scores against judgements" in output


def test_too_few_judged_posts_give_a_number_and_no_threshold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With three, 26 more are asked for; posts drawn at higher chances are thinned out and the command says so."""
    monkeypatch.setenv("COLUMNS", "200")
    rows = ["0.9,yes,0.1"] * 3 + ["0.1,no,0.1"] * 20 + ["0.1,no,0.5"] * 100

    assert main(["detect", "recall-guarantee", _file(tmp_path, "score,broke,chance", rows)]) == 0
    output = capsys.readouterr().out
    assert "of 123 posts kept, so that all had one chance of being drawn" in output
    assert "no guarantee yet: 26 more posts that break the rule are needed; 3 are here" in output


@pytest.mark.parametrize(
    ("head", "rows", "says"),
    [
        ("score", ["0.1"], "has no column broke"),
        ("score,broke", [], "has no rows below its head"),
        ("score,broke", ["0.1,no", "0.2,perhaps"], "line 3: broke must be yes or no, not 'perhaps'"),
        ("score,broke", ["1.2,no"], "line 2: score must be a number from 0 to 1, not '1.2'"),
        ("score,broke,chance", ["0.2,no,0"], "line 2: chance must be a number above 0 and at most 1, not '0'"),
    ],
)
def test_a_file_that_is_none_is_one_clear_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], head: str, rows: list[str], says: str
) -> None:
    """What is wrong is said with the file and the line."""
    assert main(["detect", "recall-guarantee", _file(tmp_path, head, rows)]) == 1
    error = capsys.readouterr().err
    assert says in error
    assert error.count("\n") == 1


def test_a_share_that_is_none_is_one_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """To miss nothing at all cannot be guaranteed."""
    assert main(["detect", "recall-guarantee", _file(tmp_path, "score,broke", ["0.1,no"]), "--miss", "0"]) == 1
    assert "miss must be above 0 and below 1" in capsys.readouterr().err
