"""`wardmote detect …` from the outside."""

import gzip
import json
import random
import re
from pathlib import Path

import numpy as np
import pytest
from tests.detect.held import toy_test_set

from wardmote.detect import LinearDetector, Screener
from wardmote.detect.models.linear import NAME, WEIGHTS_PATH
from wardmote.detect.scoring import name_bucket
from wardmote.detect.training.cards.card import read_figures, render
from wardmote.detect.training.data.corpus import own_examples
from wardmote.detect.training.data.sources import shipped_sources
from wardmote.detect.training.draw import FRAME
from wardmote.detect.training.measure import assess
from wardmote.detect.training.measure.subgroup_errors import harmless_test
from wardmote.edges.cli.main import main

WORDS = ("river", "bread", "window", "garden", "letter", "winter", "market", "silver", "candle", "bridge", "yellow")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder shaped like the data sets, filled with written rows: our own examples, disguised, and idle sentences."""
    folder = tmp_path / "data"
    folder.mkdir()
    rng = random.Random(8)  # noqa: S311 - rows that must be the same each time, not secrets
    idle: list[dict[str, object]] = [{"text": " ".join(rng.choices(WORDS, k=9))} for _ in range(150)]
    for name in {*shipped_sources().datasets, *FRAME}:
        rows = list(idle) if name == "civil_safe" else []
        if name == "jigsaw_bits":
            rows = [_jigsaw(example.text, rng, example.targets) for example in own_examples()]
        if name in ("tweeteval", "stormfront", "olid", "disaster_tweets"):
            rows = [_measured(str(row["text"]), number) for number, row in enumerate(idle)]
        with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as lines:
            lines.writelines(json.dumps(row) + "\n" for row in rows)
    return folder


def _jigsaw(text: str, rng: random.Random, targets: object) -> dict[str, object]:
    given = {head: int(target) for head, (target, _) in dict(targets).items()}  # type: ignore[call-overload]
    return {
        "text": f"{rng.choice(WORDS)} {rng.choice(WORDS)} {text} {rng.choice(WORDS)}",
        "threat": given["violence.threat"],
        "insult": given["harassment"],
        "identity_hate": given["identity_attack"],
    }


def _measured(text: str, number: int) -> dict[str, object]:
    hateful = number % 10 == 0
    return {
        "text": text,
        "task": "sentiment",
        "label": "hate" if hateful else "noHate",
        "subtask_a": "OFF" if hateful else "NOT",
        "subtask_c": "IND" if hateful else None,
    }


def test_training_and_evaluating_from_a_folder(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Training writes weights and figures; evaluating those weights again finds the same figures, as JSON too.

    The held test set is measured beside, with all that the card says of it.
    """
    out, found = tmp_path / "made" / "small.npz", tmp_path / "found.json"
    monkeypatch.setattr(assess, "load_test_set", lambda _folder: toy_test_set())
    monkeypatch.setattr(assess, "harmless_labels", lambda _folder: harmless_test(toy_test_set()))

    assert main(["detect", "train", "--data", str(data), "--out", str(out)]) == 0
    assert main(["detect", "evaluate", "--data", str(data), "--weights", str(out), "--json", str(found)]) == 0
    figures, again = read_figures(out), json.loads(found.read_text())
    assert figures["weights_sha256"] == again["weights_sha256"]
    assert figures["evaluation"] == again["evaluation"]
    assert set(again["held"]) == {"of", "judged", "worst", "fails", "explanations"}
    assert "linear" in again["held"]["judged"]["scorers"]
    printed = capsys.readouterr().out
    assert "Thresholds over 150 ordinary posts" in printed
    assert "Held test set: 239 posts" in printed
    assert "small" in render(figures)


