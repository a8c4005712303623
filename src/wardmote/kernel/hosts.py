"""Names of hosts, in one form: IDNA 2008 by UTS 46, non-transitional, as browsers send them.

`straße.example` and `strasse.example` are two names. What is stored and compared is ASCII; what people read may be
Unicode, where it cannot pass for another name.
"""

import re
import unicodedata

from wardmote.kernel.errors import Invalid
from wardmote.kernel.i18n import gettext as _

_LIMIT = 253
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_ADDRESS = re.compile(r"\[?[0-9a-f.]*:[0-9a-f:.]*(?:%[a-z0-9]+)?\]?")
_JAPANESE, _TAIWANESE, _KOREAN = (
    frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "CJK", "BOPOMOFO"}),
    frozenset({"LATIN", "CJK", "HANGUL"}),
)
_TOGETHER = (_JAPANESE, _TAIWANESE, _KOREAN)
"""Scripts that are written together; any other two in one label are a disguise."""


def ascii_host(name: str) -> str:
    """A host's name or address as it is asked for; raises Invalid, with one sentence, for what is none."""
    plain = name.strip().removesuffix(".").lower() if name.isascii() else _encoded(name)
    if _ADDRESS.fullmatch(plain):
        return plain
    if not 0 < len(plain) <= _LIMIT or not all(map(_LABEL.fullmatch, plain.split("."))):
        raise Invalid(_("“%(name)s” is not the name of a host.") % {"name": name[:80]}, field="host")
    return plain


def own_host(name: str) -> str:
    """The same for a name that this installation takes; refuses a label of mixed scripts, and one that is no word."""
    plain = ascii_host(name)
    for label in plain.split("."):
        if label.startswith("xn--") and _decoded(label) is None:
            raise Invalid(
                _("“%(name)s” mixes scripts, or has a part that is no name; nobody could tell it from another.")
                % {"name": name[:80]},
                field="host",
            )
    return plain


def shown_host(plain: str) -> str:
    """A stored name as people write it, if none of its labels could pass for another; else as it is stored."""
    labels = [_decoded(label) if label.startswith("xn--") else label for label in plain.split(".")]
    return ".".join(label for label in labels if label is not None) if None not in labels else plain


def same_host(one: str, other: str) -> bool:
    """Whether both name one host, each in any of its spellings; what is no name is no host's."""
    try:
        return ascii_host(one) == ascii_host(other)
    except Invalid:
        return False


def ascii_address(mail: str) -> str:
    """A mail address, its domain in ASCII; as it is where the domain is plain already, or no name at all."""
    box, at, domain = mail.rpartition("@")
    if domain.isascii():
        return mail
    closing = ">" if domain.endswith(">") else ""
    try:
        return f"{box}{at}{ascii_host(domain.removesuffix('>'))}{closing}"
    except Invalid:
        return mail


def _encoded(name: str) -> str:
    import idna  # the libraries and the base install ask for ASCII names alone, and do without

    wrong = Invalid(_("“%(name)s” is not the name of a host.") % {"name": name[:80]}, field="host")
    if len(name) > _LIMIT:
        raise wrong
    try:
        return idna.encode(name.strip(), uts46=True).decode().removesuffix(".")
    except UnicodeError as error:
        raise wrong from error


def _decoded(label: str) -> str | None:
    """The word that an `xn--` label stands for; None where it stands for none, or for one that disguises itself."""
    import idna

    try:
        word = idna.decode(label, uts46=True)
        if idna.encode(word, uts46=True).decode() != label:
            return None
    except UnicodeError:
        return None
    scripts = {_script(character) for character in word if unicodedata.category(character)[0] == "L"}
    return word if len(scripts) < 2 or any(scripts <= together for together in _TOGETHER) else None


def _script(character: str) -> str:
    """The first word of a letter's name says its script."""
    name = unicodedata.name(character, "UNKNOWN")
    if name.startswith("KATAKANA-HIRAGANA"):
        return "KATAKANA"
    return "CJK" if name.startswith("IDEOGRAPHIC") else name.partition(" ")[0]
