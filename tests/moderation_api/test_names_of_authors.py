"""Whoever writes or reports on a platform elsewhere has a name in any script."""

import pytest
from tests.moderation_api.conftest import Ask
from tests.moderation_api.test_events import tell, told
from tests.scenario import Town

from wardmote.kernel.texts import identity
from wardmote.moderation.models import Case, Item, OutsidePost, OutsideReport

NAMES = ["山田　太郎", "علی\u200cرضا", "ക്രിസ്\u200dറ്റി", "Ana 👩\u200d🚀", "O’Brien", "Zoë"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_any_script_is_an_events_author(town: Town, ask: Ask, platform_key: str, name: str) -> None:
    """And so the post is screened: its case is open."""
    event = told(1)
    event["post"]["author"] = name
    (answer,) = tell(ask, platform_key, event)

    assert answer["route"] == "hold"
    assert Item.objects.count() == 1
    assert OutsidePost.objects.get().author == identity(name)
    assert town.verbs()[-1] == "case.opened"


def test_a_report_names_its_reporter_in_any_script(town: Town, ask: Ask, platform_key: str) -> None:
    """One reporter counts once, however the joiners in the name are set."""
    tell(ask, platform_key, told(1))
    for number, name in ((2, "علی\u200cرضا"), (3, "علیرضا")):
        tell(ask, platform_key, told(number, "report", reporter=name, reason="threat"))

    assert OutsideReport.objects.filter(case=Case.objects.get()).count() == 1
