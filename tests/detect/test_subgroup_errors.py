"""Whom it fails: the groups, and the shares that are reported of them."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from tests.detect.held import toy_test_set

from wardmote.detect.training.data.corpus import own_examples, pair_rows
from wardmote.detect.training.data.testset import HEADLINE
from wardmote.detect.training.measure.subgroup_errors import (
    FEWEST,
    PARTS,
    Group,
    Posts,
    harmless_pairs,
    harmless_prose,
    shipped_groups,
    subgroup_errors,
)

TAUGHT = Posts(
    ["she be gardening on Sunday"] * 20 + ["I planted roses"] * 20, [("x", n) for n in range(40)], np.ones(40)
)


def group(name: str) -> Group:
    return next(each for each in shipped_groups() if each.name == name)


def shy(texts: Sequence[str]) -> Mapping[str, np.ndarray]:
    """Flag whatever holds the word `be`, and every herb."""
    return {HEADLINE: np.array([float(" be " in text or "herbs" in text) for text in texts])}


@pytest.mark.parametrize(
    ("name", "inside", "outside"),
    [
        ("African-American English", "they be laughing at us", "they will be laughing at us"),
        ("African-American English", "she ain't got no time", "she hasn't any time"),
        ("African-American English", "dat boy tryna dance", "that boy said dat once"),
        ("Scottish, Irish and Northern English", "I cannae see the hill", "a wee hill"),
        ("women and girls", "the women next door", "the woodmen next door"),
        ("LGBT", "two gay friends", "a gayly painted boat"),
        ("a refusal beside a word of violence", "nobody should be hanged for that", "he was hanged in 1820"),
        ("a refusal beside a word of violence", "you don’t get to kill them", "you get to kill them"),
        ("news and disaster", "police arrested two", "a policy for two"),
    ],
)
def test_groups_are_found_by_their_words(name: str, inside: str, outside: str) -> None:
    """Each group holds a text with its marks and not the like of it without; weak marks count from two."""
    assert group(name).holds(inside)
    assert not group(name).holds(outside)


def test_shares_are_of_harmless_posts_and_weighted() -> None:
    """Of the test set only harmless counted rows are looked at, each with its weight; the others count once each."""
    test = toy_test_set()
    found = subgroup_errors(shy, test, ["a plain post", "to be seen"] * 20, TAUGHT, 0.5)["groups"]
    every = found[0]
    harmless = test.counted & ~test.labels[HEADLINE]
    herbs = harmless & np.array(["herbs" in text for text in test.texts])
    dialect = next(each for each in found if each["name"] == "African-American English")

    assert every["name"] == "(all)"
    assert every["test"]["rows"] == int(harmless.sum())
    assert every["test"]["flagged"] == int(herbs.sum())
    assert every["test"]["share"]["value"] == pytest.approx(
        test.weights[herbs].sum() / test.weights[harmless].sum(), abs=1e-4
    )
    assert every["ordinary"]["share"]["value"] == every["taught"]["share"]["value"] == 0.5
    assert dialect["taught"] == {"rows": 20, "flagged": 20, "share": dialect["taught"]["share"]}
    assert dialect["taught"]["share"]["low"] > 0.8


def test_few_posts_give_no_share() -> None:
    """A group with fewer posts than `FEWEST` is counted only."""
    few = Posts(["she be gardening"] * (FEWEST - 1), [("x", n) for n in range(FEWEST - 1)], np.ones(FEWEST - 1))
    found = subgroup_errors(shy, toy_test_set(), ["a plain post"], few, 0.5)["groups"]
    dialect = next(each for each in found if each["name"] == "African-American English")

    assert dialect["taught"] == {"rows": FEWEST - 1, "flagged": FEWEST - 1, "share": None}
    assert set(PARTS) < set(dialect)


def test_listed_pairs_are_harmless_and_of_their_kind() -> None:
    """Every contrast pair that is listed as counter-speech has a harmless half."""
    harmless = {number for _, number in harmless_pairs().names}

    assert group("counter-speech").pairs
    assert group("counter-speech").pairs <= harmless


def test_careful_prose_is_a_group_of_its_own() -> None:
    """All of it is measured on, for none of it taught; the other groups hold nothing of it."""
    prose = harmless_prose().texts
    taught = {row.text for row in [*pair_rows(), *own_examples()]}
    found = subgroup_errors(lambda texts: {HEADLINE: np.ones(len(texts))}, toy_test_set(), ["a post"], TAUGHT, 0.5)[
        "groups"
    ]
    written = {each["name"]: each["written"] for each in found}

    assert not set(prose) & taught
    assert written["careful prose"]["rows"] == written["careful prose"]["flagged"] == len(prose)
    assert written["(all)"]["rows"] == len(harmless_pairs().texts)


def test_a_scorer_without_the_headline_is_refused() -> None:
    """Whom it fails cannot be said of a scorer that does not speak of violence."""
    with pytest.raises(ValueError, match=f"gives no {HEADLINE}"):
        subgroup_errors(lambda texts: {"insult": np.zeros(len(texts))}, toy_test_set(), ["a post"], TAUGHT, 0.5)
