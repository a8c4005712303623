"""The scores from which `wardmote screen` flags: together they flag one ordinary text in a hundred, not each by itself.

Every category gets the score that the same share of ordinary posts reaches; the share is the largest with which at most
`SHARE` of the posts reach any of them. The posts are those that all thresholds come from, none of them in a test set:
`python -m wardmote.detect.training.measure.joint FOLDER` measures them again and writes the file.
"""

from __future__ import annotations

import json
import sys
from importlib.resources import files
from pathlib import Path

import numpy as np

from wardmote.detect.models.cascade import CascadeDetector
from wardmote.detect.scoring import F64
from wardmote.detect.training.data.ordinary import ordinary_posts
from wardmote.detect.training.data.ranking import threshold_at

FILE = "joint_thresholds.json"
SHARE = 0.01
_STEPS = 40


def joint(scores: F64, share: float = SHARE) -> tuple[F64, float]:
    """Return the thresholds for scores of shape (posts, categories), and the share of posts that reach any."""
    low, high = 0.0, share
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if _flagged(scores, _at(scores, middle)) <= share:
            low = middle
        else:
            high = middle
    found = _at(scores, low)
    return found, _flagged(scores, found)


def _at(scores: F64, share: float) -> F64:
    return np.array([threshold_at(scores[:, column], share) for column in range(scores.shape[1])])


def _flagged(scores: F64, thresholds: F64) -> float:
    return float((scores >= thresholds).any(axis=1).mean())


def write_joint(folder: Path) -> Path:
    """Measure the shipped cascade on the ordinary posts in `folder`; write the thresholds into the package.

    Raises `DataMissing`.
    """
    detector = CascadeDetector.shipped()
    posts = ordinary_posts(folder, detector.linear.weights.tables)
    thresholds, flagged = joint(detector.judge_texts(posts).scores)
    content = {
        "flagged": round(flagged, 5),
        "ordinary_posts": len(posts),
        "share": SHARE,
        "thresholds": dict(zip(detector.categories, np.round(thresholds, 4).tolist(), strict=True)),
    }
    out = Path(str(files("wardmote.detect").joinpath("data", FILE)))
    out.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", "utf-8")
    return out


if __name__ == "__main__":
    sys.stdout.write(f"{write_joint(Path(sys.argv[1]))}\n")
