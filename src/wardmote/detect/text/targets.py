"""Whom, where and when a text names: people, places and times, found by plain rules, with their place in the text.

For somebody who reads an alert and has no minute to lose; not a judgement, and not complete. English, with the German
words for days and months. Names are known by their capitals: where everything, or nothing, has capitals, only mentions
(`@name`), titles, streets, public places and times are found.

Every pattern is bounded and every pass is one walk, so that no text takes longer than its length.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from wardmote.detect.text import target_words as words
from wardmote.kernel.handles import WRITTEN

LONGEST = 50_000
"""Characters that are looked at; what is behind them is not."""
MOST = 60
"""Targets that are given of one text, the first ones."""
_NAME_WORDS = 4
_GAP = 3
"""White space, in characters, that may be between the words of one name."""
_SHOUTED = 0.6
_HEADLINE = 0.8
"""Shares of letters, and of words, with a capital from which capitals tell nothing."""


class TargetKind(StrEnum):
    """What is named."""

    PERSON = "person"
    PLACE = "place"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Target:
    """One thing named: `text[start:end]`, in code points of the original.

    `key` is the same for the same thing written otherwise. `named` is whether it could be told from others of its
    kind: a name, a date; not "his house", "tonight".
    """

    kind: TargetKind
    start: int
    end: int
    key: str
    named: bool


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    raw: str
    low: str
    capital: bool
    stop: int
    """Where it ends with its possessive ending, which the rest leaves out."""


_WORD = re.compile(r"[^\W_]+(?:['\-][^\W_]+)*")
_MENTION = re.compile(rf"(?<![\w@/.])@({WRITTEN})(?:@([A-Za-z0-9.\-]{{1,100}}))?(?![\w@])")
_DAY = "|".join(sorted(words.WEEKDAYS, key=len, reverse=True))
_MONTH = "|".join(sorted(words.MONTHS, key=len, reverse=True))
_NTH = r"(\d{1,2})(?:st|nd|rd|th)"
_S = r"[ \t]{1,3}"
_OPENS = r"(?<![\w.,:/\-])"
_CLOSES = r"(?![\w/]|[.:,]\d)"
_TIMES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(_OPENS + pattern + _CLOSES, re.IGNORECASE | re.ASCII))
    for name, pattern in (
        ("iso", r"(\d{4})-(\d{2})-(\d{2})"),
        ("day month", rf"(\d{{1,2}})(?:st|nd|rd|th|\.)?{_S}(?:of{_S})?({_MONTH})\.?(?:,?{_S}\d{{4}})?"),
        ("month day", rf"({_MONTH})\.?{_S}(?:the{_S})?(\d{{1,2}})(?:st|nd|rd|th)?(?:,?{_S}\d{{4}})?"),
        ("numbers", r"(\d{1,2})/(\d{1,2})/(?:\d{4}|\d{2})"),
        ("numbers", r"(\d{1,2})\.(\d{1,2})\.\d{4}"),
        ("on numbers", rf"on{_S}(\d{{1,2}})/(\d{{1,2}})"),
        ("nth", rf"(?:(?:on|by|before|until|till|from){_S}the|this){_S}{_NTH}"),
        ("nth", rf"the{_S}{_NTH}(?=[ \t]{{0,3}}(?:$|[.,;!?\n)]|at\b|in{_S}the{_S}(?:morning|evening)\b))"),
        ("weekday", rf"(?:(?:this|next|on|every){_S})?({_DAY})(?:{_S}(?:night|morning|afternoon|evening))?"),
        ("clock", r"([01]?\d|2[0-4]):([0-5]\d)(?:[ \t]?([ap])\.?m)?"),
        ("hour", r"(1[0-2]|0?[1-9])[ \t]?([ap])\.?m"),
        ("oclock", r"(1\d|2[0-4]|0?\d)[ \t]?(?:o['’]clock|uhr|hours|hrs)"),
        ("soon", rf"(?:tomorrow|today){_S}(?:night|morning|afternoon|evening)"),
        ("soon", rf"(?:this|next){_S}(?:weekend|week|morning|afternoon|evening|month)"),
        ("soon", r"tonight|tomorrow|today|midnight|noon|heute(?:[ ](?:abend|nacht))?|übermorgen"),
    )
)


def find_targets(text: str) -> tuple[Target, ...]:
    """Everything that a text names, in the order in which it is there; no two overlap."""
    clean, places = _cleaned(text[:LONGEST])
    taken = bytearray(len(clean))
    found: list[Target] = []
    tokens = _words(clean)
    capitals = _capitals_tell(clean, tokens)
    for start, end, kind, key, named in (
        *_mentions(clean),
        *_times(clean),
        *_streets_and_places(clean, tokens, capitals=capitals),
        *_people(clean, tokens, capitals=capitals),
    ):
        # The earlier rule is the surer one: "Lime Street" is not somebody called Street.
        if end > start and not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            found.append(Target(kind, places[start], places[end - 1] + 1, key, named))
    return tuple(sorted(found, key=lambda target: target.start)[:MOST])


_Found = tuple[int, int, TargetKind, str, bool]


def _cleaned(text: str) -> tuple[str, Sequence[int]]:
    """The text with compatible characters made plain and invisible ones dropped, and where each one was."""
    if text.isascii():
        return text, range(len(text))
    kept: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        plain = "" if unicodedata.category(character) in ("Cf", "Mn") else unicodedata.normalize("NFKC", character)
        plain = plain.replace("’", "'").replace("‘", "'")[:4]
        kept.append(plain)
        places += [place] * len(plain)
    return "".join(kept), places


def _words(clean: str) -> list[_Word]:
    found = []
    for match in _WORD.finditer(clean):
        raw = match[0]
        start, stop = match.span()
        end = stop
        if raw.endswith(("'s", "'S")):
            raw, end = raw[:-2], end - 2
        found.append(_Word(start, end, raw, raw.casefold(), raw[0].isupper(), stop))
    return found


def _capitals_tell(clean: str, tokens: Sequence[_Word]) -> bool:
    """Whether a capital means a name here: not in what is shouted, or written Like A Headline."""
    letters = sum(character.isalpha() for character in clean)
    upper = sum(character.isupper() for character in clean)
    capitals = sum(token.capital for token in tokens)
    shouted = letters >= 12 and upper > _SHOUTED * letters
    return not shouted and not (len(tokens) >= 6 and capitals > _HEADLINE * len(tokens))


def _mentions(clean: str) -> Iterator[_Found]:
    for match in _MENTION.finditer(clean):
        yield match.start(), match.end(), TargetKind.PERSON, match[0].casefold(), True


def _times(clean: str) -> Iterator[_Found]:
    for name, pattern in _TIMES:
        for match in pattern.finditer(clean):
            key = _time_key(name, match)
            if key:
                yield match.start(), match.end(), TargetKind.TIME, key, key.startswith("date:")


def _time_key(name: str, match: re.Match[str]) -> str:
    """`date:01-06` (month, day), `date:6` (a day of some month), `weekday:6`, `clock:18:00`, or the words; empty where
    it cannot be a time."""
    groups = match.groups()
    if name in ("iso", "day month", "month day", "numbers", "on numbers"):
        return _date_key(name, groups)
    if name == "nth":
        return f"date:{int(groups[0])}" if 1 <= int(groups[0]) <= 31 else ""
    if name == "weekday":
        return f"weekday:{words.WEEKDAYS[groups[0].lower()]}"
    if name in ("clock", "hour", "oclock"):
        minutes = groups[1] if name == "clock" else "00"
        half = (groups[2] if name == "clock" else groups[1] if name == "hour" else "") or ""
        hour = int(groups[0]) % 12 + 12 * (half.lower() == "p") if half else int(groups[0])
        return f"clock:{hour:02}:{minutes}"
    return " ".join(match[0].lower().split())


def _date_key(name: str, groups: Sequence[str]) -> str:
    if name == "iso":
        month, day = int(groups[1]), int(groups[2])
    elif name == "day month":
        month, day = words.MONTHS[groups[1].lower()], int(groups[0])
    elif name == "month day":
        if groups[0] in ("may", "march", "mar"):
            return ""  # a verb: "may 5 people come"
        month, day = words.MONTHS[groups[0].lower()], int(groups[1])
    else:
        # 1/6 is the sixth of January to some and the first of June to others: it stays as it was written.
        first, second = int(groups[0]), int(groups[1])
        return f"date:{first}/{second}" if 1 <= first <= 31 and 1 <= second <= 31 and min(first, second) <= 12 else ""
    return f"date:{month:02}-{day:02}" if 1 <= month <= 12 and 1 <= day <= 31 else ""


def _close(clean: str, before: _Word, after: _Word) -> bool:
    """Whether there is nothing but a little white space between two words, after an initial its dot."""
    gap = clean[before.stop : after.start]
    if len(before.raw) == 1:
        gap = gap.removeprefix(".")
    return len(gap) <= _GAP and not gap.strip(" \t") and bool(gap)


def _run(clean: str, tokens: Sequence[_Word], first: int, *, most: int = _NAME_WORDS) -> int:
    """One more than the last index of the capitalised words that begin at `first`."""
    last = first + 1
    while (
        last < len(tokens)
        and last - first < most
        and tokens[last].capital
        and tokens[last].low not in words.NEVER_A_NAME
        and tokens[last - 1].stop == tokens[last - 1].end
        and _close(clean, tokens[last - 1], tokens[last])
    ):
        last += 1
    return last


def _streets_and_places(clean: str, tokens: Sequence[_Word], *, capitals: bool) -> Iterator[_Found]:
    for index, token in enumerate(tokens):
        if token.low in words.STREETS and capitals and token.capital:
            yield from _street(clean, tokens, index)
        elif token.low in words.WHERE and index + 1 < len(tokens) and _close(clean, token, tokens[index + 1]):
            yield from _place_after(clean, tokens, index, capitals=capitals)
        elif capitals and token.low in words.PUBLIC_PLACES and token.capital:
            yield from _street(clean, tokens, index)


def _street(clean: str, tokens: Sequence[_Word], index: int) -> Iterator[_Found]:
    """A street or a public place by name: its capitalised words, with a number before them."""
    first = index
    while first > 0 and index - first < _NAME_WORDS - 1 and _joins(clean, tokens, first):
        first -= 1
    if first == index:
        return
    if tokens[first - 1].raw.isdecimal() and first > 0 and _close(clean, tokens[first - 1], tokens[first]):
        first -= 1
    yield tokens[first].start, tokens[index].end, TargetKind.PLACE, _key(tokens[first : index + 1]), True


def _joins(clean: str, tokens: Sequence[_Word], first: int) -> bool:
    before = tokens[first - 1]
    return before.capital and before.low not in words.NEVER_A_NAME and _close(clean, before, tokens[first])


def _place_after(clean: str, tokens: Sequence[_Word], index: int, *, capitals: bool) -> Iterator[_Found]:
    """What follows "at", "in", "outside" … : a name, or within four words a kind of place."""
    start = index + 1
    while start < len(tokens) and start - index <= 2 and tokens[start].low in words.ARTICLES:
        start += 1
    for last in range(start, min(start + _NAME_WORDS, len(tokens))):
        if last > index + 1 and not _close(clean, tokens[last - 1], tokens[last]):
            break
        low = tokens[last].low
        if low in words.PUBLIC_PLACES or low in words.PLACES or low in words.STREETS:
            phrase = tokens[start : last + 1]
            # "His house" is nobody's in particular; "the town hall" is, where people know each other.
            named = low in words.PUBLIC_PLACES or (capitals and phrase[0].capital and len(phrase) > 1)
            yield tokens[index + 1].start, tokens[last].end, TargetKind.PLACE, _key(phrase), named
            return
    if start >= len(tokens) or not capitals or tokens[index].low not in words.WHERE_NAMED:
        return
    if tokens[start].capital and tokens[start].low not in words.NEVER_A_NAME and _near(clean, tokens, index, start):
        last = _run(clean, tokens, start)
        yield tokens[start].start, tokens[last - 1].end, TargetKind.PLACE, _key(tokens[start:last]), True


def _near(clean: str, tokens: Sequence[_Word], index: int, start: int) -> bool:
    return all(_close(clean, tokens[n], tokens[n + 1]) for n in range(index, start))


def _people(clean: str, tokens: Sequence[_Word], *, capitals: bool) -> Iterator[_Found]:
    index = 0
    while index < len(tokens):
        last, key = _person(clean, tokens, index, capitals=capitals)
        if last:
            yield tokens[index].start, tokens[last - 1].end, TargetKind.PERSON, key, True
        index = max(last, index + 1)


def _person(clean: str, tokens: Sequence[_Word], index: int, *, capitals: bool) -> tuple[int, str]:
    """Where the name of a person that begins at `index` ends, and its key; 0 where none begins there."""
    token = tokens[index]
    if token.low in words.TITLES and index + 1 < len(tokens):
        following = tokens[index + 1]
        gap = clean[token.end : following.start]
        if following.capital and following.low not in words.NEVER_A_NAME and gap.strip() in ("", ".") and len(gap) <= 3:
            last = _run(clean, tokens, index + 1, most=3)
            return last, _key(tokens[index + 1 : last])
    if not capitals or not token.capital or token.low in words.NEVER_A_NAME or len(token.raw) < 2:
        return 0, ""
    last = _run(clean, tokens, index)
    if last - index >= 2:
        return last, _key(tokens[index:last])
    before = tokens[index - 1] if index else None
    if before is not None and before.low in words.DONE_TO_PEOPLE and _close(clean, before, token):
        return last, _key(tokens[index:last])
    return 0, ""


def _key(tokens: Sequence[_Word]) -> str:
    return " ".join(token.low for token in tokens if token.low not in words.ARTICLES)[:100]
