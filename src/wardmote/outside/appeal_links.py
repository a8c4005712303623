"""Links by which somebody without an account appeals: whoever holds one is taken for the author of the post.

A link follows from the installation's own secret and the decision's id. So no table holds it, and every message about a
decision carries the same one. One that was made with an earlier secret, which the settings still name, is as good. It
is good for one appeal, because a decision has one, and until the time to appeal ends.
"""

from wardmote.outside.origin import origin_of
from wardmote.outside.tokens import id_of, token_for

_PURPOSE = "appeal"


def token_of(decision_id: int) -> str:
    """The token of a decision."""
    return token_for(_PURPOSE, decision_id)


def decision_of(token: str) -> int | None:
    """The id of the decision that a token is for; None for one that we never gave."""
    return id_of(_PURPOSE, token)


def appeal_address(*, domain: str, decision_id: int) -> str:
    """Where the author of a post elsewhere reads a decision and appeals, on the community's own domain."""
    return f"{origin_of(domain)}/appeal/{token_of(decision_id)}"