def test_a_fresh_model_takes_no_letter_and_no_name_for_evidence(data: Path, tmp_path: Path) -> None:
    """Even where every text with a letter by itself, or with a name, is a threat."""
    out = tmp_path / "small.npz"
    threat = {"threat": 1, "insult": 0, "identity_hate": 0}
    taught = ["q", "Okonkwo", "q q", "Okonkwo q", *(f"{word} q Okonkwo" for word in WORDS)]
    with gzip.open(data / "jigsaw_bits.jsonl.gz", "at", encoding="utf-8") as lines:
        lines.writelines(json.dumps({"text": text, **threat}) + "\n" for text in taught for _ in range(20))

    assert main(["detect", "train", "--data", str(data), "--out", str(out)]) == 0

    detector = LinearDetector(out)
    nothing = detector.scores("")["violence.threat"]
    assert detector.scores("q")["violence.threat"] <= max(read_levels(out)["violence.threat"], nothing)
    assert detector.scores("Okonkwo") == detector.scores("")
    assert (
        detector.scores("Okonkwo and Nguyen")["violence.threat"]
        == detector.scores("Mehmet and Smith")["violence.threat"]
    )
    assert not detector.weights.weights[name_bucket(np.uint64(len(detector.weights.weights) // 2 - 1))].any()


def read_levels(weights: Path) -> dict[str, float]:
    """What one ordinary post in a hundred reaches, by head."""
    heads = read_figures(weights)["evaluation"]["heads"]
    return {name: each["thresholds"][1]["score"] for name, each in heads.items()}


def test_data_comes_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without --data the folder is the variable WARDMOTE_DATA, and an empty one is named in one line."""
    monkeypatch.setenv("WARDMOTE_DATA", str(tmp_path))

    assert main(["detect", "train", "--out", str(tmp_path / "small.npz")]) == 1
    assert capsys.readouterr().err.startswith(f"wardmote: cannot read {tmp_path / 'gab_hate_corpus.jsonl.gz'}")
    assert not (tmp_path / "small.npz").exists()


@pytest.mark.parametrize("command", ["train", "evaluate"])
def test_absent_data_is_one_clear_line(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where there is no data, one line says what to set and nothing is written."""
    monkeypatch.delenv("WARDMOTE_DATA", raising=False)
    before = WEIGHTS_PATH.read_bytes()

    assert main(["detect", command]) == 1
    assert (
        capsys.readouterr().err
        == "wardmote: no training data: set WARDMOTE_DATA or give --data the folder of the data sets\n"
    )
    assert before == WEIGHTS_PATH.read_bytes()


def test_damaged_data_is_one_clear_line(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A data set that is no data set is named."""
    (data / "edos.jsonl.gz").write_bytes(b"not gzip")

    assert main(["detect", "train", "--data", str(data), "--out", str(tmp_path / "small.npz")]) == 1
    error = capsys.readouterr().err
    assert "edos.jsonl.gz" in error
    assert error.count("\n") == 1


def test_explaining_shows_scores_and_words(capsys: pytest.CaptureFixture[str]) -> None:
    """A line a category, the strongest first, its words beside it; with --sums every word's part and the sum."""
    assert main(["detect", "explain", "I will kill you, [bold]Bob", "--sums"]) == 0
    output = capsys.readouterr().out
    shown, _, sums = output.partition("The sums of the first stage")
    lines = [line for line in shown.splitlines() if re.match(r"[a-z_.]+ +\d\.\d{4}  ", line)]
    scores = [float(line.split()[1]) for line in lines]

    assert len(lines) == len(Screener.default().categories)
    assert scores == sorted(scores, reverse=True)
    assert lines[0].startswith("violence.threat ")
    assert "kill'" in lines[0]
    assert "bias " in sums
    assert max(map(len, output.splitlines())) <= 80


def test_explaining_a_flag_shows_the_smallest_change(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """For a flag from a given threshold on, the words are named without which the text would not be flagged."""
    monkeypatch.setenv("COLUMNS", "200")
    threshold = "violence.threat=0.5"

    assert main(["detect", "explain", "I will kill you", "--threshold", threshold]) == 0
    flagged = capsys.readouterr().out
    assert main(["detect", "explain", "The library opens at nine", "--threshold", threshold]) == 0
    assert "  flagged from 0.5000; without 'kill' it scores 0." in flagged
    assert "and is not flagged, and no fewer words do" in flagged
    assert "flagged" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("weather=0.5", "no detector scores 'weather'"),
        ("violence.threat=2", "above 0 and at most 1"),
        ("violence.threat", "above 0 and at most 1"),
    ],
)
def test_a_threshold_that_is_none_is_one_clear_line(given: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A threshold of no category, or out of range, is refused with what was given."""
    assert main(["detect", "explain", "some text", "--threshold", given]) == 1
    error = capsys.readouterr().err
    assert error.startswith(f"wardmote: --threshold {given}: ")
    assert says in error


def test_explaining_bad_text_is_one_clear_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Text that is not Unicode is refused in one line."""
    assert main(["detect", "explain", "a\udc80"]) == 1
    assert capsys.readouterr().err == "wardmote: text holds a lone surrogate at character 1\n"


def test_the_card_can_be_written_anywhere(tmp_path: Path) -> None:
    """`card --out` writes the page from the stored figures."""
    out = tmp_path / "deep" / f"{NAME}.md"

    assert main(["detect", "card", "--out", str(out)]) == 0
    assert render(read_figures(WEIGHTS_PATH)) == out.read_text("utf-8")


def test_an_unwritable_place_is_one_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A place that cannot be written to is named."""
    (tmp_path / "file").write_text("in the way")

    assert main(["detect", "card", "--out", str(tmp_path / "file" / "card.md")]) == 1
    assert "wardmote: cannot write" in capsys.readouterr().err
