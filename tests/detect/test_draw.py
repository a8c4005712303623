"""The test set: how it is drawn, and what was drawn."""

import csv
import gzip
import json
import os
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pytest

from wardmote.detect.errors import DataMissing
from wardmote.detect.text.folding import build_tables
from wardmote.detect.training import draw
from wardmote.detect.training.data.corpus import data_folder, read_labels
from wardmote.detect.training.data.sources import read_dataset, text_digest
from wardmote.detect.training.data.splits import distinct
from wardmote.detect.training.draw import BANDS, FEWEST, FRAME, Framed, allot, read_frame

DRAWN = Path(draw.__file__).parent.parent / "data" / "test_set.csv"


def frame(size: int) -> tuple[list[Framed], np.ndarray]:
    """Rows of two sources with scores in every band."""
    rows = [Framed("ab"[n % 2], n, f"text {n}", "", "ab"[n % 2]) for n in range(size)]
    return rows, np.random.default_rng(1).random(size) ** 3


def drawn_rows() -> list[dict[str, str]]:
    with DRAWN.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_same_seed_draws_the_same_rows() -> None:
    """The draw hangs on data, scores and seed alone; another seed draws other rows."""
    rows, scores = frame(6000)

    assert draw.draw(rows, scores, 1) == draw.draw(rows, scores, 1)
    assert {each.row.number for each in draw.draw(rows, scores, 1)} != {
        each.row.number for each in draw.draw(rows, scores, 2)
    }


def test_one_over_the_probabilities_sums_to_the_frame() -> None:
    """In each stratum, and so over all of them, a drawn row stands for as many rows as its probability says."""
    rows, scores = frame(6000)
    drawn = draw.draw(rows, scores, 1)
    sums: defaultdict[str, float] = defaultdict(float)
    for each in drawn:
        sums[each.stratum] += 1 / each.probability

    assert len(drawn) == sum(BANDS.values())
    assert {name: len(places) for name, places in draw.strata(rows, scores).items()} == pytest.approx(sums)
    assert sum(sums.values()) == pytest.approx(6000)


def test_each_row_is_drawn_as_often_as_its_probability_says() -> None:
    """Over many seeds the share of draws that hold a row comes near the probability that the draw states."""
    rows, scores = frame(6000)
    stated: dict[int, float] = {}
    times: Counter[int] = Counter()
    for seed in range(200):
        for each in draw.draw(rows, scores, seed):
            times[each.row.number] += 1
            stated[each.row.number] = each.probability
    expected = np.array([stated[number] for number in times])
    seen = np.array([times[number] / 200 for number in times])

    assert len(times) > 5900
    assert abs(float((seen - expected).mean())) < 0.01
    assert float(np.abs(seen - expected).max()) < 0.2


def test_no_stratum_is_left_out() -> None:
    """A small stratum gives at least `FEWEST` rows, or all it has, and the total is kept."""
    given = allot({"tiny": 2, "small": 9, "large": 100_000}, 50)

    assert given["tiny"] == 2
    assert FEWEST <= given["small"] <= 9
    assert sum(given.values()) == 50
    assert allot({"tiny": 2, "small": 9}, 50) == {"tiny": 2, "small": 9}


def test_near_duplicates_stand_in_the_frame_once() -> None:
    """Of texts that are nearly the same the first one stays."""
    texts = [
        "the long road to the harbour was closed because of the heavy snow last night",
        "my sister plays the violin in a small orchestra near the old bridge",
        "The long road to the harbour was closed because of the heavy rain last night",
        "the long road to the harbour was closed because of the heavy snow last night",
    ]

    assert distinct(texts, build_tables()).tolist() == [True, True, False, False]


def test_the_command_draws_from_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Empty and over-long texts and copies are not in the frame; what is written names rows and never their words."""
    texts = ["a plain small talk of gardens", "", "word " * 300, "a plain small talk of gardens", "ships sail far away"]
    for name in FRAME:
        with gzip.open(tmp_path / f"{name}.jsonl.gz", "wt", encoding="utf-8") as lines:
            for text in texts if name == "edos" else []:
                lines.write(json.dumps({"text": text}) + "\n")
    status = draw.main([str(tmp_path / "out.csv"), "--data", str(tmp_path)])
    written = (tmp_path / "out.csv").read_text("utf-8")
    rows = list(csv.DictReader(written.splitlines()))

    assert status == 0
    assert "drew 2 of 2 rows" in capsys.readouterr().err
    assert {("edos", "0", text_digest(texts[0])), ("edos", "4", text_digest(texts[4]))} == {
        (row["dataset"], row["row"], row["sha256"]) for row in rows
    }
    assert {row["probability"] for row in rows} == {"1"}
    assert "garden" not in written


def test_a_missing_set_is_named(tmp_path: Path) -> None:
    """A folder without the data sets is refused with the name of the first that is absent."""
    with pytest.raises(DataMissing, match=r"cannot read .*gab_hate_corpus\.jsonl\.gz"):
        list(read_frame(tmp_path, FRAME))


def test_the_drawn_test_set_is_whole() -> None:
    """What was drawn has each row once, from the frame's sets, every band full, with probabilities that add up."""
    rows = drawn_rows()
    strata = Counter(row["stratum"] for row in rows)
    sizes = {row["stratum"]: strata[row["stratum"]] / float(row["probability"]) for row in rows}

    assert [str(number) for number in range(1, len(rows) + 1)] == [row["order"] for row in rows]
    assert len(rows) == len({(row["dataset"], row["row"]) for row in rows}) == len({row["sha256"] for row in rows})
    assert set(FRAME) >= {row["dataset"] for row in rows}
    assert all(0 < float(row["probability"]) <= 1 for row in rows)
    assert all(size == pytest.approx(round(size), abs=1e-3) for size in sizes.values())
    assert {f"{band:g}": count for band, count in BANDS.items()} == Counter(
        row["stratum"].split("@")[1] for row in rows
    )


def test_no_row_of_the_test_set_is_a_training_label() -> None:
    """A row that measures us teaches us nothing."""
    assert not {(row["dataset"], int(row["row"])) for row in drawn_rows()} & set(read_labels())


@pytest.mark.skipif(not os.environ.get("WARDMOTE_DATA"), reason="set WARDMOTE_DATA to the folder of the data sets")
def test_the_drawn_rows_are_the_rows_of_the_data() -> None:
    """Each drawn row's digest is that of the text which the data set holds there."""
    wanted = {(row["dataset"], int(row["row"])): row["sha256"] for row in drawn_rows()}
    folder = data_folder(os.environ["WARDMOTE_DATA"])
    found = {
        (name, number): text_digest(str(record["text"]))
        for name in {name for name, _ in wanted}
        for number, record in read_dataset(folder, name)
        if (name, number) in wanted
    }

    assert wanted == found
