import time
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardmote.detect.text.targets import LONGEST, MOST, TargetKind, find_targets

PIECES = ["at", "the", "Mayor", "St", "@a", "6", ":", "th", "on", "Ab", "'s", ".", "May", "\u200b", "\ufdfa", "é"]


def found(text: str) -> list[tuple[str, str]]:
    return [(target.kind.value, text[target.start : target.end]) for target in find_targets(text)]


def keys(text: str) -> list[str]:
    return [target.key for target in find_targets(text)]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (
            "I will shoot Ned Flint at the town hall on Saturday at 6pm.",
            [("person", "Ned Flint"), ("place", "the town hall"), ("time", "on Saturday"), ("time", "6pm")],
        ),
        (
            "Somebody visit Mayor Harlan tonight, 14 Lime Street, bring rope.",
            [("person", "Mayor Harlan"), ("time", "tonight"), ("place", "14 Lime Street")],
        ),
        ("Judge M. Carter must pay. Hang Carter!", [("person", "Judge M. Carter"), ("person", "Carter")]),
        ("@ned_f we know your school", [("person", "@ned_f")]),
        ("ask @ned@plaza.example about it", [("person", "@ned@plaza.example")]),
        ("We wait outside Ned's house", [("place", "Ned's house")]),
        ("we burn down your house, then on to the mosque", [("place", "the mosque")]),
        ("Meet in Central Park, 18:30, January 6th 2027", [("place", "Central Park"), ("time", "18:30")]),
        ("See you on the 6th.", [("time", "on the 6th")]),
        ("tomorrow night at 9 pm it begins", [("time", "tomorrow night"), ("time", "9 pm")]),
        ("Freitag um 18 Uhr, 6. Januar, in Köln", [("time", "Freitag"), ("time", "18 Uhr"), ("time", "6. Januar")]),
        ("am 2026-12-24", [("time", "2026-12-24")]),
        ("On 1/6 we ride", [("time", "On 1/6")]),
    ],
)
def test_whom_where_and_when_are_found(text: str, named: list[tuple[str, str]]) -> None:
    """People by name, title or mention; places by name, number or kind; days, dates and hours."""
    assert [target for target in named if target not in found(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "The 2nd Amendment protects us all.",
        "You may 5 times say so, and we march 6 miles.",
        "Write to ned@plaza.example instead.",
        "They should be ashamed. Nobody will help. What a Christian country.",
        "I got 12.50 back, version 10.2.11, odds 1/2.",
        "he is the first to complain, in fact at once",
        "",
        "   \n\t ",
    ],
)
def test_what_only_looks_like_a_target_is_left_alone(text: str) -> None:
    """An amendment, a verb, an address of mail, a price: no person, place or time."""
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Hang Harlan", "They should hang  Harlan's dog, and hang Harlan"),
        ("See Mayor Harlan there", "GO AND SEE MAYOR HARLAN THERE"),
        ("on January 6", "on the 6th of january"),
        ("at 6pm", "at 18:00"),
        ("next Saturday", "on saturday night"),
        ("at the Town Hall", "at the town hall"),
        ("kill Ned Flint", "kill N\u200be\u200bd Flint"),
        ("kill Ned Flint", "kill \uff2e\uff45\uff44 Flint"),
    ],
)
def test_the_same_thing_written_otherwise_has_the_same_key(text: str, other: str) -> None:
    """Capitals, possessives, ways to write a date, invisible and wide characters make no other target."""
    assert set(keys(text)) & set(keys(other)) == set(keys(text)) != set()


def test_only_what_could_be_told_apart_counts_as_named() -> None:
    """A name, a date, a town hall; not "his house", "tonight" or a weekday."""
    targets = find_targets("Harm Ned Flint tonight at his house, on Friday at the courthouse or on the 6th.")

    assert {t.key: t.named for t in targets} == {
        "ned flint": True,
        "tonight": False,
        "house": False,
        "weekday:5": False,
        "courthouse": True,
        "date:6": True,
    }


@pytest.mark.parametrize(
    "text", ["THEY WILL ALL HANG AT DAWN AND NED FLINT TOO", "They Will All Come For Ned Flint Now"]
)
def test_capitals_that_mean_nothing_name_nobody(text: str) -> None:
    """In what is shouted, or set like a headline, a capital is no name."""
    assert [kind for kind, _ in found(text) if kind == "person"] == []


def test_an_offset_points_into_the_original() -> None:
    """Characters that are dropped or become several move nothing."""
    text = "\ufb03\u200b\u0301 \U0001f600 then shoot N\u200bed Flint \u202eat the mosque"
    pointed = [unicodedata.normalize("NFKC", words).replace("\u200b", "") for _, words in found(text)]

    assert pointed == ["Ned Flint", "the mosque"]


@given(st.text(max_size=400) | st.lists(st.sampled_from(PIECES)).map(" ".join))
def test_any_text_is_read(text: str) -> None:
    """Every target is a stretch of the text with a key and a kind; they stand in order and do not overlap."""
    targets = find_targets(text)

    assert all(0 <= t.start < t.end <= len(text) and t.key and t.kind in TargetKind for t in targets)
    assert all(before.end <= after.start for before, after in pairwise(targets))


@pytest.mark.parametrize(
    "piece",
    [
        "A ",
        "Aa ",
        "@",
        "1",
        "on the ",
        " ",
        "12:",
        "St ",
        "at the ",
        "é\u0301",
        "a'",
        "\ufdfa",
        "Ab-",
        "Mr. ",
        "1/1/",
        "@a",
    ],
)
def test_no_text_takes_long(piece: str) -> None:
    """Four times the text takes about four times as long, and the longest is read in well under two seconds."""

    def seconds(length: int) -> float:
        text = (piece * (length // len(piece) + 1))[:length]
        best = 9.0
        for _ in range(3):
            began = time.process_time()
            find_targets(text)
            best = min(best, time.process_time() - began)
        return best

    short, whole = seconds(LONGEST // 4), seconds(LONGEST)

    assert whole < 2
    assert whole < 12 * short + 0.05


def test_of_very_many_the_first_are_given() -> None:
    """A text of nothing but names does not fill a page; what stands behind the limit is not looked at."""
    many = ". ".join(f"we shoot Ned Flint{chr(97 + n % 26)}" for n in range(500))

    assert len(find_targets(many)) == MOST
    assert find_targets("x" * LONGEST + " shoot Ned Flint") == ()
