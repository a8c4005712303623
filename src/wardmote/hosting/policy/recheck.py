"""Is it still there? What a page shows a stranger, compared with what was captured. Pure.

A page that merely loads proves nothing: only the text does. It stands if its words stand, whatever was done to case,
spaces, quotes or invisible characters. What neither shows it nor says that it is gone is no proof of either.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

from wardmote.hosting.policy.kinds import Finding
from wardmote.kernel.words import noted

EDITED_SHARE = 0.5
"""From this share of the captured words on, found close together, a text counts as edited rather than gone."""
EDITED_WORDS = 4
"""Shorter captures cannot be recognised in another wording."""
SHELL = 20
"""A page with fewer visible characters than this shows nothing."""

_GONE_STATUS = frozenset({404, 410})
_WALL_STATUS = frozenset({401, 402, 403, 407, 429, 451})
_GONE = re.compile(
    r"\b(?:(?:not|no longer) (?:be )?(?:found|available|here|exists?)|could(?: not|n't) be found|"
    r"does(?: not|n't) exist|there is no such (?:post|page|thing)|"
    r"(?:is|was|were|has been|have been|been) (?:removed|deleted|taken down)|(?:page|post) removed|"
    r"(?:removed|deleted|took down) this (?:post|page|reply|content))\b"
)
_WALL = re.compile(
    r"\b(?:(?:log|sign) ?in (?:to|or) |please (?:log|sign) ?in|you must (?:log|sign) ?in|members only|"
    r"verify (?:that )?you are (?:a )?human|are you a robot|enable javascript|access denied|checking your browser)"
)
_INVISIBLE = frozenset({"script", "style", "template", "noscript", "title", "iframe"})
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_INLINE = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img", "ins", "kbd",
    "label", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr",
})  # fmt: skip
"""What does not break a word or a line; everything else stands apart from what is around it."""
_ENDS_UNSAID = {"li": frozenset({"li"}), "tr": frozenset({"tr"}), "td": frozenset({"td", "tr"})}
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"\w+")
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
    shown, asks_password = _visible(page)
    wanted, words = normalise(capture), normalise(shown)
    if _stands(wanted, words):
        return Look(Finding.UP, noted("the text stands there"))
    if page.status != 200:
        return _refusal(page.status)
    share = likeness(_WORD.findall(wanted), _WORD.findall(words))
    if share >= EDITED_SHARE:
        return Look(Finding.EDITED, f"{share:.0%} of the words stand there")
    return _without_the_text(words, asks_password)


def _refusal(status: int) -> Look:
    if status in _GONE_STATUS:
        return Look(Finding.REMOVED, f"status {status}")
    return Look(Finding.BLOCKED_TO_US if status in _WALL_STATUS else Finding.UNREACHABLE, f"status {status}")


def _without_the_text(words: str, asks_password: bool) -> Look:
    if asks_password or _WALL.search(words):
        return Look(Finding.BLOCKED_TO_US, noted("a page to log in at or to be let through"))
    if _GONE.search(words):
        return Look(Finding.REMOVED, noted("the page says that it is gone"))
    if len(words) < SHELL:
        return Look(Finding.BLOCKED_TO_US, noted("the page shows no text"))
    return Look(Finding.BLOCKED_TO_US, noted("another page is shown in its place"))


def normalise(text: str) -> str:
    """A text as two readers would call it the same: compatibility forms folded, no invisible characters, one space."""
    folded = unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold()
    kept = "".join(c for c in folded if unicodedata.category(c) not in ("Cf", "Mn"))
    return _SPACE.sub(" ", kept).strip()


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
    return "".join(_read(html).shown)


def _stands(wanted: str, shown: str) -> bool:
    return bool(wanted) and re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", shown) is not None


def _visible(page: Page) -> tuple[str, bool]:
    if not page.is_html:
        return page.body, False
    reader = _read(page.body)
    return "".join(reader.shown), reader.asks_password


def _read(html: str) -> "_Reader":
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader


class _Reader(HTMLParser):
    """Collects the shown text; remembers whether a password is asked for."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.shown: list[str] = []
        self.asks_password = False
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and (given.get("type") or "").lower() == "password":
            self.asks_password = True
        if tag not in _INLINE:
            self.shown.append("\n")
        if self._hidden and _ends(self._hidden[-1], tag):
            self._hidden.pop()
        if tag in _VOID:
            return
        if self._hidden or tag in _INVISIBLE or "hidden" in given or _styled_away(given.get("style")):
            self._hidden.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._hidden:
            while self._hidden.pop() != tag:
                pass
        elif tag not in _INLINE and not self._hidden:
            self.shown.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.shown.append(data)


def _ends(open_: str, tag: str) -> bool:
    """Whether `tag` ends what is open without a word: a page cannot hide what follows by leaving one open."""
    return tag not in _INLINE if open_ == "p" else tag in _ENDS_UNSAID.get(open_, ())


def _styled_away(style: str | None) -> bool:
    return style is not None and bool(re.search(r"display\s*:\s*none|visibility\s*:\s*hidden", style, re.IGNORECASE))
