"""The held test set: how it is read."""

import csv
import gzip
import json
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from wardmote.detect.categories import JUDGED
from wardmote.detect.errors import DataMissing
from wardmote.detect.training.data.corpus import data_folder
from wardmote.detect.training.data.sources import text_digest
from wardmote.detect.training.data.testset import HEADLINE, load_test_set, scores_for

TEXTS = ("I planted &amp; watered", "ships sail", "guten Tag", "an anchor")
LABELS = ("violence.threat profanity", "none", "not_english", "insult")


def written(folder: Path, labels: Sequence[str] = LABELS, changed: str = "") -> tuple[Path, Path]:
    """Write a data set, four drawn rows of it and their labels; `changed` is what was read instead of the second."""
    read = [text if not changed or place != 1 else changed for place, text in enumerate(TEXTS)]
    with gzip.open(folder / "edos.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps({"text": text}) + "\n" for text in ("another", *TEXTS))
    drawn, said = folder / "drawn.csv", folder / "said.csv"
    with drawn.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("order", "dataset", "row", "sha256", "stratum", "probability"))
        for place, text in enumerate(read):
            rows.writerow((place + 1, "edos", place + 1, text_digest(text), f"edos@{0.1 * (place % 2):g}", 0.5**place))
    with said.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("order", "dataset", "row", "sha256", "label", "annotator", "source", "pass", "reason"))
        for place, (text, label) in enumerate(zip(read, labels, strict=False)):
            rows.writerow((place + 1, "edos", place + 1, text_digest(text), label, "reader-2", "read", 1, ""))
            rows.writerow((place + 1, "edos", place + 1, text_digest(text), "none", "reader-3", "read", 2, ""))
    return drawn, said


def test_rows_come_with_weights_and_both_readings(tmp_path: Path) -> None:
    """Texts are clean, a weight is one over the probability, the first reading is the truth, the second kept apart."""
    found = load_test_set(tmp_path, *written(tmp_path))

    assert found.texts == ("I planted & watered", "ships sail", "guten Tag", "an anchor")
    assert found.weights.tolist() == [1, 2, 4, 8]
    assert found.sources == ("edos",) * 4
    assert found.bands.tolist() == [0, 0.1, 0, 0.1]
    assert found.counted.tolist() == [True, True, False, True]
    assert found.rows_of("edos").tolist() == [True, True, False, True]
    assert found.reasons == ("", "", "", "")
    assert found.categories == (HEADLINE, *JUDGED)
    assert found.labels[HEADLINE].tolist() == found.labels["violence.threat"].tolist() == [True, False, False, False]
    assert found.labels["insult"].tolist() == [False, False, False, True]
    assert not any(second.any() for second in found.second.values())


def test_another_text_than_was_read_is_refused(tmp_path: Path) -> None:
    """A data set whose text has changed since it was read is named with its row."""
    with pytest.raises(DataMissing, match="row 2 of edos is not the text"):
        load_test_set(tmp_path, *written(tmp_path, changed="it read otherwise"))


def test_an_unread_row_is_refused(tmp_path: Path) -> None:
    """A drawn row without a label is named."""
    with pytest.raises(DataMissing, match="test row 4 was not read"):
        load_test_set(tmp_path, *written(tmp_path, labels=LABELS[:3]))


def test_a_strange_label_is_refused(tmp_path: Path) -> None:
    """A label that is no category is named."""
    with pytest.raises(DataMissing, match="rudeness"):
        load_test_set(tmp_path, *written(tmp_path, labels=("rudeness", *LABELS[1:])))


def test_an_absent_row_is_refused(tmp_path: Path) -> None:
    """A data set that ends before a drawn row is named."""
    drawn, said = written(tmp_path)
    with gzip.open(tmp_path / "edos.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.write(json.dumps({"text": "another"}) + "\n")

    with pytest.raises(DataMissing, match="edos has no row 1"):
        load_test_set(tmp_path, drawn, said)


def test_the_headline_is_the_higher_of_its_parts() -> None:
    """A scorer without `violence` is taken at the higher of threat and incitement; one without both has none."""
    parts = {"violence.threat": np.array([0.1, 0.8]), "violence.incitement": np.array([0.3, 0.2])}
    higher = scores_for(parts, HEADLINE)
    given = scores_for({**parts, HEADLINE: np.array([0.5, 0.5])}, HEADLINE)

    assert higher is not None
    assert higher.tolist() == [0.3, 0.8]
    assert given is not None
    assert given.tolist() == [0.5, 0.5]
    assert scores_for({"violence.threat": np.array([0.1])}, HEADLINE) is None


@pytest.mark.skipif(not os.environ.get("WARDMOTE_DATA"), reason="set WARDMOTE_DATA to the folder of the data sets")
def test_the_shipped_test_set_can_be_read() -> None:
    """The drawn rows are there with their texts, their weights add up to the frame, and violence is rare in it."""
    found = load_test_set(data_folder(os.environ["WARDMOTE_DATA"]))
    part = found.weights[found.labels[HEADLINE]].sum() / found.weights[found.counted].sum()

    assert len(found.texts) == 2300
    assert found.weights.sum() == pytest.approx(233_786, abs=1)
    assert 0.004 < part < 0.01
    assert set(found.second) == set(found.labels)
