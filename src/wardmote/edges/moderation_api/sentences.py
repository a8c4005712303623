"""A text's sentences, by their places in it."""

import re

_END = re.compile(r"(?<![.!?…。！？])[.!?…。！？]++[\"'”’)\]]*+(?=\s|$)|\n+|(?<=[。！？])")
MOST = 200
"""More sentences than this are not scored one by one; the rest of the text is one more."""


def sentences(text: str) -> list[tuple[int, int]]:
    """Half-open offsets, in code points, of each sentence without the white space around it; in order, none empty."""
    spans: list[tuple[int, int]] = []
    begin = 0
    for match in _END.finditer(text):
        if len(spans) == MOST:
            break
        begin = _add(spans, text, begin, match.end())
    _add(spans, text, begin, len(text))
    return spans


def _add(spans: list[tuple[int, int]], text: str, begin: int, end: int) -> int:
    piece = text[begin:end]
    kept = piece.strip()
    if kept:
        start = begin + piece.index(kept)
        spans.append((start, start + len(kept)))
    return end
