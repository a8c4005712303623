"""What a page shows a stranger, read from its HTML in time that grows with its length and no faster. Pure.

Tokens are enough: a tree of a hostile page costs the square of its depth to build, whoever builds it.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

from justhtml import stream

_INVISIBLE = frozenset({"script", "style", "template", "noscript", "title", "iframe", "noembed", "noframes"})
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_INLINE = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img", "ins", "kbd",
    "label", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr",
})  # fmt: skip
"""What does not break a word or a line; everything else is apart from what is around it."""
_ENDS_UNSAID = {"li": frozenset({"li"}), "tr": frozenset({"tr"}), "td": frozenset({"td", "tr"})}
_HEADINGS = frozenset({"title", "h1", "h2"})
_MOST_HEADINGS, _HEADING_LENGTH = 20, 1000
_AROUND = frozenset({"nav", "header", "footer", "aside"})
"""What is around a page's own message."""
_STYLED_AWAY = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


@dataclass
class Shown:
    """The text that a browser without scripts would show, and parts of it: titles, and what is not around it."""

    text: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    main: list[str] = field(default_factory=list)
    asks_password: bool = False


def read(html: str) -> Shown:
    """What the page shows: no markup, no scripts or styles, nothing marked hidden. Takes anything."""
    reader = _Reader()
    for event in stream(html):
        if event[0] == "start":
            reader.start(*event[1])
        elif event[0] == "end":
            reader.end(event[1])
        elif event[0] == "text":
            reader.data(event[1])
    return reader.shown


class _Reader:
    """Follows the tags: what is hidden, what is a heading, what is around."""

    def __init__(self) -> None:
        self.shown = Shown()
        self._hidden: list[str] = []
        self._names: Counter[str] = Counter()
        """How often each tag is in `_hidden`, which may be as long as the page."""
        self._around: Counter[str] = Counter()
        self._heading = ""

    def start(self, tag: str, attributes: dict[str, str | None]) -> None:
        """A tag opens."""
        if tag == "input" and (attributes.get("type") or "").lower() == "password":
            self.shown.asks_password = True
        if tag not in _INLINE:
            self._write("\n")
        if self._hidden and _ends(self._hidden[-1], tag):
            self._show_again()
        if tag in _VOID:
            return
        style = attributes.get("style")
        styled_away = style is not None and _STYLED_AWAY.search(style) is not None
        if tag in _HEADINGS and not self._hidden and len(self.shown.headings) < _MOST_HEADINGS:
            self._heading = tag
            self.shown.headings.append("")
        if self._hidden or tag in _INVISIBLE or "hidden" in attributes or styled_away:
            self._hidden.append(tag)
            self._names[tag] += 1
        elif tag in _AROUND:
            self._around[tag] += 1

    def end(self, tag: str) -> None:
        """A tag closes; one that was never open closes nothing."""
        if tag == self._heading:
            self._heading = ""
        if self._names[tag]:
            while self._show_again() != tag:
                pass
        elif not self._hidden:
            if self._around[tag]:
                self._around[tag] -= 1
            if tag not in _INLINE:
                self._write("\n")

    def data(self, data: str) -> None:
        """Text, between any two tags."""
        if self._heading and (not self._hidden or self._hidden == ["title"]):
            self.shown.headings[-1] = (self.shown.headings[-1] + data[:_HEADING_LENGTH])[:_HEADING_LENGTH]
        if not self._hidden:
            self._write(data)

    def _write(self, data: str) -> None:
        self.shown.text.append(data)
        if not self._around.total():
            self.shown.main.append(data)

    def _show_again(self) -> str:
        tag = self._hidden.pop()
        self._names[tag] -= 1
        return tag


def _ends(open_: str, tag: str) -> bool:
    """Whether `tag` ends what is open without a word: a page cannot hide what follows by leaving one open."""
    return tag not in _INLINE if open_ == "p" else tag in _ENDS_UNSAID.get(open_, ())
