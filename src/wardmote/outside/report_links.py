"""Links by which a visitor confirms a report, and later reads what came of it: whoever holds one is taken for them."""

from wardmote.outside.origin import origin_of
from wardmote.outside.tokens import id_of, token_for

_PURPOSE = "report"


def report_path(report_id: int) -> str:
    """Where a report is confirmed and read, on its community's own domain."""
    return f"/report/{token_for(_PURPOSE, report_id)}"


def report_address(*, domain: str, report_id: int) -> str:
    """The same for a mail."""
    return f"{origin_of(domain)}{report_path(report_id)}"


def report_of(token: str) -> int | None:
    """The id of the report that a token is for; None for one that we never gave."""
    return id_of(_PURPOSE, token)
