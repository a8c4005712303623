"""What those to whom a case was handed see of it afterwards, and at addresses where there is none."""

import pytest
from tests.console.test_handed_on import HARBOUR, _agree, _stranded
from tests.console.test_handed_on import _decide as _decide_next_door
from tests.console.test_host_judges import HOST, _appealed, _asked, _decide
from tests.scenario import Town
from tests.sheets import fill_in
from tests.web.conftest import Browser, browser, said

from wardmote.journeys.hosts import enrol
from wardmote.kernel.ids import MAX_ID
from wardmote.moderation.models import Appeal
from wardmote.network.models import Post

__all__ = ["browser"]

LATER = "Marigolds in May."


def _edit(browser: Browser) -> None:
    """Bob writes something else in the post's place, which everybody can read."""
    bob, address = browser("bob"), f"/@bob/{Post.objects.latest('pk').pk}/edit"
    assert bob.post(address, fill_in(bob, address, {"text": LATER})).status_code == 302


def test_the_host_does_not_read_what_came_after_the_hearing(town: Town, browser: Browser) -> None:
    """Ivan hears Bob's appeal and reads what stands there then; of what Bob writes later he sees nothing."""
    enrol.enrol_community(staff_id=town.people["heidi"], community_id=town.plaza, now=town.now)
    heidi, ivan = browser("heidi", host=HOST), browser("ivan", host=HOST)
    decision_id = _decide(town, heidi, _asked(town, browser), action="label")
    address = f"/host/others/appeals/{_appealed(town, 'bob', decision_id)}"
    _edit(browser)
    before = said(ivan.get(address).content.decode())
    typed = {"outcome": "uphold", "reason": "It stands."}

    assert LATER in before
    assert ivan.post(f"{address}/decide", fill_in(ivan, address, typed)).status_code == 302
    for staff in (heidi, ivan):
        after = staff.get(address)
        assert (after.status_code, LATER in said(after.content.decode())) == (200, False)
    assert Appeal.objects.get().decided_by_staff_id == town.people["ivan"]


def test_next_door_does_not_either(town: Town, browser: Browser) -> None:
    """Grace decides, Frank hears the appeal: the same for both."""
    case_id = _stranded(town)
    _agree(town)
    grace, frank = (browser(name, host=HARBOUR) for name in ("grace", "frank"))
    decision_id = _decide_next_door(town, grace, case_id, "label")
    address = f"/console/others/appeals/{_appealed(town, 'bob', decision_id)}"
    _edit(browser)
    typed = {"outcome": "uphold", "reason": "It stands."}

    assert LATER in said(frank.get(address).content.decode())
    assert frank.post(f"{address}/decide", fill_in(frank, address, typed)).status_code == 302
    assert LATER not in said(frank.get(address).content.decode())


@pytest.mark.parametrize("what", ["cases", "appeals"])
def test_a_number_that_no_id_can_be_is_no_page(town: Town, browser: Browser, what: str) -> None:
    """404, as for any other that there is none of."""
    heidi, dave = browser("heidi", host=HOST), browser("dave")
    for number in (0, MAX_ID, MAX_ID + 1, 10**30):
        assert heidi.get(f"/host/others/{what}/{number}").status_code == 404
        assert dave.get(f"/console/others/{what}/{number}").status_code == 404
