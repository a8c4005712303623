"""Brings the catalogues up to date with the code, and says what is wrong with them."""

import re
from pathlib import Path

from wardmote.config.i18n.catalogues.catalogue import Entry, Key, compiled, read, written
from wardmote.config.i18n.catalogues.found import ROOT, found

CATALOGUES = ROOT / "locale"
_PLACES = re.compile(r"%\((\w+)\)[sdf]|%\(\w+\)\.\d+f|\{\w+\}")


def _catalogues() -> list[Path]:
    return sorted(CATALOGUES.glob("*/LC_MESSAGES/django.po"))


def update() -> None:
    """Add what is new to each catalogue, without a translation; take out what is gone; compile."""
    texts = found()
    for path in _catalogues():
        header, entries = read(path.read_text(encoding="utf-8"))
        kept = {key: _entry(key, files, entries.get(key), _forms(header)) for key, files in texts.items()}
        path.write_text(written(header, kept), encoding="utf-8")
        path.with_suffix(".mo").write_bytes(compiled(header, kept))


def _entry(key: Key, files: tuple[str, ...], known: Entry | None, forms: int) -> Entry:
    said = known.said if known else ("",) * (forms if key.many else 1)
    return Entry(key, said, files, fuzzy=known is not None and known.fuzzy)


def _forms(header: str) -> int:
    plurals = re.search(r"nplurals=(\d)", header)
    if plurals is None:
        raise ValueError("the catalogue's header lacks its Plural-Forms")
    return int(plurals[1])


def faults() -> list[str]:
    """What is wrong, a line each: texts without translation, left over, unsure, or with other places to fill in."""
    texts = found()
    lines: list[str] = []
    for path in _catalogues():
        language = path.parents[1].name
        header, entries = read(path.read_text(encoding="utf-8"))
        lines += [f"{language}: not in the catalogue: {key.one!r} ({texts[key][0]})" for key in texts.keys() - entries]
        lines += [f"{language}: left over: {key.one!r}" for key in entries.keys() - texts]
        lines += [f"{language}: {wrong}" for entry in entries.values() if (wrong := _fault(entry, _forms(header)))]
        compiled_path = path.with_suffix(".mo")
        if not compiled_path.exists() or compiled_path.read_bytes() != compiled(header, entries):
            lines.append(f"{language}: the compiled catalogue is not that of the text")
    return sorted(lines)


def _fault(entry: Entry, forms: int) -> str:
    text = entry.key.one
    if not entry.complete or len(entry.said) != (forms if entry.key.many else 1):
        return f"not translated: {text!r} ({entry.files[0] if entry.files else '?'})"
    wanted = {m[0] for m in _PLACES.finditer(text + entry.key.many)}
    if any({m[0] for m in _PLACES.finditer(form)} - wanted for form in entry.said):
        return f"a place that is not filled in: {text!r}"
    if {m[0] for m in _PLACES.finditer(entry.said[-1])} != {m[0] for m in _PLACES.finditer(entry.key.many or text)}:
        return f"a place was left out: {text!r}"
    if [text[:1] == "\n", text[-1:] == "\n"] != [entry.said[0][:1] == "\n", entry.said[0][-1:] == "\n"]:
        return f"a line break at the edge differs: {text!r}"
    return ""
