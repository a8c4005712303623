"""Training on small written rows."""

import csv
import dataclasses
import hashlib
import json
import re
from pathlib import Path

import numpy as np
import pytest
from tests.detect.models import garden_rows, quality

from wardmote.detect import DataMissing, LinearDetector
from wardmote.detect.categories import JUDGED
from wardmote.detect.text.folding import build_tables
from wardmote.detect.training.data import corpus, splits
from wardmote.detect.training.data.corpus import NOT_ENGLISH, NOTHING, data_folder, own_examples
from wardmote.detect.training.data.neutral import neutralised
from wardmote.detect.training.data.sources import Row, clean, shipped_sources, targets_of, text_digest
from wardmote.detect.training.data.splits import near_duplicates, part, part_of
from wardmote.detect.training.fit.logistic import Settings, quantise
from wardmote.detect.training.fit.train import Trained, train

SMALL = Settings(bits=12, ridge=1e-4)


def quiet(line: str) -> None:
    assert line


def trained(heads: tuple[str, ...] = ("garden", "ship")) -> Trained:
    return train(garden_rows(), heads, SMALL, quiet)


def test_training_makes_a_working_model(tmp_path: Path) -> None:
    """A model trained on eighty short texts about gardens and ships tells new ones apart, for heads we do not ship."""
    path = tmp_path / "garden.npz"
    trained().weights.save(path)
    detector = LinearDetector(path)
    scores = {
        text: {signal.category: signal.score for signal in detector.examine(text)}
        for text in (
            "roses and tulips grow by the apple tree",
            "the sailors and their captain left the boat",
            "nothing",
        )
    }
    garden, ship, nothing = scores.values()

    assert detector.categories == ("garden", "ship")
    assert garden["garden"] > 0.5 > garden["ship"]
    assert ship["ship"] > 0.5 > ship["garden"]
    assert max(nothing.values()) < 0.5


def test_training_twice_gives_the_same_bytes() -> None:
    """The same rows and settings give the same weights file."""
    assert trained().weights.to_bytes() == trained().weights.to_bytes()


def test_a_head_without_both_kinds_is_refused() -> None:
    """A head that no row says yes to cannot be learnt, and the error names it."""
    with pytest.raises(DataMissing, match="no rows to learn castle from"):
        trained(("garden", "castle"))


def test_a_masked_row_teaches_a_head_nothing() -> None:
    """Rows that say nothing about a head leave its weights as they would be without those rows."""
    rows = garden_rows()
    silent = [
        dataclasses.replace(row, text=f"anchor {row.text} overboard", targets={"garden": row.targets["garden"]})
        for row in rows
    ]
    alone = train(rows, ("garden", "ship"), SMALL, quiet)
    beside = train([*rows, *silent], ("garden", "ship"), SMALL, quiet)
    kept = [{rows[place].text for place in alone.parting.train}, {row.text for row in rows} - {""}]

    assert kept[0] <= kept[1]
    assert alone.facts["heads"]["ship"] == beside.facts["heads"]["ship"]
    assert np.array_equal(alone.weights.weights[:, 1], beside.weights.weights[:, 1])
    assert not np.array_equal(alone.weights.weights[:, 0], beside.weights.weights[:, 0])


def test_quantised_weights_stay_close() -> None:
    """Eight bits move no weight by more than half a step, and zero stays zero."""
    weights = np.array([0.0, 1.0, -0.3, 0.004, -1.0])
    small, scale = quantise(weights)

    assert small[0] == 0
    assert np.abs(small * scale - weights).max() <= scale / 2 + 1e-12


LETTERS = str.maketrans("0123456789", "ghijklmn o")


def test_parts_do_not_overlap_and_own_examples_are_never_tested() -> None:
    """Every row is in one part at most, near-duplicates in none, and what we wrote never measures us."""
    texts = [hashlib.sha256(str(number).encode()).hexdigest().translate(LETTERS) for number in range(400)]
    rows = [Row("set", number, text, {}) for number, text in enumerate(texts)] + garden_rows()
    found = part(rows, build_tables())
    everything = np.concatenate([found.train, found.calibration, found.test, found.dropped])

    assert len(rows) == len(everything) == len(set(everything.tolist()))
    assert min(len(found.train), len(found.calibration), len(found.test)) > 0
    assert {"set"} == {rows[place].dataset for place in found.test}


