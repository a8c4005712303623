"""What another log is to us, and what entries hold of a person: by verb, what can be erased; nothing else can be.

The contents are only ever added to: a check of an old record reads them too. An entry's content belongs to its actor,
to its subject, or to the `recipient` among its facts.
"""

from enum import StrEnum

from wardmote.ledger.audit import Contents


class KeyState(StrEnum):
    """Where a known key is in its life.

    `announced`: its log's present key has said that it follows, and it has not spoken yet. `contested`: two keys came
    under one name, or one key under two names, before that was refused; the operator settles it.
    """

    CURRENT = "current"
    ANNOUNCED = "announced"
    RETIRED = "retired"
    CONTESTED = "contested"


STORY = "installation.born_as_demo"
"""A record that begins with this verb was filled with a made-up past: its first entries' dates are part of it."""

CONTENTS: Contents = {
    "alert.raised": frozenset({"target"}),
    "alert.widened": frozenset({"target"}),
    "appeal.filed": frozenset({"text"}),
    "case.noted": frozenset({"text"}),
    "community.changed": frozenset({"description", "contact"}),
    "contact.confirmed": frozenset({"address", "name"}),
    "locked_case.decided": frozenset({"note"}),
    "notice.sent": frozenset({"subject", "body"}),
    "outside_post.edited": frozenset({"id", "url"}),
    "outside_post.told": frozenset({"id", "url"}),
    "person.registered": frozenset({"email"}),
    "post.edited": frozenset({"text"}),
    "post.held": frozenset({"text"}),
    "post.published": frozenset({"text"}),
    "profile.changed": frozenset({"display_name", "bio"}),
    "profile.created": frozenset({"handle", "display_name"}),
    "report.filed": frozenset({"comment", "reporter"}),
}
