from datetime import timedelta

import pytest
from django.urls import URLPattern, reverse
from tests.console.conftest import Browser
from tests.scenario import PLAIN, Town

from wardmote.communities import operations as communities
from wardmote.edges.console.moderators.urls import urlpatterns
from wardmote.kernel.urn import SYSTEM
from wardmote.moderation.models import Case


def _address(pattern: URLPattern, ident: int) -> str:
    return reverse(f"console:{pattern.name}", args=[ident] if "<int:" in str(pattern.pattern) else [])


def _refused(pattern: URLPattern) -> int:
    return 404 if str(pattern.name).startswith("locked") else 403


def _case(town: Town) -> int:
    town.report("carol", town.post("bob", PLAIN).post_id)
    return Case.objects.get().pk


@pytest.mark.parametrize("pattern", [p for p in urlpatterns if p.name], ids=lambda p: p.name)
@pytest.mark.parametrize("name", ["bob", "grace", "heidi"])
def test_only_moderators_come_to_the_desk(town: Town, browser: Browser, pattern: URLPattern, name: str) -> None:
    """A member, a moderator of another community and the host's staff get the same refusal, whatever exists; of the
    locked lane they are not even told that it is there."""
    case_id = _case(town)
    client = browser(name)
    statuses = {
        client.generic(method, _address(pattern, ident)).status_code
        for ident in (case_id, 1)
        for method in ("GET", "POST")
    }

    # A page with a form on it answers both methods; any other answers one.
    refused = _refused(pattern)
    assert refused in statuses
    assert statuses <= {refused, 405}


@pytest.mark.parametrize("pattern", [p for p in urlpatterns if p.name], ids=lambda p: p.name)
def test_a_stranger_is_sent_to_sign_in(town: Town, browser: Browser, pattern: URLPattern) -> None:
    """Reading and writing lead to the sign-in page and back to a page; nothing is done or tells what exists."""
    address = _address(pattern, 1)
    read, written = browser().get(address), browser().post(address)

    assert (read.status_code, written.status_code) in [(302, 405), (405, 302), (302, 302)]
    if read.status_code == 302:
        assert f"/accounts/login/?next={address}" == read.headers["Location"]
    if written.status_code == 302:
        assert written.headers["Location"].startswith("/accounts/login/?next=%2Fconsole")


def test_a_piece_of_a_page_never_becomes_the_sign_in_page(town: Town, browser: Browser) -> None:
    """When a session has ended, htmx gets a refusal, which it does not put into the page."""
    response = browser().get(reverse("console:clock", args=[_case(town)]), headers={"HX-Request": "true"})

    assert response.status_code == 403


def test_a_case_of_another_community_does_not_exist(town: Town, browser: Browser) -> None:
    """Grace moderates the Harbour; the Plaza's case is nothing at her desk, to read or to write."""
    case_id = _case(town)
    grace = browser("grace", host="harbour.localhost")
    answers = [
        grace.get(reverse("console:case", args=[case_id])),
        grace.post(reverse("console:claim", args=[case_id])),
        grace.post(reverse("console:release", args=[case_id])),
        grace.post(reverse("console:decide", args=[case_id]), {"action": "none"}),
        grace.post(reverse("console:preview", args=[case_id]), {"action": "none"}),
        grace.get(reverse("console:clock", args=[case_id])),
    ]

    assert [answer.status_code for answer in answers] == [404] * 6
    assert Case.objects.get().state == "open"


def test_the_hosts_own_domain_has_no_moderators_desk(town: Town, browser: Browser) -> None:
    """Heidi works for the host; a desk belongs to a community."""
    assert browser("heidi", host="localhost").get(reverse("console:queue")).status_code == 404


def test_a_suspended_moderator_does_not_judge(town: Town, browser: Browser) -> None:
    """While Dave is suspended, others decide."""
    communities.suspend_member(
        community_id=town.plaza,
        member_id=town.members["dave"],
        until=town.now + timedelta(days=1),
        actor=SYSTEM,
        reason=SYSTEM,
        now=town.now,
    )

    assert browser("dave").get(reverse("console:queue")).status_code == 403


def test_no_moderator_opens_the_case_about_their_own_post(town: Town, browser: Browser) -> None:
    """What Carol wrote in her report about Dave's post is not for Dave, though he moderates."""
    post = town.post("dave", PLAIN)
    town.report("carol", post.post_id, comment="He means me.")
    response = browser("dave").get(reverse("console:case", args=[Case.objects.get().pk]))

    assert response.status_code == 403
    assert "He means me." not in response.content.decode()


@pytest.mark.parametrize("ident", ["0", "9223372036854775808", "9" * 30])
def test_an_id_that_cannot_be_is_not_found(town: Town, browser: Browser, ident: str) -> None:
    """A number too large for the database is an address without a page, not a fault."""
    assert browser("dave").get(f"/console/cases/{ident}").status_code == 404
