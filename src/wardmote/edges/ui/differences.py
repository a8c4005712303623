"""Two texts as one, with what is gone and what is new marked."""

import re
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

_MOST_WORK = 1_000_000
"""Pairs of words that are compared; beyond it the texts are one after the other."""


def marked(before: str, after: str) -> SafeString:
    """`after`, with the words that `before` had in their place; eyes and ears are told which is which."""
    old, new = re.findall(r"\s+|\S+", before), re.findall(r"\s+|\S+", after)
    if len(old) * len(new) > _MOST_WORK:
        return format_html("{}{}", _gone(before), _new(after))
    pieces: list[tuple[SafeString]] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append((format_html("{}", "".join(new[c:d])),))
            continue
        if b > a:
            pieces.append((_gone("".join(old[a:b])),))
        if d > c:
            pieces.append((_new("".join(new[c:d])),))
    return format_html_join("", "{}", pieces)


def _gone(text: str) -> SafeString:
    return format_html('<del><span class="unseen">{} </span>{}</del>', _("no longer:"), text)


def _new(text: str) -> SafeString:
    return format_html('<ins><span class="unseen">{} </span>{}</ins>', _("new:"), text)
