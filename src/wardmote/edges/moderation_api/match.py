"""Asking a community's lists of known content: a text, or an image by its PDQ hash, which the caller makes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wardmote.detect.lists.known import read_pdq
from wardmote.edges.moderation_api.openai.refusals import invalid
from wardmote.moderation.policy import ListMatch
from wardmote.moderation.policy.outside import OUTSIDE_TEXT_LIMIT

_FIELDS = frozenset({"text", "pdq", "quality", "community"})
_BITS = 256


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: a text, or the 32 bytes of a PDQ hash with its quality, 0 to 100."""

    text: str
    pdq: bytes
    quality: int
    community: str


def read_match(content: Any) -> Wanted:
    """The request in `content`."""
    if not isinstance(content, Mapping):
        raise invalid("The body must be a JSON object.", None, "invalid_type")
    for name in content:
        if name not in _FIELDS:
            raise invalid(f"Unknown parameter: '{name[:60]}'.", name[:60], "unknown_parameter")
    for name in ("text", "pdq", "community"):
        if not isinstance(content.get(name, ""), str):
            raise invalid(f"{name} must be a string.", name, "invalid_type")
    if ("text" in content) == ("pdq" in content):
        raise invalid("Give either text or pdq.", "text", "missing_required_parameter")
    if "quality" in content and "pdq" not in content:
        raise invalid("quality is that of a pdq.", "quality")
    text = content.get("text", "")
    if len(text) > OUTSIDE_TEXT_LIMIT:
        message = f"text has {len(text):,} characters; at most {OUTSIDE_TEXT_LIMIT:,} are taken."
        raise invalid(message, "text", "string_above_max_length")
    return Wanted(text, _pdq(content), _quality(content), content.get("community", ""))


def _pdq(content: Mapping[str, Any]) -> bytes:
    if "pdq" not in content:
        return b""
    try:
        return read_pdq(content["pdq"])
    except ValueError as error:
        raise invalid(f"Invalid 'pdq': {error}.", "pdq") from None


def _quality(content: Mapping[str, Any]) -> int:
    quality = content.get("quality", 100)
    if not isinstance(quality, int) or isinstance(quality, bool) or not 0 <= quality <= 100:
        raise invalid("quality must be a whole number from 0 to 100.", "quality", "invalid_type")
    return quality


def answer(match: ListMatch, *, image: bool) -> dict[str, Any]:
    """One match, as the answer says it: the nearest entry of one list."""
    distance = {"distance": round((1 - match.alike) * _BITS)} if image else {}
    return {
        "list": match.name,
        "purpose": match.purpose.value,
        "category": match.category or None,
        "alike": round(match.alike, 4),
        **distance,
    }
