"""What a letter leads to, in the words of the link: what its reader can do there. Pure."""

from collections.abc import Mapping

from wardmote.kernel.i18n import noted
from wardmote.notices.policy.kinds import Kind

_WAYS: Mapping[Kind, str] = {
    Kind.HELD: noted("See it, edit it or delete it"),
    Kind.COVERED: noted("See it, edit it or delete it"),
    Kind.UNCOVERED: noted("See it where it is"),
    Kind.RELEASED: noted("See it where it is"),
    Kind.STATEMENT_OF_REASONS: noted("Appeal"),
    Kind.REPORT_ANSWER: noted("See your reports"),
    Kind.APPEAL_ANSWER: noted("See the decision"),
    Kind.HOST_NOTICE: noted("Read it and answer"),
    Kind.COVER_RAN_OUT: noted("Open the case"),
    Kind.INVITATION: noted("Answer the invitation"),
    Kind.OFFICE: noted("See what it is about"),
    Kind.POLICY: noted("Read the rules"),
    Kind.REPORT_RECEIVED: noted("See your report"),
}


def way_of(kind: Kind, *, may_appeal: bool = True, is_member: bool = True) -> str:
    """The words of a letter's link, to be translated. `may_appeal`: the decision it tells of can still be appealed.

    `is_member`: its reader has an account here, and so a list of their reports."""
    if kind is Kind.STATEMENT_OF_REASONS and not may_appeal:
        return _WAYS[Kind.APPEAL_ANSWER]
    if kind is Kind.REPORT_ANSWER and not is_member:
        return _WAYS[Kind.REPORT_RECEIVED]
    return _WAYS[kind]
