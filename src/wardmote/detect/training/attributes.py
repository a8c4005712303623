"""Training of the attributes: five folds by a hash of the text; the model of the first fold is the one that ships.

The first fold holds the test part of every other training here, so what ships never saw a test row; the other four
models exist to score the rest of Perspective's own rows unseen, for the maps onto its scale and for the agreement.
What is learnt is a logit: from Perspective's scores, from the rules, from our own examples, and from soft labels.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wardmote.detect import scoring
from wardmote.detect.lists.wordlist import listed
from wardmote.detect.models.weights import Weights
from wardmote.detect.perspective import ATTRIBUTES
from wardmote.detect.statistics.monotone import MonotoneMap
from wardmote.detect.text.folding import FoldTables, build_tables
from wardmote.detect.training.cards.card import write_figures
from wardmote.detect.training.data.corpus import OWN
from wardmote.detect.training.data.held import held_texts
from wardmote.detect.training.data.neutral import LETTERS, quieten, without_names
from wardmote.detect.training.data.shipped import training_text
from wardmote.detect.training.data.soft import SoftRow, soft_heads, soft_rows
from wardmote.detect.training.data.sources import Row, Sources, clean, read_dataset, targets_of
from wardmote.detect.training.data.splits import near_duplicates, part_of
from wardmote.detect.training.fit.logistic import Settings, features, fit_ridge, quantise
from wardmote.detect.training.fit.train import Say, raw_logits, targets_for
from wardmote.detect.training.measure.agreement import agreement, map_of
from wardmote.detect.training.measure.calibration import calibration_error
from wardmote.detect.training.measure.evaluate import evaluate
from wardmote.detect.training.measure.peer import beside_peer

FOLDS = 5
SETTINGS = Settings(bits=18, ridge=1.0, rounds=50)
"""Here `ridge` is the pull of `fit_ridge`."""
PERSPECTIVE = "perspective_wikipedia"
OWN_WEIGHT = 1.5
ELSEWHERE = 0.05
"""What a head that an own example does not name is taken to score there."""
EVEN = 0.5
"""No letter by itself gets a score that says that an attribute is likelier than not."""
EDGE = 0.005
"""A target is taken to lie this far from 0 and from 1: its logit must be finite."""

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Bools = NDArray[np.bool_]


def attribute_sources() -> tuple[Sources, Mapping[str, int]]:
    """Return the rules that ship in the package, and how many rows at most each large data set may give."""
    raw = json.loads(training_text("attributes.json"))
    datasets = {name: tuple(rules) for name, rules in raw["datasets"].items()}
    return Sources(tuple(raw["heads"]), {}, datasets), raw["limits"]


def attribute_rows(folder: Path, sources: Sources, limits: Mapping[str, int]) -> list[Row]:
    """Return the rows of every data set, of the large ones those whose texts hash lowest. Raises `DataMissing`."""
    found: list[Row] = []
    for name, rules in sources.datasets.items():
        rows = [
            Row(name, number, clean(str(record["text"])), targets_of(record, str(record["text"]), rules, sources))
            for number, record in read_dataset(folder, name)
        ]
        rows = [row for row in rows if row.targets and row.text]
        rows.sort(key=lambda row: hashlib.sha256(row.text.encode("utf-8", "replace")).digest())
        found += rows[: limits.get(name, len(rows))]
    return found


def attribute_examples(heads: Sequence[str]) -> list[Row]:
    """Return the texts written for this model, with a target for every head."""
    raw = json.loads(training_text("attribute_examples.json"))
    rows: list[Row] = []
    for group in raw:
        said = {name if name in heads else f"attribute.{name}": score for name, score in group["scores"].items()}
        targets = {head: (float(said.get(head, ELSEWHERE)), OWN_WEIGHT) for head in heads}
        rows += [Row(OWN, len(rows) + number, text, targets) for number, text in enumerate(group["texts"])]
    return rows


def fold_numbers(texts: Sequence[str]) -> I64:
    """Return the fold, 0 to 4, in which each text is unseen; fold 0 holds the test part of `parting`."""
    return np.array([part_of(text) // 4 for text in texts], np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """All texts to learn from: rows with targets of their own first, then those with soft labels alone.

    `folds` is -1 for what is never tested on; `barred` marks the held test set and its near-duplicates.
    """

    rows: Sequence[Row]
    soft: Sequence[SoftRow]
    texts: Sequence[str]
    folds: I64
    barred: Bools
    matrix: Any

    def learn(self, head: str, number: int | None, fold: int, used: I64) -> tuple[F64, F64]:
        """Return (logits, weights) of the rows `used` for one head; `number` is its place in the soft labels."""
        targets, weights = targets_for(self.rows, head)
        edged = np.clip(targets, EDGE, 1 - EDGE)
        soft = np.zeros(len(self.soft))
        if number is not None:
            soft = np.array([each.logits[fold, number] for each in self.soft])
        logits = np.concatenate([np.log(edged / (1 - edged)), soft])
        return logits[used], np.concatenate([weights, np.full(len(soft), float(number is not None))])[used]


def gather(folder: Path, sources: Sources, limits: Mapping[str, int], tables: FoldTables) -> Corpus:
    """Read everything that is learnt from. Raises `DataMissing`."""
    own = attribute_examples(sources.heads)
    rows = attribute_rows(folder, sources, limits) + own
    soft = [each for each in soft_rows(folder) if each.text.strip()]
    texts = [row.text for row in rows] + [each.text for each in soft]
    folds = fold_numbers([row.text for row in rows] + [each.whole for each in soft])
    folds[len(rows) - len(own) : len(rows)] = -1
    held = held_texts(folder, {row.dataset for row in rows} - {OWN} | {each.dataset for each in soft})
    marks = np.arange(len(texts) + len(held)) >= len(texts)
    barred = near_duplicates([*texts, *held], marks, tables)[: len(texts)]
    wholes = set(held)
    barred |= np.array([text in wholes for text in [row.text for row in rows] + [each.whole for each in soft]], bool)
    return Corpus(rows, soft, texts, folds, barred, features(texts, tables, SETTINGS))


def fit_attributes(corpus: Corpus, heads: Sequence[str], fold: int, used: I64, tables: FoldTables) -> Weights:
    """Fit every head on the rows `used`, with the soft labels of the teacher of that fold."""
    taught = soft_heads()
    said = [corpus.learn(head, taught.index(head) if head in taught else None, fold, used) for head in heads]
    logits, weights = (np.stack(part, axis=1) for part in zip(*said, strict=True))
    columns, bias = fit_ridge(corpus.matrix[used], logits, weights, SETTINGS.ridge, SETTINGS.rounds)
    columns[1 << (SETTINGS.bits - 1) :] *= SETTINGS.word_value
    small, scales = zip(*(quantise(column) for column in columns.T), strict=True)
    made = Weights(tuple(heads), np.stack(small, axis=1), np.array(scales), bias, tables)
    return quieten(made, LETTERS, dict.fromkeys(heads, EVEN))


def build_attributes(folder: Path, out: Path, say: Say) -> dict[str, Any]:
    """Train on the data sets in `folder`; write weights, maps and figures at and beside `out`; return the figures."""
    sources, limits = attribute_sources()
    say("reading the data sets")
    plain = build_tables()
    tables = without_names(plain._replace(listed=listed()))
    corpus = gather(folder, sources, limits, tables)
    rows = corpus.rows
    own_folds = corpus.folds[: len(rows)]
    unseen = np.zeros((len(rows), len(sources.heads)))
    shipped, used_rows = None, np.zeros(0, np.int64)
    for fold in range(FOLDS):
        say(f"fitting fold {fold + 1} of {FOLDS}")
        held = corpus.folds == fold
        used = np.flatnonzero(~held & ~corpus.barred & ~near_duplicates(corpus.texts, held, plain))
        model = fit_attributes(corpus, sources.heads, fold, used, tables)
        tested = own_folds == fold
        unseen[tested] = scoring.probability(raw_logits([rows[k].text for k in np.flatnonzero(tested).tolist()], model))
        if shipped is None:
            shipped, used_rows = model, used
            digest = model.save(out)
    if shipped is None:
        raise AssertionError("there is at least one fold")
    maps, agreed = _against_perspective(folder, rows, unseen, own_folds, say)
    _write_maps(out, maps)
    shipped = dataclasses.replace(shipped, digest=digest)
    places = np.flatnonzero(own_folds == 0)
    test = [rows[place] for place in places.tolist()]
    facts = {
        "settings": dataclasses.asdict(SETTINGS),
        "rows": {
            "train": len(used_rows),
            "test": len(test),
            "dropped": int((corpus.folds != 0).sum()) - len(used_rows),
            "soft": int((used_rows >= len(rows)).sum()),
            "own": sum(row.dataset == OWN for row in rows),
            "barred": int(corpus.barred.sum()),
        },
        "heads": _facts(rows, sources.heads, used_rows[used_rows < len(rows)]),
    }
    figures = {
        "name": out.stem,
        "weights_sha256": digest,
        "weights_bytes": out.stat().st_size,
        "training": facts,
        "evaluation": evaluate(shipped, test, folder, SETTINGS.seed, say),
        "calibration": calibration_error(test, unseen[places], sources.heads, SETTINGS.seed),
        "perspective": agreed,
        "peer": beside_peer(folder, test, SETTINGS.seed),
    }
    write_figures(out, figures)
    return figures


def _facts(rows: Sequence[Row], heads: Sequence[str], used: I64) -> dict[str, dict[str, int]]:
    found = {}
    for head in heads:
        said = [rows[place].targets[head][0] for place in used if head in rows[place].targets]
        found[head] = {"rows": len(said), "positive": sum(target >= 0.5 for target in said)}
    return found


def _against_perspective(
    folder: Path, rows: Sequence[Row], unseen: F64, folds: I64, say: Say
) -> tuple[dict[str, MonotoneMap], dict[str, Any]]:
    """Fit the maps and measure the agreement, each row scored by a model that did not see it."""
    say("comparing with Perspective's scores")
    records = dict(read_dataset(folder, PERSPECTIVE))
    places = [place for place, row in enumerate(rows) if row.dataset == PERSPECTIVE]
    maps, agreed = {}, {}
    for number, (attribute, head) in enumerate(ATTRIBUTES.items()):
        mine = unseen[places, number]
        theirs = np.array([float(records[rows[place].number][attribute]) for place in places])
        maps[head] = map_of(mine, theirs)
        agreed[head] = agreement(mine, theirs, folds[places], SETTINGS.seed)
    return maps, agreed


def _write_maps(out: Path, maps: Mapping[str, MonotoneMap]) -> None:
    content = {
        head: {"ours": [round(x, 4) for x in each.given], "theirs": [round(y, 4) for y in each.meant]}
        for head, each in maps.items()
    }
    out.with_suffix(".perspective.json").write_text(json.dumps(content, sort_keys=True) + "\n", "utf-8")
