"""The words behind a score: the strongest of the category in question, in a text that stays whole."""

import re

from tests.console.conftest import Browser
from tests.scenario import THREAT, Town

from wardmote.communities.policy import Action
from wardmote.moderation.models import Case
from wardmote.moderation.policy import ReportReason

TWO = f"Go away. [{THREAT} 0.95] [identity_attack 0.90] Really."


def _marked(page: str) -> list[str]:
    return re.findall(r"<mark[^>]*>([^<]*)</mark>", page)


def test_a_case_marks_only_what_its_clause_is_about(town: Town, browser: Browser) -> None:
    """Held as a threat: the words of another category are not underlined, and the text reads as it was written."""
    town.post("bob", TWO)
    page = browser("dave").get(f"/console/cases/{Case.objects.get().pk}").content.decode()
    spanned = re.search(r'<span class="spanned">(.*?)</span>', page)

    assert _marked(page) == [f"[{THREAT} 0.95]"]
    assert spanned is not None
    assert re.sub(r"</?mark[^>]*>", "", spanned[1]) == TWO
    assert "Underlined: threat" in page


def test_a_low_score_marks_nothing(town: Town, browser: Browser) -> None:
    """Reported as harassment, which screening holds for unlikely: no word is underlined."""
    town.report("carol", town.post("bob", "You. [harassment 0.05]").post_id, ReportReason.HARASSMENT)
    page = browser("dave").get(f"/console/cases/{Case.objects.get().pk}").content.decode()

    assert _marked(page) == []


def test_the_author_reads_the_words_of_the_cited_clause_alone(town: Town, browser: Browser) -> None:
    """Bob, removed for a threat, is not told that other words are an attack on identity."""
    town.post("bob", TWO)
    decision_id = town.decide("dave", Action.REMOVE)
    page = browser("bob").get(f"/why/{decision_id}").content.decode()

    assert _marked(page) == [f"[{THREAT} 0.95]"]
    assert "attack on identity" not in page
