"""One row of a list as others hand it out: ThreatExchange and Hasher-Matcher-Actioner exports, or by hand.

Columns by either name: `id` or `indicator_id`; `type` or `signal_type`; `value` or `indicator`; `label` or `status`;
`added_on`.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from wardmote.detect.lists.known.images import read_pdq
from wardmote.detect.lists.known.texts import fold, signature_of, text_hashes

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "indicator_id"),
    "type": ("type", "signal_type"),
    "value": ("value", "indicator"),
    "label": ("label", "status"),
    "added_on": ("added_on",),
}
LONGEST_TEXT = 50_000
_LONGEST_NAME = 200
_KINDS = {
    "pdq": "pdq",
    "hash_pdq": "pdq",
    "sha256": "sha256",
    "hash_sha256": "sha256",
    "hash_text": "sha256",
    "text": "text",
    "raw_text": "text",
    "text_string": "text",
}
_OTHERS = {
    "text_tlsh": "TLSH hashes of texts",
    "hash_md5": "MD5 hashes",
    "md5": "MD5 hashes",
    "hash_sha1": "SHA-1 hashes",
    "sha1": "SHA-1 hashes",
    "video_md5": "videos",
    "hash_video_md5": "videos",
    "hash_tmk": "videos",
    "pdq_ocr": "hashes with text read from images",
    "url": "addresses",
    "uri": "addresses",
}


class BadEntry(ValueError):
    """A row that cannot be matched by; `str()` says why, without the row's value."""


class Kind(StrEnum):
    """What an entry is matched by."""

    PDQ = "pdq"
    SHA256 = "sha256"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Entry:
    """What is kept of a row: `value` is 32 bytes (a PDQ hash, or SHA-256), `signature` a text's, else empty.

    `name`, `label` and `added_on` are the list's own words for it.
    """

    kind: Kind
    value: bytes
    signature: bytes = b""
    name: str = ""
    label: str = ""
    added_on: str = ""


def read_entry(row: Mapping[str, object]) -> Entry:
    """Return the entry that `row` tells of; BadEntry for one that cannot be matched by."""
    kind, value = _kind(_cell(row, "type")), _cell(row, "value")
    names = {column: _name(row, column) for column in ("id", "label", "added_on")}
    if not value:
        raise BadEntry("no value")
    matched = {"pdq": _image, "sha256": _hash, "text": _text}[kind](value)
    return Entry(Kind(kind), *matched, name=names["id"], label=names["label"], added_on=names["added_on"])


def _cell(row: Mapping[str, object], column: str) -> str:
    for name in COLUMNS[column]:
        value = row.get(name)
        if value not in (None, ""):
            return str(value) if column == "value" else str(value).strip()
    return ""


def _name(row: Mapping[str, object], column: str) -> str:
    value = _cell(row, column)
    if len(value) > _LONGEST_NAME or not value.isprintable():
        raise BadEntry(f"{column} is at most {_LONGEST_NAME} printable characters")
    return value


def _kind(written: str) -> str:
    if not written:
        raise BadEntry("no type")
    kind = _KINDS.get(written.lower())
    if kind is None:
        what = _OTHERS.get(written.lower(), f"the type {written[:40]!a}")
        raise BadEntry(f"{what} cannot be matched here; taken are PDQ hashes, SHA-256 hashes of texts, and texts")
    return kind


def _image(value: str) -> tuple[bytes, bytes]:
    try:
        return read_pdq(value.strip()), b""
    except ValueError as error:
        raise BadEntry(str(error)) from None


def _hash(value: str) -> tuple[bytes, bytes]:
    written = value.strip()
    if len(written) != 64 or not all(digit in string.hexdigits for digit in written):
        raise BadEntry("a SHA-256 hash has 64 hexadecimal digits")
    return bytes.fromhex(written), b""


def _text(value: str) -> tuple[bytes, bytes]:
    if len(value) > LONGEST_TEXT:
        raise BadEntry(f"a text has at most {LONGEST_TEXT:,} characters, not {len(value):,}")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise BadEntry("the text is not UTF-8")
    if not fold(value):
        raise BadEntry("the text has no words to match by")
    return text_hashes(value)[0], signature_of(value)