def test_the_part_ignores_case_width_and_spacing() -> None:
    """Copies that differ only in case, width or spacing fall in the same part."""
    assert part_of("I will  Find you") == part_of(" i will find YOU\n")
    assert part_of("I will find you") == part_of("\uff29 will find you")
    assert all(0 <= part_of(str(number)) < splits.PARTS for number in range(50))


def test_near_duplicates_are_found() -> None:
    """A text with one word changed is a near-duplicate of a held one; a different text is not."""
    texts = [
        "the long road to the harbour was closed because of the heavy snow last night",
        "the long road to the harbour was closed because of the heavy rain last night",
        "my sister plays the violin in a small orchestra near the old bridge",
    ]
    held = np.array([True, False, False])

    assert near_duplicates(texts, held, build_tables()).tolist() == [False, True, False]


def test_the_quality_set_is_not_in_the_training_examples() -> None:
    """No text of the quality set shares most of its words with an example that training uses."""
    examples = [frozenset(row.text.casefold().split()) for row in own_examples()]
    for held in quality():
        words = frozenset(held["text"].casefold().split())
        nearest = max(examples, key=lambda other: len(words & other) / len(words | other))
        assert len(words & nearest) / len(words | nearest) < 0.6, held["text"]


@pytest.mark.parametrize("name", ["labels.csv", "test_labels.csv"])
def test_every_label_names_categories_and_gives_its_reason(name: str) -> None:
    """Each label was read, names known categories or none, and has a reason where the guidelines ask for one."""
    content = (Path(corpus.__file__).parents[2] / "data" / name).read_text("utf-8").splitlines()

    assert content[0] == "order,dataset,row,sha256,label,annotator,source,pass,reason"
    lines = list(csv.DictReader(content))
    assert len(lines) == len({(line["dataset"], line["row"], line["pass"]) for line in lines})
    for line in lines:
        given = set(line["label"].split())
        assert (line["dataset"] in shipped_sources().datasets) or name == "test_labels.csv"
        assert line["row"].isdigit()
        assert len(line["sha256"]) == 64
        assert re.fullmatch(r"reader-\d+", line["annotator"])
        assert (line["source"], line["pass"]) in {("read", "1"), ("read", "2")}
        assert line["label"] in {*NOTHING, NOT_ENGLISH} or given <= set(JUDGED)
        assert line["reason"] or not given & (set(JUDGED) - {"insult", "profanity", "spam"})


def test_the_guidelines_define_every_category() -> None:
    """`docs/reference/labelling.md` has a row for each category that a label may name."""
    page = (Path(__file__).parents[2] / "docs" / "reference" / "labelling.md").read_text("utf-8")

    assert all(f"| `{category}` |" in page for category in (*JUDGED, NOT_ENGLISH))


@pytest.mark.parametrize(
    ("reader", "label", "expected"),
    [
        ("reader-1", "no violence", {"violence.threat": 0.0, "violence.incitement": 0.0}),
        ("reader-1", "harassment", {"violence.threat": 0.0, "violence.incitement": 0.0, "harassment": 1.0}),
        ("reader-2", "none", dict.fromkeys(JUDGED, 0.0)),
        ("reader-2", "insult spam", {**dict.fromkeys(JUDGED, 0.0), "insult": 1.0, "spam": 1.0}),
        ("reader-2", "not_english", {}),
    ],
)
def test_what_a_label_says(reader: str, label: str, expected: dict[str, float]) -> None:
    """Readers judge every category, except the first, who read for violence alone; other tongues say nothing."""
    found = corpus.judged({"annotator": reader, "label": label})

    assert {head: target for head, (target, _) in found.items()} == expected


