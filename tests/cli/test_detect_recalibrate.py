"""`wardmote detect recalibrate`: fitted to the Plaza's decisions, accepted, used, dropped."""

import json
from pathlib import Path

import numpy as np
import pytest
from django.conf import LazySettings
from tests.scenario import HELD, QUEUED, THREAT, Town, dictated_screener

from wardmote.communities.policy import Action
from wardmote.config.installation.doctor import inside
from wardmote.detect.statistics.recalibrate import logits
from wardmote.edges.cli.main import main
from wardmote.journeys.operator import mark_demo
from wardmote.journeys.steps import recalibrate, screening
from wardmote.kernel.urn import SYSTEM
from wardmote.moderation.models import Case, Decision, Item, Screening
from wardmote.moderation.queries.judged import judged
from wardmote.record import queries as record
from wardmote.record.models import Disclosure

pytestmark = pytest.mark.django_db(transaction=True)
live = screening.screener
"""Kept before the town dictates to it."""


@pytest.fixture
def town(
    transactional_db: None, town: Town, monkeypatch: pytest.MonkeyPatch, settings: LazySettings, tmp_path: Path
) -> Town:
    """The town with a home of its own, whose dictated detector ships and may be corrected."""
    recalibrate._warn.cache_clear()  # noqa: SLF001 - what is said once a process is said once a test
    shipped = dictated_screener()
    monkeypatch.setattr(screening, "shipped", lambda: shipped)
    monkeypatch.setattr(screening, "screener", live)
    settings.WARDMOTE_HOME = tmp_path
    return town


def decided(town: Town, *, slope: float, shift: float, many: int = 600) -> None:
    """Texts whose true chance of breaking the rule is so much off their score, decided by Dave."""
    rng = np.random.default_rng(3)
    scores = np.round(rng.uniform(0.05, 0.95, many), 4)
    broke = rng.random(many) < 1 / (1 + np.exp(-(slope * logits(scores) + shift)))
    for number, (score, bad) in enumerate(zip(scores.tolist(), broke.tolist(), strict=True)):
        about = {"community_id": town.plaza, "subject": f"urn:wardmote:post:{number + 1}"}
        content_hash = f"{number:064x}"
        item = Item.objects.create(**about, text="", content_hash=content_hash, taken_at=town.now)
        said = Screening.objects.create(
            **about,
            content_hash=content_hash,
            screener=screening.shipped().fingerprint,
            scores={THREAT: score},
            spans=[],
            route="queue",
            screened_at=town.now,
        )
        case = Case.objects.create(
            **about,
            item=item,
            screening=said,
            lane="threat",
            priority=1,
            source="screening",
            category=THREAT,
            state="decided",
            opened_at=town.now,
            decided_at=town.now,
        )
        Decision.objects.create(
            community_id=town.plaza,
            case=case,
            item=item,
            decided_by_id=town.members["dave"],
            clause_id=town.clause().id if bad else None,
            action=(Action.REMOVE if bad else Action.NONE).value,
            decided_at=town.now,
        )


def facts(verb: str) -> dict[str, object]:
    (entry,) = [each for each in record.history([SYSTEM]) if each.verb == verb]
    return {row.name: json.loads(bytes(row.content or b"")) for row in Disclosure.objects.filter(entry_id=entry.id)}


