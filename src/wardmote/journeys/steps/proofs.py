"""What a receipt about a letter or an answer must prove before it is kept."""

from collections.abc import Sequence

from wardmote.hosting.policy.documents import ReceiptDocument
from wardmote.kernel.errors import Invalid
from wardmote.kernel.i18n import gettext as _
from wardmote.ledger import LedgerError, Proven, SignatureError, VerifierKey, verify_receipt

_VERBS = {
    ("host", "host_notice"): "host_notice.delivered",
    ("host", "upstream_answer"): "host_answer.received",
    ("customer", "host_notice"): "upstream_notice.received",
    ("customer", "upstream_answer"): "upstream_answer.given",
}
"""(whose receipt, about what) -> the entry that it must prove."""
DISCLOSED = {
    "host_notice": ("hash", "kind", "deadline", "case"),
    "host_answer": ("hash", "kind", "given", "notice", "item"),
    "upstream_notice": ("hash", "kind", "deadline", "issued"),
    "upstream_answer": ("hash", "kind", "notice", "item"),
}
"""The kind of row -> the facts that its receipt opens. None of them names a person."""


def check_receipt(document: ReceiptDocument, *, keys: Sequence[VerifierKey], expected: str | None, by: str) -> Proven:
    """What the receipt proves; Invalid unless it shows, by the other side's key, that it sent or got these bytes.

    `keys` is that key, and then those before it.
    """
    verb = _VERBS.get((by, document.about.kind))
    if expected is None or verb is None:
        raise Invalid(_("We know nothing of what this receipt is about."), field="about")
    try:
        proven = _verified(document.receipt, keys)
    except LedgerError as error:
        raise Invalid(_("This receipt proves nothing: %(error)s") % {"error": error}, field="receipt") from error
    if proven.leaf.verb != verb or proven.values.get("hash") != expected:
        raise Invalid(_("This receipt proves something else than it is about."), field="receipt")
    return proven


def _verified(receipt: str, keys: Sequence[VerifierKey]) -> Proven:
    for key in keys[:-1]:
        try:
            return verify_receipt(receipt, key)
        except SignatureError:
            # Made before its log went on under this key.
            continue
    return verify_receipt(receipt, keys[-1])
