"""What a page proves, and what it does not."""

import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

import pytest
from tests.hosting.site import Site

from wardmote.hosting.policy.kinds import Finding
from wardmote.hosting.policy.recheck import Page, compare, likeness, normalise, visible_text
from wardmote.outside.fetch import FetchError, fetch

TEXT = "I will be at your door on Friday, and you will be sorry."
AROUND = "<head><title>The Plaza</title></head><body><nav>Home Local People</nav>{}<footer>About</footer></body>"
POST = AROUND.format(f"<article><h1>bob</h1><p>{TEXT}</p></article>")
LOG_IN = AROUND.format('<h1>Welcome back</h1><form><input name="email"><input type="password"></form>')
SOFT_404 = AROUND.format("<h1>Oops</h1><p>This page could not be found.</p>")
OTHER = AROUND.format(
    "<article><h1>carol</h1><p>The lime trees are in flower, and the benches are dry again.</p></article>"
)
EDITED = AROUND.format("<p>I will be at your door on Friday, with flowers, and you will be pleased.</p>")


def look(body: str, status: int = 200) -> Finding:
    return compare(TEXT, Page(status, body)).finding


@pytest.mark.parametrize(
    ("body", "status", "finding"),
    [
        (POST, 200, Finding.UP),
        (POST, 403, Finding.UP),
        (AROUND.format("<p>This post was removed.</p>" + "<p>…</p>"), 200, Finding.REMOVED),
        (AROUND.format("<p>A moderator removed this post.</p>"), 200, Finding.REMOVED),
        (AROUND.format("<p>There is no such post here, or it was deleted.</p>"), 404, Finding.REMOVED),
        (SOFT_404, 200, Finding.REMOVED),
        ("", 404, Finding.REMOVED),
        ("", 410, Finding.REMOVED),
        (EDITED, 200, Finding.EDITED),
        (LOG_IN, 200, Finding.BLOCKED_TO_US),
        (AROUND.format("<p>Please sign in to see this post.</p>"), 200, Finding.BLOCKED_TO_US),
        (AROUND.format("<p>Checking your browser before you go on.</p>"), 200, Finding.BLOCKED_TO_US),
        ("<div id=app></div><script>boot()</script>", 200, Finding.BLOCKED_TO_US),
        (OTHER, 200, Finding.BLOCKED_TO_US),
        ("", 401, Finding.BLOCKED_TO_US),
        ("", 403, Finding.BLOCKED_TO_US),
        ("", 429, Finding.BLOCKED_TO_US),
        ("", 451, Finding.BLOCKED_TO_US),
        ("", 500, Finding.UNREACHABLE),
        ("", 503, Finding.UNREACHABLE),
        ("", 204, Finding.UNREACHABLE),
    ],
)
def test_what_a_page_shows(body: str, status: int, finding: Finding) -> None:
    """A page that merely loads proves neither that the text stands nor that it is gone."""
    assert look(body, status) is finding


@pytest.mark.parametrize(
    "shown",
    [
        TEXT.upper(),
        TEXT.replace(" ", "  \n "),
        TEXT.replace("door", "d\u200bo\u00ador"),
        TEXT.replace("will", "<b>wi</b>ll"),
        TEXT.replace(",", "&#44;"),
        TEXT.replace("I will", "\uff29 will"),
        f"<details><summary>hidden</summary>{TEXT}</details>",
    ],
)
def test_a_disguise_is_not_an_edit(shown: str) -> None:
    """Case, spaces, markup and invisible characters leave the text standing."""
    assert look(AROUND.format(f"<p>{shown}</p>")) is Finding.UP


@pytest.mark.parametrize(
    "hidden",
    [
        f"<p hidden>{TEXT}</p>",
        f"<div style='display: none'><p>{TEXT}</p></div>",
        f"<template>{TEXT}</template>",
        f"<script>let post = '{TEXT}'</script>",
        f"<!-- {TEXT} -->",
        f'<meta property="og:description" content="{TEXT}">',
    ],
)
def test_what_nobody_sees_does_not_stand(hidden: str) -> None:
    """Text that a browser does not show to a visitor is not up."""
    assert look(AROUND.format(hidden)) is not Finding.UP


def test_what_follows_an_element_left_open_is_still_seen() -> None:
    """A page cannot hide a post from us by forgetting to close what a browser closes by itself."""
    assert look(f"<body><p hidden>nothing<p>{TEXT}</p></body>") is Finding.UP
    assert look(f"<ul><li hidden>nothing<li>{TEXT}</ul>") is Finding.UP


def test_a_part_of_a_word_is_not_the_word() -> None:
    """A short capture is not found inside longer words."""
    assert compare("hat", Page(200, "<p>What a day it is here today</p>")).finding is not Finding.UP


def test_a_text_that_is_no_html_is_compared_as_it_is() -> None:
    """A plain text page has no markup to look behind."""
    assert compare("a < b > c", Page(200, "so: a < b > c", is_html=False)).finding is Finding.UP


def test_an_unknown_trouble_is_unreachable() -> None:
    """Where nothing comes back nothing is proven, and the trouble is kept."""
    found = compare(TEXT, None, trouble="no whole answer in time")

    assert (found.finding, found.why) == (Finding.UNREACHABLE, "no whole answer in time")


def test_likeness_is_the_best_stretch() -> None:
    """Half of the words, close together, are half alike; scattered over a page they are not."""
    wanted = normalise(TEXT).split()[:12]
    scattered = " lorem ipsum dolor sit amet ".join(wanted).split()

    assert likeness(wanted, ["x", *wanted, "y"]) == 1.0
    assert likeness(wanted, wanted[:6] + ["other"] * 6) == 0.5
    assert likeness(wanted, scattered) < 0.5
    assert likeness(["too", "short"], ["too", "short"]) == 0.0


def test_visible_text_has_no_markup() -> None:
    """Blocks are apart, inline elements are not."""
    assert visible_text("<p>one<b>two</b></p><p>three</p>").split() == ["onetwo", "three"]


def slowly(handler: BaseHTTPRequestHandler) -> None:
    """A byte now and then, for ever."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.1)


def to_the_log_in(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(302)
    handler.send_header("Location", "/login?next=/post")
    handler.end_headers()


@pytest.mark.parametrize(
    ("page", "finding"),
    [
        ((200, POST), Finding.UP),
        ((200, SOFT_404), Finding.REMOVED),
        ((200, EDITED), Finding.EDITED),
        ((200, OTHER), Finding.BLOCKED_TO_US),
        (to_the_log_in, Finding.BLOCKED_TO_US),
        ((410, "gone"), Finding.REMOVED),
        ((502, "bad gateway"), Finding.UNREACHABLE),
        (slowly, Finding.UNREACHABLE),
    ],
)
def test_a_look_at_a_real_server(
    site: Site, page: tuple[int, str] | Callable[[BaseHTTPRequestHandler], None], finding: Finding
) -> None:
    """The same over HTTP, where log-in walls are redirects and some servers never finish."""
    site.pages.update({"/post": page, "/login": (200, LOG_IN)})
    try:
        fetched = fetch(site.url("/post"), total=0.6)
    except FetchError as error:
        found = compare(TEXT, None, trouble=str(error))
    else:
        found = compare(TEXT, Page(fetched.status, fetched.text, is_html=fetched.is_html))

    assert found.finding is finding


def test_nobody_answers(site: Site) -> None:
    """A port at which nobody listens is unreachable, not gone."""
    site.port = 1

    with pytest.raises(FetchError):
        fetch(site.url("/post"))
