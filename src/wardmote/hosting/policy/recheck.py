"""Is it still there? What a page shows a stranger, compared with what was captured. Pure.

A page that merely loads proves nothing: only the text does. It is up if its words are there, whatever was done to case,
spaces, quotes or invisible characters. What neither shows it nor says that it is gone is no proof of either.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape

from wardmote.hosting.policy import visible
from wardmote.hosting.policy.gone import MESSAGE, says_gone
from wardmote.hosting.policy.kinds import Finding
from wardmote.hosting.policy.visible import Shown
from wardmote.kernel.i18n import noted

EDITED_SHARE = 0.5
"""From this share of the captured words on, found close together, a text counts as edited rather than gone."""
EDITED_WORDS = 4
"""Shorter captures cannot be recognised in another wording."""
SHELL = 20
"""A page with fewer visible characters than this shows nothing."""

_GONE_STATUS = frozenset({404, 410})
_WALL_STATUS = frozenset({401, 402, 403, 407, 429, 451})
_WALL = re.compile(
    r"\b(?:(?:log|sign) ?in (?:to|or) |please (?:log|sign) ?in|you must (?:log|sign) ?in|members only|"
    r"verify (?:that )?you are (?:a )?human|are you a robot|enable javascript|access denied|checking your browser)"
)
_LEADS_ON = re.compile(r"<meta\s[^>]{0,300}\brefresh\b", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"\w+")
_PIECE = re.compile(r"\w+|[^\w\0]")
_NULL = "\0"
_MARKS = 30
"""Combining marks in a row that are kept; more are no writing, and to put them in order takes the square of their
number."""
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "..."})


@dataclass(frozen=True, slots=True)
class Page:
    """What a stranger got: the HTTP status, the text of the body, and whether that body is HTML."""

    status: int
    body: str
    is_html: bool = True


@dataclass(frozen=True, slots=True)
class Look:
    """What one look found, and why in a few words."""

    finding: Finding
    why: str


def compare(capture: str, page: Page | None, *, trouble: str = "") -> Look:
    """What `page` says about the captured text; None with `trouble` where no page came back."""
    if page is None:
        return Look(Finding.UNREACHABLE, trouble or noted("no answer"))
    shown = _shown(page)
    wanted, words = normalise(capture), normalise("".join(shown.text))
    if _stands(wanted, words):
        return Look(Finding.UP, noted("the text stands there"))
    if page.status != 200:
        look = _refusal(page.status)
    else:
        share = likeness(_WORD.findall(wanted), _WORD.findall(words))
        if share >= EDITED_SHARE:
            return Look(Finding.EDITED, f"{share:.0%} of the words stand there")
        look = _without_the_text(words, shown)
    if look.finding is Finding.REMOVED and page.is_html:
        return _unless_hidden(wanted, page.body) or look
    return look


def _unless_hidden(wanted: str, html: str) -> Look | None:
    """A page that says it is gone, and has the words where some browsers show them, or leads to another page, proves
    nothing: frames, shadow roots, attributes, what a style shows again. None where there is nothing of the kind."""
    if _stands(wanted, normalise(unescape(html))):
        return Look(Finding.BLOCKED_TO_US, noted("the text is in the page, though it is not shown"))
    if _LEADS_ON.search(html):
        return Look(Finding.BLOCKED_TO_US, noted("the page leads on to another"))
    return None


def _refusal(status: int) -> Look:
    if status in _GONE_STATUS:
        return Look(Finding.REMOVED, f"status {status}")
    return Look(Finding.BLOCKED_TO_US if status in _WALL_STATUS else Finding.UNREACHABLE, f"status {status}")


def _without_the_text(words: str, shown: Shown) -> Look:
    if says_gone([normalise(heading) for heading in shown.headings], _lines(shown.main)):
        return Look(Finding.REMOVED, noted("the page says that it is gone"))
    if shown.asks_password or _WALL.search(words):
        return Look(Finding.BLOCKED_TO_US, noted("a page to log in at or to be let through"))
    if len(words) < SHELL:
        return Look(Finding.BLOCKED_TO_US, noted("the page shows no text"))
    return Look(Finding.BLOCKED_TO_US, noted("another page is shown in its place"))


def _lines(parts: Sequence[str]) -> str:
    """The lines of a text, each normalised; not all of what is too long for an announcement."""
    taken, length = [], 0
    for line in "".join(parts).split("\n"):
        if words := normalise(line):
            taken.append(words)
            length += len(words) + 1
        if length > MESSAGE:
            break
    return "\n".join(taken)


def normalise(text: str) -> str:
    """A text as two readers would call it the same: compatibility forms folded, no invisible characters, one space."""
    folded = unicodedata.normalize("NFKC", _few_marks(text)).translate(_QUOTES).casefold()
    kept = "".join(c for c in folded if unicodedata.category(c) not in ("Cf", "Mn"))
    return _SPACE.sub(" ", kept).strip()


def _few_marks(text: str) -> str:
    if text.isascii():
        return text
    kept, run = [], 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run <= _MARKS:
            kept.append(character)
    return "".join(kept)


def likeness(wanted: Sequence[str], shown: Sequence[str]) -> float:
    """The largest share of the wanted words that any stretch of the shown words of that length holds; 0 to 1."""
    size = len(wanted)
    if size < EDITED_WORDS or not shown:
        return 0.0
    need = Counter(wanted)
    window: Counter[str] = Counter()
    held = best = 0
    for position, word in enumerate(shown):
        if window[word] < need[word]:
            held += 1
        window[word] += 1
        if position >= size:
            left = shown[position - size]
            window[left] -= 1
            if window[left] < need[left]:
                held -= 1
        best = max(best, held)
    return best / size


def visible_text(html: str) -> str:
    """What a browser without scripts would show: no markup, no scripts or styles, nothing marked hidden."""
    return "".join(visible.read(html).text)


def _stands(wanted: str, shown: str) -> bool:
    """Whether the words are there, and no part of longer ones; in time that grows with the length alone."""
    return bool(wanted) and _apart(wanted) in _apart(shown)


def _apart(text: str) -> str:
    return f"\0{_NULL.join(_PIECE.findall(text))}\0"


def _shown(page: Page) -> Shown:
    return visible.read(page.body) if page.is_html else Shown(text=[page.body], main=[page.body])
