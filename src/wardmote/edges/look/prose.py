"""Plain text to safe HTML: paragraphs, links, handles; and text whose scored words are underlined."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Protocol

import nh3
from django.utils.html import conditional_escape, escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

_LINK = re.compile(
    r"(?P<url>https?://[^\s<>\"'`]+)|(?<![\w@/.])@(?P<handle>[A-Za-z0-9_]{1,30})(?![\w@])",
)
_TRAILING = ".,;:!?)]}’”»"
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
            url = match["url"].rstrip(_TRAILING)
            shown = url.split("://", 1)[1]
            shown = shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…"
            yield f'<a href="{escape(url)}">{escape(shown)}</a>'
            position = match.start() + len(url)
    yield escape(line[position:])


def underlined(text: str, spans: Iterable[Spanned], names: dict[str, str]) -> SafeString:
    """`text`, escaped, with each span's words in `<mark>`; where spans overlap, the strongest is drawn.

    The category is named after the last word of each run of marked words. `names` maps a category to its words.
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
        ending = sorted({names.get(s.category, s.category) for s in over if s.end == end})
        pieces.append(format_html('<mark class="{}">{}</mark>', strength, text[start:end]))
        if ending:
            pieces.append(format_html('<span class="span-name">{}</span>', ", ".join(ending)))
    return format_html('<span class="spanned">{}</span>', format_html_join("", "{}", ((p,) for p in pieces)))
