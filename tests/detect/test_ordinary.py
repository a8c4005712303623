"""Ordinary posts: which tweets they are."""

import gzip
import json
from pathlib import Path

import pytest

from wardmote.detect.errors import DataMissing
from wardmote.detect.text.folding import build_tables
from wardmote.detect.training.data import held, ordinary
from wardmote.detect.training.data.sources import text_digest
from wardmote.detect.training.draw import FRAME

DRAWN = "the long road to the harbour was closed because of the heavy snow last night"
NEAR = "The long road to the harbour was closed because of the heavy rain last night"
POSTS = ("I baked bread with my sister", DRAWN, NEAR, "an orange bicycle stood in the hall")


def written(folder: Path, task: str) -> Path:
    """Write the posts as tweets of a task, every other set empty."""
    for name in FRAME:
        with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as lines:
            rows = [*({"text": text, "task": task} for text in POSTS), {"text": "vile", "task": "offensive"}]
            lines.writelines(json.dumps(row) + "\n" for row in rows if name == ordinary.SET)
    return folder


def test_no_test_row_sets_a_threshold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawn rows and what nearly repeats them are no ordinary posts, nor are tweets gathered for abuse."""
    folder = written(tmp_path, "emoji")
    before = ordinary.ordinary_posts(folder, build_tables())
    monkeypatch.setattr(held, "drawn_digests", lambda _names=None: {ordinary.SET: {text_digest(DRAWN)}})

    assert before == list(POSTS)
    assert ordinary.ordinary_posts(folder, build_tables()) == [POSTS[0], POSTS[3]]


def test_a_set_without_ordinary_posts_is_named(tmp_path: Path) -> None:
    """Where no tweet is of the two tasks, one error says so."""
    with pytest.raises(DataMissing, match="tweeteval holds no ordinary posts"):
        ordinary.ordinary_posts(written(tmp_path, "offensive"), build_tables())
