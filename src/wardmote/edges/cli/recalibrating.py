"""`wardmote detect recalibrate`: correct the shipped scores by the moderators' decisions, once somebody accepts it."""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wardmote.edges.cli import server
from wardmote.edges.cli.failure import CannotStart
from wardmote.edges.cli.renamed import add_renamed

if TYPE_CHECKING:
    from wardmote.detect.statistics.recalibrate import Interval, Recalibration
    from wardmote.moderation.queries.judged import Judged

SPEAKS_OF = (
    "Decisions exist only for texts that were flagged or reported, so the fit speaks of such texts: not of all that is "
    "written, and not of what nobody looked at."
)


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `recalibrate`; the handler is `arguments.handler(arguments)`.

    Not `register`, by which the command itself finds its commands: this one is `detect`'s.
    """
    about = "correct the shipped scores by the decisions of this installation"
    for command in add_renamed(commands, "recalibrate", former="refit", about=about):
        what = command.add_mutually_exclusive_group(required=True)
        what.add_argument(
            "--out", type=Path, metavar="FILE", help="fit a correction and write it here; nothing uses it"
        )
        what.add_argument("--accept", type=Path, metavar="FILE", help="use this correction from now on; it is recorded")
        what.add_argument("--drop", action="store_true", help="use none any more; it is recorded")
        command.set_defaults(handler=run)


def run(arguments: argparse.Namespace) -> int:
    """Fit, accept or drop; gives the exit status."""
    server.setup()
    server.load("wardmote.config.database", "require")("current")
    if arguments.drop:
        return _drop()
    return _accept(arguments.accept) if arguments.accept else _fit(arguments.out)


def _accept(file: Path) -> int:
    from wardmote.journeys.steps import recalibrate, screening
    from wardmote.kernel.clock import now

    try:
        data = file.read_bytes()
    except OSError as error:
        raise CannotStart(f"cannot read {file}: {error.strerror}") from None
    correction = recalibrate.accept(data=data, shipped=screening.shipped(), now=now())
    print(f"From now on scores are corrected in {', '.join(correction.factors)}.")
    print(f"The screener is {recalibrate.corrected(screening.shipped()).fingerprint}; stored scores stay as they are.")
    return 0


def _drop() -> int:
    from wardmote.journeys.steps import recalibrate
    from wardmote.kernel.clock import now

    recalibrate.drop(now=now())
    print("No correction is in use any more.")
    return 0


def _fit(out: Path) -> int:
    from wardmote.detect.statistics.recalibrate import needed, recalibrate
    from wardmote.journeys.operator import mark_demo
    from wardmote.journeys.steps import screening
    from wardmote.journeys.steps.recalibrate import stored
    from wardmote.moderation.queries.judged import judged
    from wardmote.record.queries import first_verb

    if first_verb() == mark_demo.BORN_AS_DEMO:
        raise CannotStart("this is a demonstration: nobody decided its cases, so there is nothing to fit to")
    if stored() is not None:
        raise CannotStart("a correction is in use, and decisions followed it; drop it first: detect recalibrate --drop")
    shipped = screening.shipped()
    rows = judged(screener=shipped.fingerprint)
    print(f"{len(rows):,} decisions that stand, on texts that screener {shipped.fingerprint} scored")
    print(SPEAKS_OF)
    kept: dict[str, Recalibration] = {}
    for category in shipped.categories:
        scores, broke = texts_of(category, rows)
        if more := needed(broke):
            print(f"{category}: not enough decisions: {more} more needed")
            continue
        found = recalibrate(scores, broke)
        print(said(category, found))
        if found.kept:
            kept[category] = found
    if not kept:
        raise CannotStart("nothing to correct; no file was written")
    _write(out, shipped.fingerprint, rows, kept)
    print(f"Written to {out}; to use it: wardmote detect recalibrate --accept {out}")
    return 0


def texts_of(category: str, rows: list[Judged]) -> tuple[list[float], list[float]]:
    """Return the score of each text, and the share of its decisions that say it broke the rule; repeated, it is one."""
    said: dict[str, list[float]] = defaultdict(list)
    scores: dict[str, float] = {}
    for row in rows:
        if category in row.scores and category in row.broke | row.harmless:
            said[row.content_hash].append(float(category in row.broke))
            scores[row.content_hash] = row.scores[category]
    return list(scores.values()), [sum(each) / len(each) for each in said.values()]


def said(category: str, found: Recalibration) -> str:
    """Return what was found as one line."""
    loss, error = (f"{_figure(before)} to {_figure(after)}" for before, after in (found.loss, found.error))
    verdict = "corrected" if found.kept else "NOT corrected: no better for certain on the half held out"
    return (
        f"{category}: {verdict} ({found.broke} texts broke the rule, {found.harmless} did not; on the half held out "
        f"log loss {loss}, calibration error {error}; slope {found.slope:.3f}, shift {found.shift:+.3f})"
    )


def _figure(each: Interval) -> str:
    return f"{each.value:.3f} [{each.low:.3f}, {each.high:.3f}]"


def _write(out: Path, screener: str, rows: list[Judged], kept: dict[str, Recalibration]) -> None:
    decisions = "\n".join(sorted(str(row.decision_id) for row in rows))
    report: dict[str, Any] = {
        name: {
            "broke": found.broke,
            "harmless": found.harmless,
            "log_loss": [_triple(each) for each in found.loss],
            "calibration_error": [_triple(each) for each in found.error],
            "log_loss_gain": _triple(found.gain),
        }
        for name, found in kept.items()
    }
    page = {
        "screener": screener,
        "decisions": hashlib.sha256(decisions.encode()).hexdigest(),
        "factors": {name: {"slope": found.slope, "shift": found.shift} for name, found in kept.items()},
        "speaks_of": SPEAKS_OF,
        "report": report,
    }
    try:
        out.write_text(json.dumps(page, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise CannotStart(f"cannot write {out}: {error.strerror}") from None


def _triple(each: Interval) -> list[float]:
    return [each.value, each.low, each.high]
