"""Who may not judge a thing next door reads nothing of it, be it a case or its appeal."""

from tests.console.test_handed_home import _join
from tests.console.test_handed_on import EVERYBODY, _agree, _decide, _grace
from tests.scenario import Town, run_jobs
from tests.web.conftest import Browser, browser, said

from wardmote.moderation.models import Case, HandedOn

__all__ = ["browser"]

ANSWER = "Only for whoever hears it."


def test_a_judge_who_may_not_hear_an_appeal_does_not_read_it(town: Town, browser: Browser) -> None:
    """Frank reported the post at the Plaza: its case and its appeal are refused to him, Heidi reads the appeal."""
    _agree(town)
    _join(town, town.plaza, "frank", "franky")
    town.report("franky", town.post("bob", EVERYBODY).post_id)
    run_jobs(town.pass_time(seconds=1))
    case_id = Case.objects.get().pk
    decision = _decide(town, _grace(town, browser), case_id)
    _join(town, town.harbour, "heidi", "heidi", moderates_for="frank")
    appeal_id = town.appeal("bob", decision, ANSWER)
    run_jobs(town.pass_time(seconds=1))
    assert HandedOn.objects.filter(appeal_id=appeal_id, to_id=town.harbour).exists()

    address = f"/console/others/appeals/{appeal_id}"
    frank = _grace(town, browser, "frank")
    case_page, page = frank.get(f"/console/others/cases/{case_id}"), frank.get(address)
    words = said(page.content.decode())
    assert (case_page.status_code, page.status_code) == (403, 403)
    assert ("You reported this" in words, ANSWER in words) == (True, False)
    tried = frank.post(f"{address}/decide", {"outcome": "uphold"})
    assert (tried.status_code, ANSWER in said(tried.content.decode())) == (403, False)
    assert f'href="{address}"' not in frank.get("/console/others").content.decode()

    heidi = _grace(town, browser, "heidi")
    assert ANSWER in said(heidi.get(address).content.decode())
    assert f'href="{address}"' in heidi.get("/console/others").content.decode()