def test_a_correction_is_fitted_accepted_used_and_dropped(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Fitting changes nothing; accepting lowers Bob's next score under a new fingerprint; dropping takes it back."""
    decided(town, slope=1.0, shift=-2.0)
    file = tmp_path / "fitted.json"
    shipped = screening.shipped().fingerprint

    assert main(["detect", "recalibrate", "--out", str(file)]) == 0
    printed = capsys.readouterr().out
    assert "600 decisions that stand" in printed
    assert "Decisions exist only for texts that were flagged or reported" in printed
    assert f"{THREAT}: corrected (" in printed
    assert "harassment: not enough decisions: 60 more needed" in printed
    assert screening.screener().fingerprint == shipped

    assert main(["detect", "recalibrate", "--accept", str(file)]) == 0
    factors = json.loads(file.read_text("utf-8"))["factors"]
    corrected = screening.screener().fingerprint
    town.post("bob", QUEUED)
    newest = Screening.objects.latest("pk")
    assert factors[THREAT]["shift"] == pytest.approx(-2.0, abs=0.5)
    assert newest.screener == corrected != shipped
    assert newest.scores[THREAT] < 0.35
    assert newest.scores["harassment"] == 0.01
    assert screening.as_screened({THREAT: 0.6}) == {THREAT: newest.scores[THREAT]}
    assert facts("screening.corrected")["factors"] == factors
    assert facts("screening.corrected")["becomes"] == corrected
    assert [f.found for f in inside.correction()] == [f"in use for {THREAT}"]

    assert main(["detect", "recalibrate", "--out", str(tmp_path / "second.json")]) == 1
    assert "a correction is in use" in capsys.readouterr().err
    assert main(["detect", "recalibrate", "--drop"]) == 0
    assert screening.screener().fingerprint == shipped
    assert "file_hash" in facts("screening.correction_dropped")
    assert main(["detect", "recalibrate", "--drop"]) == 1
    assert capsys.readouterr().err == "wardmote: No correction is in use.\n"


def test_scores_that_are_right_are_not_corrected(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No better on the half held out: no file, and one line that says so."""
    decided(town, slope=1.0, shift=0.0)

    assert main(["detect", "recalibrate", "--out", str(tmp_path / "fitted.json")]) == 1
    captured = capsys.readouterr()
    assert f"{THREAT}: NOT corrected" in captured.out
    assert captured.err == "wardmote: nothing to correct; no file was written\n"
    assert not (tmp_path / "fitted.json").exists()


def test_only_decisions_that_stand_are_used(town: Town) -> None:
    """What is under appeal, or scored by another version, is left out; an edited text has a screening of its own."""
    town.post("bob", HELD)
    removed = town.decide("dave", Action.REMOVE)
    town.post("bob", QUEUED)
    town.decide("dave", Action.NONE)
    shipped = screening.shipped().fingerprint

    broke, harmless = sorted(judged(screener=shipped), key=lambda row: not row.broke)
    assert (broke.scores[THREAT], broke.broke, broke.harmless) == (0.95, frozenset([THREAT]), frozenset())
    assert (harmless.scores[THREAT], harmless.broke) == (0.6, frozenset())
    assert THREAT in harmless.harmless
    assert judged(screener="another") == []

    town.appeal("bob", removed)
    assert [row.decision_id for row in judged(screener=shipped)] == [harmless.decision_id]


def test_a_correction_for_other_weights_is_refused_and_one_in_use_is_ignored_with_a_warning(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after an update: scores are the shipped ones, doctor and the log say why. A broken file is a fault."""
    page = {"screener": "older", "decisions": "d", "factors": {THREAT: {"slope": 2, "shift": 0}}}
    file = tmp_path / "fitted.json"
    file.write_text(json.dumps(page))
    assert main(["detect", "recalibrate", "--accept", str(file)]) == 1
    assert "it corrects the screener older" in capsys.readouterr().err
    assert not (tmp_path / "correction.json").exists()

    lines: list[str] = []
    monkeypatch.setattr(recalibrate.log, "warning", lambda line, *values: lines.append(line % values))
    file.rename(tmp_path / "correction.json")
    town.post("bob", QUEUED)
    assert Screening.objects.latest("pk").scores[THREAT] == 0.6
    town.post("bob", QUEUED)
    assert len(lines) == 1, "once a process, not with each text"
    assert "it is for the screener older and not for" in lines[0]
    assert [f.state.value for f in inside.correction()] == ["warning"]

    (tmp_path / "correction.json").write_text("{")
    assert screening.screener().fingerprint == screening.shipped().fingerprint
    assert [f.state.value for f in inside.correction()] == ["fault"]
    assert main(["detect", "recalibrate", "--drop"]) == 0


def test_a_demonstration_is_refused(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its decisions are nobody's."""
    monkeypatch.setattr("wardmote.record.queries.first_verb", lambda: mark_demo.BORN_AS_DEMO)

    assert main(["detect", "recalibrate", "--out", str(tmp_path / "fitted.json")]) == 1
    assert "this is a demonstration" in capsys.readouterr().err
