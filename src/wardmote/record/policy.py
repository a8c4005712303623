"""What entries hold of a person's own, by verb: this can be erased, and nothing else can.

Only ever added to: a check of an old record reads it too. An entry's content belongs to its actor, to its subject, or
to the `recipient` among its facts.
"""

from wardmote.ledger.audit import Contents

STORY = "installation.born_as_demo"
"""A record that begins with this verb was filled with a made-up past: its first entries' dates are part of it."""

CONTENTS: Contents = {
    "alert.raised": frozenset({"target"}),
    "alert.widened": frozenset({"target"}),
    "appeal.filed": frozenset({"text"}),
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