RULES = (
    {"heads": ["a", "b"], "target": 0, "unless": "fire"},
    {"heads": ["a"], "when": {"kind": ["x", "y"]}, "target": {"column": "share"}, "weight": 0.5},
    {"heads": ["b"], "when": {"share": {"least": 0.5, "most": 0.9}}, "target": {"share": "yes", "of": ["yes", "no"]}},
    {"heads": ["c"], "when": {"kind": ["z"]}, "target": {"lowest": ["share", "other"]}},
)


@pytest.mark.parametrize(
    ("record", "text", "expected"),
    [
        ({"kind": "w", "share": 0.1}, "water", {"a": (0.0, 1.0), "b": (0.0, 1.0)}),
        ({"kind": "w", "share": 0.1}, "big fire", {}),
        ({"kind": "x", "share": 0.3}, "water", {"a": (0.3, 0.5), "b": (0.0, 1.0)}),
        ({"kind": "x", "share": 7}, "fire", {"a": (1.0, 0.5)}),
        ({"kind": "w", "share": 0.7, "yes": 3, "no": 1}, "fire", {"b": (0.75, 1.0)}),
        ({"kind": "z", "share": 0.2, "other": 0.1}, "fire", {"c": (0.1, 1.0)}),
    ],
)
def test_rules_turn_columns_into_targets(
    record: dict[str, object], text: str, expected: dict[str, tuple[float, float]]
) -> None:
    """A rule applies where its conditions hold and its caution is silent; a later rule overrides."""
    fire = dataclasses.replace(shipped_sources(), cautions={"fire": re.compile("fire")})

    assert expected == targets_of(record, text, RULES, fire)


def test_marks_of_a_data_set_are_cleaned_away() -> None:
    """Entities, placeholders and retweet marks, which no post has, are gone before a text is learnt from."""
    assert (
        clean("RT @someone: &#8220;so &amp; so&#8221; said [USER] hi [URL]")
        .replace("\u201c", '"')
        .replace("\u201d", '"')
        == '"so & so" said hi'
    )


def test_labels_follow_the_text_and_not_the_row_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A label that was read counts only while the row still holds the text that was read."""
    import gzip

    texts = ["I will burn it down", "something else"]
    for name in shipped_sources().datasets:
        with gzip.open(tmp_path / f"{name}.jsonl.gz", "wt") as lines:
            for text in texts if name == "civil_safe" else []:
                lines.write(json.dumps({"text": text}) + "\n")
    given = (text_digest(texts[0]), {"violence.threat": (1.0, corpus.READ_WEIGHT)})
    monkeypatch.setattr(corpus, "read_labels", lambda: {("civil_safe", 0): given, ("civil_safe", 1): given})
    first, second = (row for row in corpus.load_rows(tmp_path, shipped_sources()) if row.dataset == "civil_safe")

    assert first.targets["violence.threat"] == (1.0, corpus.READ_WEIGHT)
    assert first.read
    assert second.targets["violence.threat"] == (0.0, 1.0)
    assert not second.read


def test_absent_data_is_named(tmp_path: Path) -> None:
    """Without a folder, with a wrong folder, or with an empty one, the error says what to set or what is missing."""
    with pytest.raises(DataMissing, match="set WARDMOTE_DATA or give --data"):
        data_folder(None)
    with pytest.raises(DataMissing, match="not a folder"):
        data_folder(str(tmp_path / "nowhere"))
    with pytest.raises(DataMissing, match=r"cannot read .*gab_hate_corpus\.jsonl\.gz"):
        corpus.load_rows(data_folder(str(tmp_path)), shipped_sources())


def test_names_and_single_letters_end_as_evidence_of_nothing() -> None:
    """Even where every text about ships has a letter by itself and a name in it."""
    rows = [
        dataclasses.replace(row, text=f"{row.text} q Okonkwo") if row.targets["ship"][0] else row
        for row in garden_rows()
    ]
    fresh = train(rows, ("garden", "ship"), SMALL, quiet).weights
    before, after = LinearDetector(fresh), LinearDetector(neutralised(fresh, ["roses", "the library is closed"]))

    assert before.scores("q")["ship"] > before.scores("")["ship"] >= after.scores("q")["ship"]
    assert after.scores("Okonkwo") == after.scores("Mehmet") == after.scores("")
