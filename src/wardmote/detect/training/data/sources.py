"""From public data sets to rows with targets, by the rules in `data/sources.json`.

A row says nothing about a head that no rule gives it: it is masked there. A head is added by naming it in that file.
"""

from __future__ import annotations

import gzip
import hashlib
import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from wardmote.detect.errors import DataMissing
from wardmote.detect.training.data.shipped import training_text

Json = Mapping[str, Any]

_PLACEHOLDER = re.compile(r"\[(?:user|url)\]|^\W{0,3}RT @\w+:?|@user\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """One text. `targets` maps a head to (probability that it applies, weight of that opinion).

    `read` says that the whole text was read and judged under our definitions.
    """

    dataset: str
    number: int
    text: str
    targets: Mapping[str, tuple[float, float]] = field(hash=False)
    read: bool = False


@dataclass(frozen=True, slots=True)
class Sources:
    """The rules: which heads there are, which words call for caution, and what each data set says."""

    heads: tuple[str, ...]
    cautions: Mapping[str, re.Pattern[str]]
    datasets: Mapping[str, tuple[Json, ...]]


@lru_cache(maxsize=1)
def shipped_sources() -> Sources:
    """Read the rules that ship in the package."""
    raw = json.loads(training_text("sources.json"))
    return Sources(
        tuple(raw["heads"]),
        {name: re.compile(pattern, re.IGNORECASE) for name, pattern in raw["cautions"].items()},
        {name: tuple(rules) for name, rules in raw["datasets"].items()},
    )


def text_digest(text: str) -> str:
    """Return the SHA-256 by which a label names the text it judged, as it is in the data set."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def clean(text: str) -> str:
    """Undo what a data set did to its texts and a post would not have: entities, placeholders, retweet marks."""
    return " ".join(_PLACEHOLDER.sub(" ", html.unescape(text)).split())


def read_dataset(folder: Path, name: str) -> Iterator[tuple[int, Json]]:
    """Yield (row number, row) of one data set. Raises `DataMissing`."""
    path = folder / f"{name}.jsonl.gz"
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines):
                yield number, json.loads(line)
    except OSError as error:
        raise DataMissing(f"cannot read {path}: {error.strerror or error}") from None
    except ValueError as error:
        raise DataMissing(f"{path} is not a data set: {error}") from None


def targets_of(record: Json, text: str, rules: tuple[Json, ...], sources: Sources) -> dict[str, tuple[float, float]]:
    """Return what the rules say of one record; a later rule overrides an earlier one."""
    found: dict[str, tuple[float, float]] = {}
    for rule in rules:
        caution = rule.get("unless")
        if not all(_matches(record.get(column), wanted) for column, wanted in rule.get("when", {}).items()):
            continue
        if caution is not None and sources.cautions[caution].search(text):
            continue
        target = _target(record, rule["target"])
        found.update({head: (target, float(rule.get("weight", 1.0))) for head in rule["heads"]})
    return found


def _matches(value: object, wanted: Any) -> bool:
    if isinstance(wanted, list):
        return value in wanted
    number = float(str(value))
    return bool(wanted.get("least", number) <= number <= wanted.get("most", number))


def _target(record: Json, rule: Any) -> float:
    if not isinstance(rule, Mapping):
        return float(rule)
    if "column" in rule:
        value = float(record[rule["column"]])
    elif "lowest" in rule:
        value = min(float(record[column]) for column in rule["lowest"])
    else:
        value = float(record[rule["share"]]) / max(1.0, sum(float(record[column]) for column in rule["of"]))
    return min(1.0, max(0.0, value))
