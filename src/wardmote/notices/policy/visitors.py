"""Letters to visitors who report something, and have no account. Pure.

The first goes to an address that somebody typed in, perhaps another's: it says nothing that a stranger could choose, no
word of theirs and none of what they point to, so that nobody is sent anything by it.
"""

from datetime import datetime

from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.i18n import moment
from wardmote.notices.policy.fates import Fate
from wardmote.notices.policy.wording import Letter, Reported, report_answer

_GAP = "\n\n"


def confirm_report(*, domain: str, link: str, until: datetime) -> Letter:
    """To an address that nobody has confirmed: the link, where it leads, and what happens without it."""
    named = {"domain": domain, "until": moment(until)}
    return Letter(
        _("Confirm your report (%(domain)s)") % named,
        _GAP.join(
            (
                _("Somebody, we hope you, has filled in a report at %(domain)s and given this address.") % named,
                f"{_('To send the report, open this page and press the button on it:')}\n{link}",
                _("The link is good until %(until)s. Keep it to yourself: whoever has it can read the report.") % named,
                _("If it was not you, you need do nothing. The report then counts for nothing and is deleted."),
            )
        )
        + "\n",
    )


def report_received(*, community: str, reported: Reported, report_id: int, content_hash: str) -> Letter:
    """To the confirmed address: that the report has come in, and what proves it."""
    named = {"number": report_id, "when": moment(reported.filed_at), "community": community}
    return Letter(
        _("Your report was received (%(community)s)") % named,
        _GAP.join(
            (
                _("Thank you. Your report has number %(number)s and was received on %(when)s.") % named,
                _what(reported),
                f"{_('Fingerprint of the text that you reported (SHA-256)')}\n{content_hash}",
                _("A moderator, a person, will read it and decide. You are told by mail what came of it."),
                _("The author is never told who reported."),
                _("On the page of your report you can download a receipt, and have your name and address deleted."),
            )
        )
        + "\n",
    )


def visitor_answer(
    *, community: str, contact: str, acted: bool, fate: Fate, edited: bool, reported: Reported
) -> Letter:
    """The answer that every reporter gets, and how to seek redress; `contact` is how one reaches the community."""
    letter = report_answer(community=community, acted=acted, fate=fate, edited=edited, reported=reported)
    again = _(
        "If you think that this is wrong, report it again and say what was missed: another look is free of charge."
    )
    reach = [_("You can also write to the community: %(contact)s") % {"contact": contact}] if contact else []
    court = _("You may also turn to a certified out-of-court dispute settlement body or to a court.")
    said = "\n".join((_("What you can do"), again, *reach, court))
    return Letter(letter.subject, f"{letter.body.rstrip()}{_GAP}{said}\n")


def _what(reported: Reported) -> str:
    named = {"handle": reported.handle}
    if reported.thing == "profile":
        return _("You reported the profile of @%(handle)s.") % named
    return _("You reported a post by @%(handle)s.") % named
