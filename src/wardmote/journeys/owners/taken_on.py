"""What somebody takes on with a community: shown to them before they say yes, and what they said yes to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from urllib.parse import urlsplit

from wardmote.communities.policy import CommunityState
from wardmote.communities.queries import PolicyView, StateView, community, current_policy, desk
from wardmote.communities.queries.agreements import AgreementView, living_agreements
from wardmote.communities.queries.offers import OfferView
from wardmote.kernel.errors import Conflict
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.i18n import noted
from wardmote.kernel.urn import Urn
from wardmote.moderation.queries import queue_counts, webhook
from wardmote.people.queries import keys
from wardmote.upstream import queries as upstream

_CHANGED: Mapping[str, str] = {
    "offer": noted("The offer is another one than you opened."),
    "rules": noted("The rules were changed after you opened this page."),
    "moderators": noted("Who moderates has changed after you opened this page."),
    "host": noted("What the host asks or has done changed after you opened this page."),
    "keys": noted("The API keys were changed after you opened this page."),
    "webhook": noted("Where decisions are sent was changed after you opened this page."),
    "agreements": noted("The agreements with other communities were changed after you opened this page."),
    "invitations": noted("Who is invited to moderate has changed after you opened this page."),
}
"""What a form knows of, in the order in which it carries it, and the sentence for what is another by now."""


@dataclass(frozen=True, slots=True)
class TakenOn:
    """A community as its next owner gets it. `members`, `cases` and `appeals` are how many there are now; they change
    by the hour, and are not what somebody says yes to. `seen` is the rest, as a form carries it.

    `webhook` is the host that decisions are sent to, "" for none: the rest of the address may hold a secret.
    `invited` are members asked to moderate. Their invitations, and the agreements that this community has offered, end
    when it changes hands."""

    title: str
    domain: str
    members: int
    moderators: tuple[int, ...]
    policy: PolicyView | None
    state: StateView
    hosted: bool
    host_policy: str
    host_waits: int
    keys: tuple[str, ...]
    webhook: str
    agreements: tuple[AgreementView, ...]
    invited: tuple[int, ...]
    cases: int
    appeals: int
    seen: str

    @property
    def is_stopped(self) -> bool:
        return self.state.state is not CommunityState.ACTIVE


def taken_on(offer: OfferView, *, community_id: int, now: datetime) -> TakenOn:
    """What comes with the community at this moment."""
    here, policy = community(community_id), current_policy(community_id=community_id)
    host_policy = upstream.host_policy(community_id=community_id)
    host_waits = upstream.open_count(community_id=community_id)
    moderators = tuple(desk.moderators(community_id=community_id))
    in_use = [key for key in keys(realm=str(Urn("community", community_id))) if key.revoked_at is None]
    told_to = webhook(community_id=community_id)
    agreed = living_agreements(community_id=community_id, now=now)
    invited = desk.open_invitations(community_id=community_id)
    counts = queue_counts(community_id=community_id, now=now)
    parts: Mapping[str, object] = {
        "offer": (offer.id, offer.by_id, offer.stays.value, here.title, here.domain),
        "rules": policy.hash if policy else "",
        "moderators": moderators,
        "host": (here.state.state.value, here.state.reason, host_policy.hash if host_policy else "", host_waits),
        "keys": sorted(key.terms.key_id for key in in_use),
        "webhook": told_to.url if told_to else "",
        "agreements": [(each.id, each.state.value) for each in agreed],
        "invitations": [each.id for each in invited],
    }
    return TakenOn(
        title=here.title,
        domain=here.domain,
        members=desk.members_of(community_id),
        moderators=moderators,
        policy=policy,
        state=here.state,
        hosted=upstream.host_of(community_id) is not None,
        host_policy=host_policy.title if host_policy else "",
        host_waits=host_waits,
        keys=tuple(key.terms.name for key in in_use),
        webhook=(urlsplit(told_to.url).hostname or "") if told_to else "",
        agreements=tuple(agreed),
        invited=tuple(each.member_id for each in invited),
        cases=counts.threat_open + counts.general_open + counts.claimed,
        appeals=counts.appeals_open,
        seen=".".join(sha256(repr(parts[name]).encode()).hexdigest()[:16] for name in _CHANGED),
    )


def check_taken_on(now: TakenOn, seen: str) -> None:
    """Raise Conflict, saying what is another by now, unless the form's page showed what there is."""
    before, present = seen.split("."), now.seen.split(".")
    if len(before) != len(present):
        raise Conflict(_("This page does not say what you were shown. Nothing has changed hands; read it again."))
    changed = [_(_CHANGED[name]) for name, old, new in zip(_CHANGED, before, present, strict=True) if old != new]
    if changed:
        raise Conflict(" ".join([*changed, _("Nothing has changed hands. Read it again, then answer.")]))
