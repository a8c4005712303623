import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardmote.edges.ui import times
from wardmote.edges.ui.prose import prose, underlined

NAMES = {"violence.threat": "threat", "harassment": "harassment"}
REL = 'rel="nofollow noopener noreferrer ugc"'
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Mark:
    start: int
    end: int
    category: str = "violence.threat"
    strength: str = "solid"


def test_paragraphs_and_line_ends_stay() -> None:
    """A blank line parts paragraphs; a line end is a line end."""
    assert prose("one\ntwo\n\n\nthree") == "<p>one<br>two</p><p>three</p>"


@pytest.mark.parametrize(
    ("text", "link"),
    [
        (
            "https://example.org/a?b=1&c=2.",
            f'<a href="https://example.org/a?b=1&amp;c=2" {REL}>example.org/a?b=1&amp;c=2</a>.',
        ),
        ("(http://example.org)", f'(<a href="http://example.org" {REL}>example.org</a>)'),
        ("ask @Alice_1!", f'ask <a href="/@alice_1" {REL}>@Alice_1</a>!'),
    ],
)
def test_addresses_and_handles_become_links(text: str, link: str) -> None:
    """A sentence's full stop is not part of an address; a handle leads to its profile."""
    assert prose(text) == f"<p>{link}</p>"


@pytest.mark.parametrize(
    "text", ["bob@example.org", "@@bob", "a/@bob", "javascript:alert(1)", "data:text/html,x", "ftp://a.b"]
)
def test_what_only_looks_like_one_does_not(text: str) -> None:
    """Mail addresses, doubled signs and other schemes stay text."""
    assert "<a" not in prose(text)


@pytest.mark.parametrize(
    ("text", "address", "after"),
    [
        ("https://en.wikipedia.org/wiki/Mercury_(planet)", "https://en.wikipedia.org/wiki/Mercury_(planet)", ""),
        ("(https://en.wikipedia.org/wiki/Mercury_(planet)).", "https://en.wikipedia.org/wiki/Mercury_(planet)", ")."),
        ("https://example.org/a。次の文", "https://example.org/a", "。次の文"),
        ("「https://example.org/山」", "https://example.org/山", "」"),
        ("https://example.org/a।", "https://example.org/a", "।"),
        ("https://example.org/a؟", "https://example.org/a", "؟"),
        ("https://en.wikipedia.org/wiki/Rubik's_Cube", "https://en.wikipedia.org/wiki/Rubik's_Cube", ""),
        ("'https://example.org/a'", "https://example.org/a", "'"),
        ("HTTPS://example.org/A", "HTTPS://example.org/A", ""),
        ("https://example.org/a[1]/", "https://example.org/a[1]/", ""),
        ("https://example.org/?q={x}&r=*", "https://example.org/?q={x}&r=*", ""),
        ("https://example.org/a…", "https://example.org/a", "…"),
        ("https://example.org/a\u200b!", "https://example.org/a", "\u200b!"),
    ],
)
def test_an_address_ends_where_its_sentence_goes_on(text: str, address: str, after: str) -> None:
    """Brackets that the address opens are its own; punctuation of any script at its end is the sentence's."""
    html = prose(text)
    found = re.search(r'<a href="([^"]*)"[^>]*>[^<]*</a>([^<]*)', html)

    assert found
    assert unescape(found[1]) == address
    assert unescape(found[2]) == after


_PIECES = st.sampled_from(
    [
        "https://",
        "HTTP://",
        "example.org",
        "/wiki/",
        "Rubik's",
        "(",
        ")",
        "[",
        "]",
        ".",
        "。",
        "」",
        "?",
        "&",
        " ",
        "é",
        "@bob",
    ]
)


@given(st.lists(st.one_of(_PIECES, st.text(st.characters(exclude_categories=["C", "Z"]), max_size=3)), max_size=14))
def test_linking_loses_no_character(pieces: list[str]) -> None:
    """With each link put back as the address it leads to, the text is what was typed."""
    text = "".join(pieces).strip()
    html = re.sub(r'<a href="(https?://[^"]*)"[^>]*>[^<]*</a>', r"\1", prose(text), flags=re.IGNORECASE)

    assert unescape(re.sub(r"<[^>]+>", "", html)) == text


@pytest.mark.parametrize("text", ["https://", "https://.", "http://)", "see https://!"])
def test_a_scheme_alone_is_text(text: str) -> None:
    """There is nowhere to go."""
    assert prose(text) == f"<p>{text}</p>"


@given(st.text(max_size=200))
def test_no_text_becomes_another_element(text: str) -> None:
    """Whatever is typed, only paragraphs, line ends and links come out."""
    for piece in prose(text).split("<")[1:]:
        assert piece.startswith(("p>", "/p>", "br>", 'a href="/@', 'a href="http', "/a>"))


KEY = '<small class="span-key">Underlined: threat</small>'


def test_scored_words_are_underlined_and_named() -> None:
    """The words of a span are marked, the text stays as it was written, and the category is said behind it."""
    html = underlined("I will <find> you", [Mark(7, 13)], NAMES)

    assert html == (
        f'<span class="spanned">I will <mark class="solid" title="threat">&lt;find&gt;</mark> you</span>{KEY}'
    )


def test_where_spans_overlap_the_strongest_is_drawn() -> None:
    """Every category of the words is named on them, and all are said once behind the text."""
    html = underlined("abcdef", [Mark(0, 4, strength="dotted"), Mark(2, 6, "harassment", "double")], NAMES)

    assert html == (
        '<span class="spanned"><mark class="dotted" title="threat">ab</mark>'
        '<mark class="double" title="harassment, threat">cd</mark>'
        '<mark class="double" title="harassment">ef</mark></span>'
        '<small class="span-key">Underlined: harassment, threat</small>'
    )


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(-5, 60), st.integers(-5, 60)), max_size=6))
def test_underlining_loses_no_character(text: str, bounds: list[tuple[int, int]]) -> None:
    """Whatever the spans, even wrong ones, the text comes out whole and escaped."""
    html = underlined(text, [Mark(start, end) for start, end in bounds], NAMES)
    bare = html.removesuffix(KEY).replace('<mark class="solid" title="threat">', "")
    escaped = "".join(str(underlined(c, [], {}))[len('<span class="spanned">') : -len("</span>")] for c in text)

    assert bare.replace("</mark>", "") == f'<span class="spanned">{escaped}</span>'


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=20), "now"),
        (timedelta(minutes=4, seconds=59), "4 min"),
        (timedelta(hours=3), "3 h"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=6), "6 days"),
        (timedelta(days=10), "12 Nov"),
        (timedelta(days=400), "18 Oct 2025"),
        (timedelta(hours=-2), "22 Nov"),
    ],
)
def test_ages_in_words(age: timedelta, words: str) -> None:
    """The largest unit that fits; from a week on, and for what lies ahead, the date."""
    assert times.relative(NOON - age, NOON) == words


@pytest.mark.parametrize(
    ("left", "words", "urgency"),
    [
        (timedelta(days=3), "due in 3 days", ""),
        (timedelta(hours=3), "due in 3 h", "warn"),
        (timedelta(minutes=-20), "late by 20 min", "danger"),
    ],
)
def test_a_clock_warns_in_its_last_quarter(left: timedelta, words: str, urgency: str) -> None:
    """And is in danger once late."""
    assert times.due_in(NOON + left, NOON, NOON - timedelta(days=1)) == (words, urgency)
