"""Plain text to safe HTML: paragraphs, links, handles; and text whose scored words are underlined."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Protocol

import nh3
from django.utils.html import conditional_escape, escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from wardmote.kernel.handles import WRITTEN
from wardmote.kernel.texts import INVISIBLE

_ENDS_AN_ADDRESS = "\u3000-\u3003\u3008-\u3011\u3014-\u301f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff3d\uff5b-\uff65"
"""Full-width marks: scripts that put no space after a sentence end it with one, and no address holds any."""
_LINK = re.compile(
    rf"(?P<url>(?i:https?)://[^\s<>\"`{INVISIBLE}{_ENDS_AN_ADDRESS}]+)"
    rf"|(?<![\w@/.])@(?P<handle>{WRITTEN})(?![\w@])",
)
_BRACKETS = {")": "(", "]": "[", "}": "{"}
_PARTS_OF_ADDRESSES = frozenset("/#%&@*\\-")
"""Punctuation that an address may well end with."""
_PUNCTUATION = frozenset({"Po", "Pf", "Pi", "Ps", "Pe", "Pd"})
_SHOWN = 48
_ORDER = ("dotted", "solid", "double")


class Spanned(Protocol):
    """Words that carried a score: [start, end) in characters of the text, a category, and how strongly."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def category(self) -> str: ...
    @property
    def strength(self) -> str: ...


def prose(text: str) -> SafeString:
    """`text`, escaped, in paragraphs, with its links and @handles made into links."""
    paragraphs = (p for p in re.split(r"\n\s*\n", text.strip()) if p)
    html = "".join(f"<p>{'<br>'.join(''.join(_linked(line)) for line in p.split(chr(10)))}</p>" for p in paragraphs)
    # Built from escaped pieces already; nh3 holds even if a piece should one day be wrong.
    clean = nh3.clean(
        html,
        tags={"p", "br", "a"},
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        link_rel="nofollow noopener noreferrer ugc",
    )
    return mark_safe(clean)  # noqa: S308 - nh3's output


def _linked(line: str) -> Iterator[str]:
    position = 0
    for match in _LINK.finditer(line):
        yield escape(line[position : match.start()])
        if match["handle"]:
            yield f'<a href="/@{match["handle"].lower()}">@{match["handle"]}</a>'
            position = match.end()
        else:
            url = _address(match["url"])
            shown = url.split("://", 1)[1]
            position = match.start() + len(url)
            if not _leads_somewhere(url):
                yield escape(url)
                continue
            shown = shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…"
            yield f'<a href="{escape(url)}">{escape(shown)}</a>'
    yield escape(line[position:])


def _leads_somewhere(url: str) -> bool:
    """Whether a browser can go there; without its address a link would swallow it."""
    return "href=" in nh3.clean(f'<a href="{escape(url)}"></a>', tags={"a"}, attributes={"a": {"href"}})


def _address(found: str) -> str:
    """`found` without what is the sentence's: punctuation at its end, and brackets that it does not open itself."""
    missing = {close: found.count(close) - found.count(begin) for close, begin in _BRACKETS.items()}
    end = len(found)
    while found[end - 1] not in _PARTS_OF_ADDRESSES and unicodedata.category(found[end - 1]) in _PUNCTUATION:
        last = found[end - 1]
        if last in _BRACKETS:
            if missing[last] <= 0:
                break
            missing[last] -= 1
        end -= 1
    return found[:end]


def underlined(text: str, spans: Iterable[Spanned], names: dict[str, str]) -> SafeString:
    """`text`, escaped and whole, with each span's words in `<mark>`; where spans overlap, the strongest is drawn.

    What they are is said once, behind the text. `names` maps a category to its words.
    """
    ranked = [s for s in spans if 0 <= s.start < s.end <= len(text)]
    cuts = sorted({0, len(text), *(s.start for s in ranked), *(s.end for s in ranked)})
    pieces: list[SafeString] = []
    for start, end in pairwise(cuts):
        over = [s for s in ranked if s.start <= start and end <= s.end]
        if not over:
            pieces.append(conditional_escape(text[start:end]))
            continue
        strongest = max(over, key=lambda s: _ORDER.index(s.strength) if s.strength in _ORDER else 0)
        strength = strongest.strength if strongest.strength in _ORDER else _ORDER[0]
        said = ", ".join(sorted({names.get(s.category, s.category) for s in over}))
        pieces.append(format_html('<mark class="{}" title="{}">{}</mark>', strength, said, text[start:end]))
    whole = format_html('<span class="spanned">{}</span>', format_html_join("", "{}", ((p,) for p in pieces)))
    if not ranked:
        return whole
    said = ", ".join(sorted({names.get(s.category, s.category) for s in ranked}))
    return format_html(
        '{}<small class="span-key">{}</small>', whole, _("Underlined: %(categories)s") % {"categories": said}
    )
