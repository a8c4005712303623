"""The contrast pairs that were written for the detectors: what each line must be."""

import json
import re
from collections import defaultdict
from importlib.resources import files

import pytest

from wardmote.detect.categories import JUDGED


@pytest.fixture(scope="module")
def lines() -> list[dict[str, object]]:
    content = files("wardmote.detect").joinpath("data", "contrast_pairs.jsonl").read_text("utf-8")
    return [json.loads(line) for line in content.splitlines()]


def test_each_pair_has_two_texts_that_differ_in_what_they_are(lines: list[dict[str, object]]) -> None:
    """Two texts of one kind, with different labels, every label one that readers give."""
    pairs: dict[object, list[dict[str, object]]] = defaultdict(list)
    for line in lines:
        assert set(line) == {"pair", "text", "labels", "kind"}
        assert set(line["labels"]) <= set(JUDGED)  # type: ignore[call-overload]
        pairs[line["pair"]].append(line)

    assert sorted(pairs) == list(range(1, len(pairs) + 1))  # type: ignore[type-var]
    for number, (one, other) in pairs.items():
        assert one["kind"] == other["kind"], number
        assert one["labels"] != other["labels"], number


def test_no_text_stands_twice(lines: list[dict[str, object]]) -> None:
    """Not even in other capitals or with other signs."""
    plain = [re.sub(r"\W+", "", str(line["text"]).casefold()) for line in lines]

    assert len(set(plain)) == len(plain)
    assert all(plain)
