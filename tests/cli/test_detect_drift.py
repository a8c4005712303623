"""`wardmote detect drift` on what the Plaza wrote."""

from datetime import timedelta

import pytest
from tests.scenario import Town

from wardmote.edges.cli.main import main
from wardmote.moderation.models import Screening


def _screened(town: Town, *, days_ago: int, score: float, many: int) -> None:
    Screening.objects.bulk_create(
        Screening(
            community_id=town.plaza,
            subject=f"urn:wardmote:post:{number + 1}",
            content_hash="0" * 64,
            screener="one",
            scores={"harassment": round(score + number / 10_000, 4)},
            spans=[],
            route="queue" if score > 0.5 else "publish",
            screened_at=town.now - timedelta(days=days_ago),
        )
        for number in range(many)
    )


@pytest.fixture(autouse=True)
def _the_towns_clock(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wardmote.kernel.clock.now", lambda: town.now)


def test_scores_that_rose_are_an_alarm(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """A week in which everything scores high and is queued is told from the month before, with a status of its own."""
    _screened(town, days_ago=20, score=0.1, many=300)
    _screened(town, days_ago=2, score=0.6, many=250)

    assert main(["detect", "drift", "plaza"]) == 3
    output = capsys.readouterr().out
    assert "250 texts of 7 days, 300 of 28 before" in output
    assert "harassment: CHANGED (moved by 1.000" in output
    assert "flagged: CHANGED (share is inf times what it was" in output


def test_scores_that_stayed_are_none(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Two stretches with the same scores are as before; texts older than both do not count."""
    _screened(town, days_ago=60, score=0.9, many=400)
    _screened(town, days_ago=20, score=0.1, many=300)
    _screened(town, days_ago=2, score=0.1, many=300)

    assert main(["detect", "drift", "plaza"]) == 0
    assert "harassment: as before (moved by 0.000" in capsys.readouterr().out


def test_too_little_is_said_and_no_community_is_one_clear_line(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """The Harbour has written nothing; nowhere is no community."""
    assert main(["detect", "drift", "harbour"]) == 0
    assert "too little to compare: both need 200 texts" in capsys.readouterr().out
    assert main(["detect", "drift", "nowhere"]) == 1
    assert capsys.readouterr().err == "wardmote: there is no community 'nowhere' here\n"
