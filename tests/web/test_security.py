import re
from html.parser import HTMLParser

import pytest
from tests.scenario import HELD, PLAIN, Town
from tests.web.conftest import Browser, said

INLINE = re.compile(r"<script(?![^>]*(\ssrc=|type=\"application/json\"))|<style|\sstyle=|\son[a-z]+=", re.IGNORECASE)
PAGES = ("/", "/local", "/people", "/post", "/policy", "/policy/accept", "/@bob", "/settings", "/settings/erase")
MORE_PAGES = ("/notices", "/measures", "/reports", "/record", "/accounts/email/", "/accounts/password/change/")
PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    'x" onmouseover="alert(1)',
    "javascript:alert(1)",
    "https://example.org/\"onclick='alert(1)'<b>",
    "[a](javascript:alert(1)) <a href='javascript:alert(1)'>b</a>",
    "</textarea><svg onload=alert(1)>",
)


class _Dangers(HTMLParser):
    """Collects every element and attribute that runs something or leads somewhere it should not."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in ("img", "iframe", "object", "b") or (
            tag == "svg" and values.get("class") != "icon" and "viewbox" not in values
        ):
            self.found.append(tag)
        if tag == "script" and not (values.get("src") or "").startswith("/static/"):
            self.found.append("script")
        self.found += [name for name in values if name.startswith("on") or name == "style"]
        address = (values.get("href") or "").strip().lower()
        self.found += [address] if address and not address.startswith(("/", "#", "?", "http://", "https://")) else []


def dangers(html: str) -> list[str]:
    """What a browser would find in a page that was not written by us."""
    parser = _Dangers()
    parser.feed(html)
    return parser.found


@pytest.mark.parametrize("address", [*PAGES, *MORE_PAGES, "/nonsense", "/accounts/2fa/totp/activate/"])
@pytest.mark.parametrize("name", ["", "bob", "dave"])
def test_every_page_allows_only_what_we_serve(town: Town, browser: Browser, name: str, address: str) -> None:
    """The policy is on every answer, and no page has a script or style of its own that it would forbid."""
    response = browser(name).get(address)
    policy = response.headers["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert INLINE.search(response.content.decode()) is None


def test_an_unknown_community_has_the_policy_too(browser: Browser) -> None:
    """The page that says there is no such community is no way around."""
    response = browser().get("/", HTTP_HOST="nobody.example")

    assert "default-src 'self'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_people_write_stays_text(town: Town, browser: Browser, payload: str) -> None:
    """In a post, a name, a bio, a report and an edit form: nothing that was typed becomes markup."""
    bob = browser("bob")
    path = bob.post("/post", {"text": payload}).headers["Location"]
    bob.post("/settings", {"display_name": payload[:60], "bio": payload})

    for address in (path, path + "/edit", path + "/history", "/@bob", "/people", "/local", "/settings"):
        assert dangers(bob.get(address).content.decode()) == [], address


def test_a_form_needs_its_token(town: Town, browser: Browser) -> None:
    """A post without the token is refused with a page in words, and nothing is written."""
    response = browser("bob", enforce_csrf_checks=True).post("/post", {"text": PLAIN})

    assert response.status_code == 403
    assert "Nothing was saved." in said(response.content.decode())
    assert town.verbs() == []


def test_pages_of_the_signed_in_are_not_kept(town: Town, browser: Browser) -> None:
    """A shared browser's cache holds nothing of a member's."""
    assert browser("bob").get("/notices").headers["Cache-Control"] == "private, no-store"
    assert browser().get("/local").headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("body", [b"text=%ff%fe", b"text=abc%c3", b"text=\xff"])
def test_broken_utf8_is_refused(town: Town, browser: Browser, body: bytes) -> None:
    """Bytes that are no UTF-8 are a page in words with status 400, and nothing is saved in some repaired form."""
    response = browser("bob").post("/post", body, content_type="application/x-www-form-urlencoded")

    assert response.status_code == 400
    assert "not valid UTF-8" in said(response.content.decode())
    assert town.verbs() == []


def test_too_large_a_form_is_refused(town: Town, browser: Browser) -> None:
    """Beyond a megabyte it is a page in words with status 413."""
    response = browser("bob").post("/post", {"text": "a" * 1_100_000})

    assert response.status_code == 413
    assert town.verbs() == []


def test_a_wrong_method_is_a_page_in_words(town: Town, browser: Browser) -> None:
    """An address that only takes forms says so, and which methods it takes."""
    response = browser("bob").get("/@carol/follow")

    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]
    assert "does not answer that kind of request" in said(response.content.decode())


def test_our_fault_is_a_page_in_words(town: Town, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error nobody foresaw shows no trace, asks nothing of the database, and has status 500."""

    def broken(**_: object) -> None:
        raise RuntimeError("the disk is full")

    client = browser("bob")
    client.raise_request_exception = False
    monkeypatch.setattr("wardmote.edges.web.views.posts.publish.publish", broken)
    response = client.post("/post", {"text": PLAIN})

    assert response.status_code == 500
    assert "Something broke on our side." in said(response.content.decode())
    assert "disk" not in response.content.decode()


@pytest.mark.parametrize("address", ["/@bob/9223372036854775808", "/@bob/99999999999999999999", "/@bob/0", "/why/-1"])
def test_an_impossible_id_is_no_address(town: Town, browser: Browser, address: str) -> None:
    """Ids that the database could not hold are 404 before they reach it."""
    assert browser("bob").get(address).status_code == 404


def test_an_impossible_page_of_a_list_is_its_first(town: Town, browser: Browser) -> None:
    """Nonsense in `before` shows the newest posts."""
    town.post("alice", PLAIN)

    for nonsense in ("x", "-1", "²", "9" * 30, ""):
        assert PLAIN in browser().get("/local", {"before": nonsense}).content.decode()


def test_a_held_text_is_in_nobody_elses_page(town: Town, browser: Browser) -> None:
    """No address shows Carol, or a stranger, what waits for a moderator."""
    path = town.post("bob", HELD).path

    for name in ("carol", ""):
        assert browser(name).get(path).status_code == 404
        for address in ("/", "/local", "/@bob", path + "/history", path + "/reply", path + "/report"):
            assert "I will find you" not in browser(name).get(address).content.decode()
