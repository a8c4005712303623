"""The learning curve: which labels are left out, and what is reported."""

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.detect.held import guesses, knows_ships, toy_test_set

from wardmote.detect.training.data.sources import Row, shipped_sources
from wardmote.detect.training.data.testset import Scorer
from wardmote.detect.training.measure.curve import curve, part_of_labels, point, summary, unread
from wardmote.detect.training.measure.judge import Held

YES = {"violence.threat": (1.0, 3.0)}
NO = {"violence.threat": (0.0, 3.0)}
ROWS = [Row("civil_safe", n, f"text {n}", YES if n % 2 else NO, read=n < 40) for n in range(100)]
PLAIN = {
    (row.dataset, row.number): replace(row, targets={} if row.number == 3 else NO, read=False) for row in ROWS[:40]
}


def labels(rows: Sequence[Row]) -> set[int]:
    return {row.number for row in rows if row.read}


def test_smaller_parts_are_inside_larger_ones() -> None:
    """With one seed the parts are nested and as large as they say; another seed draws another part."""
    parts = [labels(part_of_labels(ROWS, PLAIN, share, 1)) for share in (0.1, 0.4, 1.0)]

    assert [len(part) for part in parts] == [4, 16, 40]
    assert parts[0] < parts[1] < parts[2]
    assert parts[1] != labels(part_of_labels(ROWS, PLAIN, 0.4, 2))


def test_a_label_that_is_left_out_is_what_the_source_says() -> None:
    """An unread row has its source's targets, goes if its source says nothing, and rows nobody read stay."""
    found = {row.number: row for row in part_of_labels(ROWS, PLAIN, 0.0, 1)}

    assert found[5].targets == NO
    assert 3 not in found
    assert found[41] == ROWS[41]


def test_what_a_source_says_is_read_again(tmp_path: Path) -> None:
    """Rows that were read are taken from their data set anew, under its rules."""
    with gzip.open(tmp_path / "civil_safe.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps({"text": f"text {n}"}) + "\n" for n in range(100))
    found = unread(tmp_path, ROWS, shipped_sources())

    assert set(found) == {("civil_safe", n) for n in range(40)}
    assert found["civil_safe", 1].targets["violence.threat"][0] == 0
    assert not found["civil_safe", 1].read


def test_the_curve_has_a_point_for_each_share_and_draw() -> None:
    """Each share is trained once a draw, all labels once, and what is measured is the scorer that came out."""
    seen: list[int] = []

    def fit(rows: Sequence[Row]) -> Scorer:
        seen.append(len(labels(rows)))
        return knows_ships if seen[-1] == 40 else guesses

    held = Held.of(toy_test_set(), seed=1, rounds=20)
    points = curve(ROWS, PLAIN, held, fit, lambda _: None, shares=(0.5, 1.0), seeds=(1, 2))

    assert seen == [20, 20, 40]
    assert points[0]["auc"]["value"] < 0.7
    assert (points[2]["auc"]["value"], points[2]["labels"], points[2]["positive"]) == (1.0, 40, 20)


def test_points_of_other_models_are_summed_up_beside() -> None:
    """The summary has one line a model and share, with the mean, least and greatest over draws."""
    points = [
        {"model": "MiniLM", "share": 0.4, "seed": seed, "labels": 10, "positive": 2, "auc": {"value": value}}
        for seed, value in ((1, 0.6), (2, 0.8))
    ]
    other = [{"model": "linear", "share": 0.4, "seed": 1, "labels": 10, "positive": 3, "auc": {"value": 0.5}}]
    found = summary([*points, *other])

    assert [line["model"] for line in found] == ["MiniLM", "linear"]
    assert found[0]["auc"] == {"mean": 0.7, "least": 0.6, "most": 0.8}
    assert (found[0]["draws"], found[0]["positive"]) == (2, 2)
    assert "ap" not in found[0]


def test_a_scorer_without_the_headline_has_no_point() -> None:
    """A scorer that does not speak of violence is refused."""

    def mute(texts: Sequence[str]) -> Mapping[str, np.ndarray]:
        return {"insult": np.zeros(len(texts))}

    with pytest.raises(ValueError, match="gives no violence"):
        point(Held.of(toy_test_set(), seed=1, rounds=2), mute, ROWS)
