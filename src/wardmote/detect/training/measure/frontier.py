"""Quality against speed: the same weights and blends, the gates of the cascade opened step by step."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wardmote.detect.categories import VIOLENCE
from wardmote.detect.models.cascade import CascadeDetector
from wardmote.detect.models.files import CascadeFiles
from wardmote.detect.models.linear import LinearDetector
from wardmote.detect.models.plan import NEVER, Plan
from wardmote.detect.training.data.ordinary import ordinary_posts, some_of
from wardmote.detect.training.data.testset import HEADLINE, load_test_set
from wardmote.detect.training.fit.train import Say
from wardmote.detect.training.measure import weighted
from wardmote.detect.training.measure.judge import Held

F64 = NDArray[np.float64]

STEPS: tuple[tuple[float, float], ...] = (
    (0.0, 0.0),
    (0.2, 0.0),
    (0.05, 0.003),
    (0.2, 0.01),
    (0.3, 0.03),
    (0.5, 0.1),
    (1.0, 1.0),
)
"""Shares of ordinary posts that the second and the third stage are asked about."""
TIMED = 4_000
"""Ordinary posts behind each speed, on one thread."""


def frontier(folder: Path, seed: int, say: Say) -> list[dict[str, Any]]:
    """Return one point a step, `{"name", "posts_per_second", "ap_reweighted", "note"}`, the shipped plan among them.

    Speeds are of one thread, from texts in memory. Raises `DataMissing` and `WeightsError`.
    """
    shipped = CascadeDetector.shipped()
    held = Held.of(load_test_set(folder), seed)
    texts = [text for text, counts in zip(held.test.texts, held.test.counted.tolist(), strict=True) if counts]
    posts = some_of(ordinary_posts(folder, shipped.tables), None, seed)
    second, third = _suspicions(shipped, posts)
    points = []
    plans = [(None, shipped.plan)] + [(step, _plan(shipped.plan, step, second, third)) for step in STEPS]
    for step, plan in plans:
        say(f"asking later stages about {step or 'what the shipped plan says'}")
        points.append(_point(held, texts, posts[:TIMED], plan, step))
    return points


def _detector(plan: Plan) -> CascadeDetector:
    files = CascadeFiles()
    return CascadeDetector(LinearDetector.shipped(), files.second, files.third(), plan)


def _suspicions(shipped: CascadeDetector, posts: Sequence[str]) -> tuple[F64, F64]:
    """Return, of each ordinary post, the highest chance after the first stage and after the second."""
    columns = [shipped.categories.index(head) for head in shipped.plan.heads]
    first = shipped.up_to(1).judge_texts(posts).scores[:, columns].max(axis=1)
    both = _detector(dataclasses.replace(shipped.plan, student_gate=0.0, transformer_gate=NEVER)).judge_texts(posts)
    return first, both.scores[:, columns].max(axis=1)


def _plan(plan: Plan, step: tuple[float, float], second: F64, third: F64) -> Plan:
    gates = [
        NEVER if share == 0 else 0.0 if share == 1 else float(np.quantile(chances, 1 - share))
        for share, chances in zip(step, (second, third), strict=True)
    ]
    return dataclasses.replace(plan, student_gate=gates[0], transformer_gate=gates[1])


def _point(
    held: Held, texts: Sequence[str], posts: Sequence[str], plan: Plan, step: tuple[float, float] | None
) -> dict[str, Any]:
    detector = _detector(plan)
    columns = [detector.categories.index(head) for head in VIOLENCE]
    scores = detector.judge_texts(texts).scores[:, columns].max(axis=1)
    truth = held.truth(HEADLINE)
    drawn = {
        "ap_reweighted": weighted.average_precision(truth, scores, held.table, weighted.PREVALENCE),
        "auc": weighted.auc(truth, scores, held.table),
    }
    data = "".join(posts).encode("utf-8", "replace")
    offsets = np.zeros(len(posts) + 1, np.int64)
    np.cumsum([len(post.encode("utf-8", "replace")) for post in posts], out=offsets[1:])
    raw = np.frombuffer(data, np.uint8)
    detector.judge(posts[:50], raw, offsets[:51])
    began = time.perf_counter()
    stages = detector.judge(posts, raw, offsets).stages
    rate = len(posts) / (time.perf_counter() - began)
    asked = [float((stages >= stage).mean()) for stage in (2, 3)]
    return {
        "name": "the plan that ships" if step is None else f"{step[0]:.0%} to the student, {step[1]:.1%} to MiniLM",
        "posts_per_second": round(rate),
        "asked": [round(share, 4) for share in asked],
        **{name: weighted.as_json(weighted.interval(each)) for name, each in drawn.items()},
        "note": f"asked {asked[0]:.1%} and {asked[1]:.2%} of ordinary posts",
    }
