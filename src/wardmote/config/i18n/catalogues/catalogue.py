"""A catalogue as a `.po` file, which people edit, and as a `.mo` file, which gettext reads."""

import re
import struct
from dataclasses import dataclass
from typing import NamedTuple

_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}
_MAGIC = 0x950412DE


class Key(NamedTuple):
    """One text as the code holds it; `many` is empty where it does not count anything."""

    one: str
    many: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One text with its translations (one for each plural form) and the files it is in."""

    key: Key
    said: tuple[str, ...]
    files: tuple[str, ...] = ()
    fuzzy: bool = False

    @property
    def complete(self) -> bool:
        return not self.fuzzy and all(self.said)


def read(text: str) -> tuple[str, dict[Key, Entry]]:
    """The header and the entries of a `.po` file; ValueError, with its line, for one that is no such file."""
    header = ""
    entries: dict[Key, Entry] = {}
    for block in re.split(r"\n\s*\n", text.strip()):
        entry = _entry(block)
        if entry is None:
            continue
        if not entry.key.one:
            header = entry.said[0]
        elif entry.key in entries:
            raise ValueError(f"{entry.key.one!r} stands twice in the catalogue")
        else:
            entries[entry.key] = entry
    return header, entries


def _entry(block: str) -> Entry | None:
    fields: dict[str, str] = {}
    files: list[str] = []
    fuzzy, current = False, ""
    for line in block.splitlines():
        if line.startswith("#"):
            files += line[2:].split() if line.startswith("#:") else []
            fuzzy = fuzzy or (line.startswith("#,") and "fuzzy" in line)
            continue
        name = re.match(r"(msgid_plural|msgid|msgstr(?:\[\d\])?)\s+", line)
        current = name[1] if name else current
        string = _STRING.fullmatch(line[name.end() :] if name else line)
        if not current or string is None:
            raise ValueError(f"this is no line of a catalogue: {line[:80]!r}")
        fields[current] = fields.get(current, "") + re.sub(r"\\(.)", lambda m: _ESCAPES[m[1]], string[1])
    if not fields:
        return None
    said = tuple(value for name, value in sorted(fields.items()) if name.startswith("msgstr"))
    return Entry(Key(fields.get("msgid", ""), fields.get("msgid_plural", "")), said, tuple(files), fuzzy)


def written(header: str, entries: dict[Key, Entry]) -> str:
    """The `.po` file, in the order of the files that the texts are in; no line numbers, so that it seldom changes."""
    blocks = ["\n".join(["msgid " + _quoted(""), "msgstr " + _quoted(header)])]
    for entry in sorted(entries.values(), key=lambda e: (e.files[:1], e.key)):
        lines = [f"#: {name}" for name in entry.files]
        lines += ["#, fuzzy"] if entry.fuzzy else []
        lines.append("msgid " + _quoted(entry.key.one))
        if entry.key.many:
            lines.append("msgid_plural " + _quoted(entry.key.many))
            lines += [f"msgstr[{number}] {_quoted(form)}" for number, form in enumerate(entry.said)]
        else:
            lines.append("msgstr " + _quoted(entry.said[0]))
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t").replace("\r", "\\r")
    parts = [part.replace("\n", "\\n") for part in escaped.splitlines(keepends=True)]
    return f'"{parts[0] if parts else ""}"' if len(parts) < 2 else "\n".join(f'"{p}"' for p in ["", *parts])


def compiled(header: str, entries: dict[Key, Entry]) -> bytes:
    """The `.mo` file: what is complete, in the byte order and layout that gettext documents."""
    pairs = {b"": header.encode()}
    for entry in entries.values():
        if entry.complete:
            name = entry.key.one + (f"\0{entry.key.many}" if entry.key.many else "")
            pairs[name.encode()] = "\0".join(entry.said).encode()
    names = sorted(pairs)
    table = 28
    offset = table + 16 * len(names)
    ids: list[bytes] = []
    texts: list[bytes] = []
    data = b""
    for column, values in ((ids, names), (texts, [pairs[name] for name in names])):
        for value in values:
            column.append(struct.pack("<II", len(value), offset + len(data)))
            data += value + b"\0"
    head = struct.pack("<7I", _MAGIC, 0, len(names), table, table + 8 * len(names), 0, offset)
    return head + b"".join(ids) + b"".join(texts) + data
