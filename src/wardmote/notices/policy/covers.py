"""Letters about interim covers: to the author when one is laid or ends, to the desk when one ran out."""

from datetime import datetime

from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.i18n import moment
from wardmote.notices.policy.fates import FIRST_UNCOVERED, UNCOVERED, Fate
from wardmote.notices.policy.wording import Letter, named_thing, passage


def _body(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs) + "\n"


def covered(
    *, community: str, thing: str, quote: str, until: datetime, again: bool, clause_key: str, clause_title: str
) -> Letter:
    """To the author, when something of theirs is covered until somebody has looked.

    Without a clause people covered it, and it says nothing of why. `again`: others could read it before.
    """
    named = {"thing": named_thing(thing), "community": community, "until": moment(until)}
    close = _(
        "Our automatic screening found it close to the rule %(key)s %(title)s. A machine covered it; a person decides."
    )
    why = [f"{_('Why')}\n{close % {'key': clause_key, 'title': clause_title}}"] if clause_key else []
    what = _("Until a moderator has looked at your %(thing)s, only you and the moderators can read it.")
    yet = (
        _("Nobody has judged it yet. If nobody has by %(until)s, everybody can read it again.")
        if again
        else _("Nobody has judged it yet. If nobody has by %(until)s, everybody can read it.")
    )
    do = _("You need do nothing. You are told what comes of it. You can edit or delete it meanwhile.")
    return Letter(
        _("Your %(thing)s is covered for now (%(community)s)") % named,
        _body(what % named, passage(quote), *why, yet % named, f"{_('What you can do')}\n{do}"),
    )


def uncovered(*, community: str, thing: str, quote: str, fate: Fate, again: bool) -> Letter:
    """To the author, when a cover ended before anybody has decided. `again`: others could read it before."""
    named = {"thing": named_thing(thing), "community": community}
    seen = fate in (Fate.PUBLIC, Fate.HIDDEN)
    reads = (
        _("Your %(thing)s can be read again (%(community)s)")
        if again
        else _("Your %(thing)s can be read by everybody (%(community)s)")
    )
    subject = reads if seen else _("The cover over your %(thing)s is taken away (%(community)s)")
    what = _((UNCOVERED if again else FIRST_UNCOVERED)[fate])
    yet = _("Nobody has decided about it yet; a moderator still looks at it.")
    return Letter(subject % named, _body(what % named, passage(quote), yet))


def cover_ran_out(*, community: str, since: datetime, again: bool) -> Letter:
    """To those who moderate: what was covered can be read, because nobody decided in time. `again`: as before."""
    named = {"community": community, "since": moment(since)}
    what = _("Something has been covered since %(since)s and nobody has decided about it.")
    now = (
        _("Its time is over: everybody can read it again. The case still waits. You can cover it again by hand.")
        if again
        else _("Its time is over: everybody can read it. The case still waits. You can cover it again by hand.")
    )
    return Letter(_("A cover ran out before anybody decided (%(community)s)") % named, _body(f"{what % named} {now}"))
