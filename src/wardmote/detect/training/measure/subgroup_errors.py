"""Whom it fails: how often posts that threaten nobody are flagged, by dialect, whom they name and what they are about.

The groups are found by the patterns of `data/groups.json`, which are rough: they catch writing, not people.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wardmote.detect.categories import VIOLENCE
from wardmote.detect.training.data.corpus import read_labels
from wardmote.detect.training.data.ranking import proportion
from wardmote.detect.training.data.shipped import training_text
from wardmote.detect.training.data.sources import clean, read_dataset, text_digest
from wardmote.detect.training.data.testset import HEADLINE, Scorer, TestSet, scores_for
from wardmote.detect.training.measure.weighted import as_json

F64 = NDArray[np.float64]
Bools = NDArray[np.bool_]

SHARE = 0.01
"""The threshold is the one that flags this part of ordinary posts."""
FEWEST = 15
"""A group with fewer posts is counted and not measured."""
PARTS = ("test", "ordinary", "taught", "written")
PROSE = "careful prose"
"""The group of written texts that is none of the contrast pairs, and is apart from their figures."""
SOURCES = {"news and disaster": ("disaster_tweets",)}
"""Groups that a whole source belongs to as well, whatever its words."""


@dataclass(frozen=True, slots=True)
class Group:
    """Posts found by their words, one of `one` or two different ones of `two`, or listed.

    `rows` are test rows by order (under the name `test`) and rows of data sets, `pairs` contrast pairs.
    """

    kind: str
    name: str
    how: str
    one: tuple[re.Pattern[str], ...]
    two: tuple[re.Pattern[str], ...]
    rows: frozenset[tuple[str, int]]
    pairs: frozenset[int]

    def holds(self, text: str) -> bool:
        """Say whether a text is of the group by its words."""
        plain = text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
        return any(each.search(plain) for each in self.one) or sum(bool(each.search(plain)) for each in self.two) >= 2


@cache
def shipped_groups() -> tuple[Group, ...]:
    """Read the groups that ship in the package."""
    raw = json.loads(training_text("groups.json"))
    return tuple(
        Group(
            kind,
            name,
            str(each.get("how", "")),
            _patterns(each, "one"),
            _patterns(each, "two"),
            frozenset((source, number) for source, numbers in each.get("rows", {}).items() for number in numbers),
            frozenset(each.get("pairs", ())),
        )
        for kind, groups in raw.items()
        for name, each in groups.items()
    )


def _patterns(group: Mapping[str, Any], name: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in group.get(name, ()))


@dataclass(frozen=True, slots=True, eq=False)
class Posts:
    """Texts of one kind. `names` say where each is from and its number there; `weights` what each stands for."""

    texts: Sequence[str]
    names: Sequence[tuple[str, int]]
    weights: F64

    def of(self, group: Group) -> Bools:
        """Return which posts are of the group."""
        whole = SOURCES.get(group.name, ())
        pairs = zip(self.texts, self.names, strict=True)
        return np.array([name in group.rows or name[0] in whole or group.holds(text) for text, name in pairs], bool)


def harmless_test(test: TestSet) -> Posts:
    """Return the posts of the test set that hold neither threat nor incitement, weighted by what they stand for."""
    harmless = test.counted & ~test.labels[HEADLINE]
    places = np.flatnonzero(harmless).tolist()
    # A test row is listed by its order, whatever its data set, except where the whole data set is a group.
    listed = {source for sources in SOURCES.values() for source in sources}
    names = [(test.datasets[k] if test.datasets[k] in listed else "test", int(test.orders[k])) for k in places]
    return Posts([test.texts[k] for k in places], names, test.weights[harmless])


def harmless_labels(folder: Path) -> Posts:
    """Return the posts that were read to teach and hold neither threat nor incitement. Raises `DataMissing`."""
    labels = read_labels()
    texts, names = [], []
    for name in sorted({name for name, _ in labels}):
        for number, record in read_dataset(folder, name):
            digest, said = labels.get((name, number), ("", {}))
            text = str(record["text"])
            # A reading that says nothing of violence is of a text in another language.
            if digest == text_digest(text) and all(head in said and said[head][0] < 0.5 for head in VIOLENCE):
                texts.append(clean(text))
                names.append((name, number))
    return Posts(texts, names, np.ones(len(texts)))


def harmless_pairs() -> Posts:
    """Return the halves of the contrast pairs to which their writer gave no category."""
    content = training_text("contrast_pairs.jsonl")
    lines = [each for each in map(json.loads, content.splitlines()) if not each["labels"]]
    return Posts([each["text"] for each in lines], [("pairs", each["pair"]) for each in lines], np.ones(len(lines)))


def harmless_prose() -> Posts:
    """Return the careful harmless texts of `data/harmless.jsonl`, which teach nothing."""
    content = training_text("harmless.jsonl")
    texts = [str(json.loads(line)["text"]) for line in content.splitlines()]
    return Posts(texts, [(PROSE, number) for number in range(len(texts))], np.ones(len(texts)))


def subgroup_errors(
    scorer: Scorer, test: TestSet, ordinary: Sequence[str], taught: Posts, above: float
) -> dict[str, Any]:
    """Return the share of harmless posts that score more than `above` for `HEADLINE`, by group, as plain JSON values.

    Each group has `test`: posts of the test set, weighted; `ordinary`: ordinary posts, which nobody read and hardly any
    of which threatens; `taught`: posts read to teach, which the model may know and which were picked to be hard;
    `written`: halves of contrast pairs, and in a group of its own careful prose. `(all)` is first. Raises
    `ValueError` if the scorer gives no `HEADLINE`.
    """
    unread = Posts(ordinary, [("ordinary", place) for place in range(len(ordinary))], np.ones(len(ordinary)))
    parts = dict(zip(PARTS, (harmless_test(test), unread, taught, harmless_pairs()), strict=True))
    flags = {part: _flags(scorer, posts, above) for part, posts in parts.items()}
    every = {part: np.ones(len(posts.texts), bool) for part, posts in parts.items()}
    found = [{"kind": "(all)", "name": "(all)", "how": "", **_shares(parts, flags, every)}]
    prose = harmless_prose()
    flagged = _flags(scorer, prose, above)
    for group in shipped_groups():
        inside = {part: posts.of(group) for part, posts in parts.items()}
        inside["written"] = np.array([number in group.pairs for _, number in parts["written"].names], bool)
        shares = _shares(parts, flags, inside)
        if group.name == PROSE:
            shares["written"] = _share(flagged, prose.weights)
        found.append({"kind": group.kind, "name": group.name, "how": group.how, **shares})
    return {"category": HEADLINE, "share_of_ordinary": SHARE, "above": above, "groups": found}


def _flags(scorer: Scorer, posts: Posts, above: float) -> Bools:
    scores = scores_for(scorer(posts.texts), HEADLINE)
    if scores is None:
        raise ValueError(f"the scorer gives no {HEADLINE}")
    return np.asarray(scores > above)


def _shares(parts: Mapping[str, Posts], flags: Mapping[str, Bools], inside: Mapping[str, Bools]) -> dict[str, Any]:
    return {part: _share(flags[part][inside[part]], posts.weights[inside[part]]) for part, posts in parts.items()}


def _share(flags: Bools, weights: F64) -> dict[str, Any]:
    """Return the rows, how many were flagged, and the weighted share with an interval.

    The interval is Wilson's for as many even rows as the weighted ones are worth (Kish's effective size): a bootstrap
    would say 0 to 0 where none was flagged.
    """
    counts: dict[str, Any] = {"rows": len(flags), "flagged": int(flags.sum()), "share": None}
    if len(flags) >= FEWEST:
        worth = float(weights.sum() ** 2 / (weights**2).sum())
        counts["share"] = as_json(proportion(float(weights[flags].sum() / weights.sum()), worth))
    return counts
