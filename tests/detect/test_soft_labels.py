"""Soft labels, the teacher that gives them, and the fit that learns from them, on small made-up data."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from wardmote.detect.text.folding import build_tables
from wardmote.detect.training import attributes
from wardmote.detect.training.data import held
from wardmote.detect.training.data.soft import parts_of, soft_heads, soft_stored
from wardmote.detect.training.data.sources import Sources, text_digest
from wardmote.detect.training.fit.logistic import fit_ridge
from wardmote.detect.training.fit.teacher import Teacher, read_safetensors
from wardmote.detect.training.measure.calibration import gap


def test_the_stored_labels_hold_numbers_and_no_text() -> None:
    """There are five teachers' labels for each text, which is named by data set, row and part alone."""
    stored = soft_stored()
    texts = len(stored["row"])

    assert stored["labels"].shape == (attributes.FOLDS, texts, len(soft_heads()))
    assert {name for name in stored if stored[name].dtype.kind not in "iu"} == {"datasets", "heads"}
    assert texts > 50_000
    assert len(stored["datasets"]) < 20


def test_a_text_is_parted_into_its_sentences() -> None:
    """Sentences of some words, the first eight of them; shorter ones say too little."""
    text = "The train left at ten. No! Who took my umbrella away?"

    assert parts_of(text) == ["The train left at ten.", "Who took my umbrella away?"]
    assert len(parts_of("One more short sentence. " * 20)) == 8


def test_the_ridge_is_the_closed_form() -> None:
    """Side by side, the heads get what solving the normal equations gives each by itself."""
    rng = np.random.default_rng(3)
    dense = rng.normal(size=(80, 12))
    logits, weights = rng.normal(size=(80, 2)), rng.uniform(0.0, 2.0, (80, 2))
    weights[:20, 1] = 0.0
    found, bias = fit_ridge(csr_matrix(dense.astype(np.float32)), logits, weights, 0.7, 60)

    for head in range(2):
        mean = weights[:, head] @ logits[:, head] / weights[:, head].sum()
        wide = np.hstack([dense, np.full((80, 1), 5.0)]) * np.sqrt(weights[:, head])[:, None]
        right = np.sqrt(weights[:, head]) * (logits[:, head] - mean)
        expected = np.linalg.solve(wide.T @ wide + 0.7 * np.eye(13), wide.T @ right)
        assert found[:, head] == pytest.approx(expected[:-1], abs=1e-3)
        assert bias[head] == pytest.approx(mean + 5.0 * expected[-1], abs=1e-3)


def test_a_teacher_learns_what_one_source_says() -> None:
    """It repeats a smooth rule on texts it never saw, in the words of the first source, whose level is its own."""
    rng = np.random.default_rng(5)
    states = rng.normal(size=(400, 8)).astype(np.float32)
    source = (np.arange(400) % 4 == 0).astype(np.int64)
    logits = (states[:, :1] + 3.0 * source[:, None]).astype(np.float64)
    teacher = Teacher(states[:300], logits[:300], source[:300])
    unseen = states[300:]

    said = teacher(unseen)[:, 0]
    assert np.corrcoef(said, unseen[:, 0])[0, 1] > 0.95
    assert abs(said.mean()) < 0.5


def test_a_file_of_a_model_is_read(tmp_path: Path) -> None:
    """Arrays come out by name and shape; what is no such file is refused."""
    array = np.arange(6, dtype=np.float32).reshape(2, 3)
    head = json.dumps({"line.weight": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}).encode()
    path = tmp_path / "model.safetensors"
    path.write_bytes(len(head).to_bytes(8, "little") + head + array.tobytes())

    assert read_safetensors(path)["line.weight"].tolist() == array.tolist()
    path.write_bytes(b"\xff" * 9)
    with pytest.raises(ValueError, match="not a safetensors file"):
        read_safetensors(path)


def test_the_held_test_set_and_what_is_like_it_is_barred(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that was drawn for the test set teaches nothing, nor does one that hardly differs from it."""
    drawn = "I walked along the canal this morning and counted eleven herons beside the old lock gates"
    texts = [
        drawn,
        drawn + "!!",
        "The library opens at nine on weekdays",
        "Nobody has watered the tomatoes since Sunday",
    ]
    with gzip.open(tmp_path / "made.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps({"text": text, "rude": 0.1}) + "\n" for text in texts)
    monkeypatch.setattr(held, "drawn_digests", lambda _names: {"made": {text_digest(drawn)}})
    monkeypatch.setattr(attributes, "soft_rows", lambda _folder: [])
    rules = {"made": ({"heads": ["toxicity"], "target": {"column": "rude"}},)}
    corpus = attributes.gather(tmp_path, Sources(("toxicity",), {}, rules), {}, build_tables())

    barred = {text for text, out in zip(corpus.texts, corpus.barred, strict=True) if out}
    assert barred == {drawn, drawn + "!!"}


def test_the_examples_name_every_head_and_are_many() -> None:
    """At least 150 texts were written for the attributes, each a statement about every head."""
    sources, _ = attributes.attribute_sources()
    rows = attributes.attribute_examples(sources.heads)

    assert len({row.text for row in rows}) == len(rows) >= 150
    assert all(set(row.targets) == set(sources.heads) for row in rows)
    assert all(any(row.targets[head][0] > 0.7 for row in rows) for head in sources.heads)


def test_the_gap_is_nought_for_scores_that_keep_their_word() -> None:
    """Scores that are right on average have no gap; scores that are 0.2 too high have 0.2."""
    scores = np.repeat(np.linspace(0.0, 0.8, 10), 10)

    assert gap(scores, scores) == pytest.approx(0.0)
    assert gap(scores, scores + 0.2) == pytest.approx(0.2)
