"""What an acceptable-use policy is made of. Pure."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from wardmote.communities.policy import Severity
from wardmote.hosting.policy.terms import Terms
from wardmote.kernel.errors import Invalid
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.texts import is_blank
from wardmote.ledger import Json, canonical_bytes


@dataclass(frozen=True, slots=True)
class ClauseDraft:
    """One clause as written. `category` is from the vocabulary of detection and moderation (`violence.threat`)."""

    key: str
    title: str
    text: str
    category: str
    severity: Severity


def check_clauses(clauses: Sequence[ClauseDraft]) -> None:
    """Refuse a policy that no notice could cite; says which clause and why."""
    if not clauses:
        raise Invalid(_("An acceptable-use policy needs at least one clause."), field="clauses")
    seen: set[str] = set()
    for clause in clauses:
        if not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z.\-()]{0,15}", clause.key):
            wrong = _("clause “%(key)s”: an id is 1 to 16 letters, digits, dots or dashes")
            raise Invalid(wrong % {"key": clause.key}, field="key")
        if clause.key in seen:
            raise Invalid(_("clause “%(key)s” stands twice") % {"key": clause.key}, field="key")
        if is_blank(clause.title) or is_blank(clause.text):
            raise Invalid(_("clause “%(key)s” needs a title and a text") % {"key": clause.key}, field="text")
        seen.add(clause.key)


def as_document(title: str, clauses: Sequence[ClauseDraft], terms: Terms) -> dict[str, Json]:
    """The whole policy as it is hashed, accepted and sent to customers elsewhere."""
    written: list[Json] = [asdict(clause) | {"severity": int(clause.severity)} for clause in clauses]
    return {"title": title, "clauses": written, "terms": terms.as_json()}


def policy_hash(document: dict[str, Json]) -> str:
    """SHA-256 (lower-case hex) of the policy's canonical JSON: what an owner accepted, to the letter."""
    return hashlib.sha256(canonical_bytes(document)).hexdigest()
