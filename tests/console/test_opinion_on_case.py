from collections.abc import Iterator

import pytest
from pytest_django import Settings
from tests.console.conftest import Browser
from tests.outside.model import Model, running_model
from tests.scenario import QUEUED, Town

from wardmote.communities.policy import Action
from wardmote.config.jobs import HANDLERS
from wardmote.jobs import engine
from wardmote.moderation.models import Case
from wardmote.moderation.models import Decision as DecisionRow

REASON = "It hints <b>at harm</b> to a person."


@pytest.fixture
def model(settings: Settings) -> Iterator[Model]:
    with running_model() as model:
        settings.WARDMOTE_LLM = model.endpoint()
        model.says({"clause": "1.1", "probability": 0.75, "reason": REASON, "quote": "should teach you"})
        yield model


@pytest.fixture
def case_id(town: Town, model: Model) -> int:
    """Bob's post, queued by screening, about which the machine has been asked."""
    town.post("bob", QUEUED)
    engine.run_due(engine.resolve(HANDLERS), now=town.now)
    return Case.objects.get().pk


def test_a_moderator_reads_the_opinion_as_a_machines(town: Town, browser: Browser, case_id: int) -> None:
    """Clause, likelihood and the model's name under a heading that says what it is; reason and quote, escaped, under
    the shield; and that it decides nothing."""
    page = browser("dave").get(f"/console/cases/{case_id}").content.decode()
    section = page[page.index("A machine’s opinion") : page.index("Nobody has reported it.")]

    assert f"1.1 {town.clause('1.1').title}" in section
    assert "likely" in section
    assert "0.75" in section
    assert "says the language model test-model-1" in section
    assert "It hints &lt;b&gt;at harm&lt;/b&gt; to a person." in section
    assert section.index('<details class="shield" data-shield>') < section.index("It hints")
    assert "It decides nothing; you do." in section
    assert "A machine was asked for its opinion." in page


def test_without_an_opinion_the_page_says_nothing_of_one(town: Town, browser: Browser) -> None:
    """Where nobody was asked there is no heading."""
    town.post("bob", QUEUED)

    page = browser("dave").get(f"/console/cases/{Case.objects.get().pk}").content.decode()

    assert "A machine’s opinion" not in page


def test_nobody_else_is_shown_it(town: Town, browser: Browser, case_id: int) -> None:
    """Neither the author on any page of theirs, nor whoever hears the appeal, who judges anew."""
    decision_id = town.decide("dave", Action.REMOVE)
    town.appeal("bob", decision_id)
    path = f"/@bob/{Case.objects.get().subject.rpartition(':')[2]}"
    appeal_id = DecisionRow.objects.get().appeal.pk
    pages = [
        browser("bob").get(path),
        browser("bob").get(f"{path}/why", follow=True),
        browser("bob").get("/notices/", follow=True),
        browser("erin").get(f"/console/appeals/{appeal_id}"),
    ]

    assert pages[-1].status_code == 200
    assert [page.request["PATH_INFO"] for page in pages if "test-model-1" in page.content.decode()] == []
    assert [page.request["PATH_INFO"] for page in pages if "at harm" in page.content.decode()] == []
