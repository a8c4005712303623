"""Writes about communities: founding, rules, membership, roles, suspension of a member."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import IntegrityError, connection, transaction

from wardmote.communities.models import Acceptance, Clause, Community, Membership, Once, Paced, Policy
from wardmote.communities.policy import DAY, PACES, ClauseDraft, CommunityState, Deed, Role, check_clauses, policy_hash
from wardmote.communities.queries.accepted import reads_the_same
from wardmote.kernel.clock import to_rfc3339
from wardmote.kernel.errors import Conflict, NotFound, Refused
from wardmote.kernel.hosts import own_host
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.ledger import Json
from wardmote.record import operations as record

_CLOSED = [state.value for state in CommunityState if state.locks_visitors]


@transaction.atomic
def found_community(
    *, slug: str, title: str, tagline: str, domain: str, owner_id: int, now: datetime, actor: Urn | None = None
) -> int:
    """A new community with its owner; the owner's membership comes with joining, like anybody's.

    `actor` founds it, where that is not the owner.
    """
    name = own_host(domain)
    community = Community.objects.create(
        slug=slug, title=title, tagline=tagline, domain=name, owner_id=owner_id, created_at=now
    )
    record.append(
        now=now,
        actor=actor or Urn("person", owner_id),
        verb="community.founded",
        subject=community.urn,
        community=community.urn,
        facts={"slug": slug, "title": title, "domain": name},
    )
    return community.pk


@transaction.atomic
def set_help_lines(*, community_id: int, lines: str, actor: Urn, now: datetime) -> None:
    """Where this community's members are led who may be thinking of harming themselves; empty: the usual ones."""
    Community.objects.filter(pk=community_id).update(help_lines=lines)
    community = Urn("community", community_id)
    record.append(
        now=now,
        actor=actor,
        verb="community.help_lines_set",
        subject=community,
        community=community,
        facts={"help_lines": lines},
    )


@transaction.atomic
def publish_policy(*, community_id: int, actor: Urn, title: str, clauses: Sequence[ClauseDraft], now: datetime) -> int:
    """The next version of the rules; the earlier ones stay as they were."""
    check_clauses(clauses)
    last = Policy.objects.filter(community_id=community_id).order_by("-number").values_list("number", flat=True).first()
    digest = policy_hash(title, clauses)
    policy = Policy.objects.create(
        community_id=community_id, number=(last or 0) + 1, title=title, hash=digest, published_at=now
    )
    Clause.objects.bulk_create(
        Clause(
            policy=policy,
            position=position,
            key=c.key,
            title=c.title,
            text=c.text,
            category=c.category,
            severity=int(c.severity),
            default_action=c.default_action.value,
            queue_at=c.queue_at,
            hold_at=c.hold_at,
        )
        for position, c in enumerate(clauses)
    )
    record.append(
        now=now,
        actor=actor,
        verb="policy.published",
        subject=policy.urn,
        community=Urn("community", community_id),
        facts={"number": policy.number, "hash": digest, "title": title},
    )
    return policy.pk


@transaction.atomic
def add_member(*, community_id: int, person_id: int, role: Role = Role.MEMBER, now: datetime) -> int:
    """Make a person a member; Conflict when they are one already, Refused where the host has stopped the community."""
    hold_standings(community_id=community_id, member_ids=())
    if Community.objects.filter(pk=community_id, state__in=_CLOSED).exists():
        raise Refused(_("This community is suspended by its host; nobody can join it now."))
    try:
        with transaction.atomic():
            member = Membership.objects.create(
                community_id=community_id, person_id=person_id, role=role.value, joined_at=now
            )
    except IntegrityError:
        raise Conflict(_("You are a member already.")) from None
    record.append(
        now=now,
        actor=Urn("person", person_id),
        verb="member.joined",
        subject=member.urn,
        community=Urn("community", community_id),
        facts={"role": role.value},
    )
    return member.pk


@transaction.atomic
def accept_policy(*, community_id: int, member_id: int, shown_hash: str, now: datetime) -> None:
    """Store that the member accepted the version they were shown; Conflict when one that reads differently is in force.

    Of two that read the same it is the one they were shown that is on record.
    """
    policy = Policy.objects.filter(community_id=community_id).order_by("-number").first()
    if policy is None:
        raise NotFound(_("This community has published no policy yet."))
    if policy.hash != shown_hash:
        same = reads_the_same(policy.pk, as_hash=shown_hash)
        if same is None:
            raise Conflict(_("The policy has changed since this page was shown; please read the new version."))
        policy = same
    _unused, created = Acceptance.objects.get_or_create(
        membership_id=member_id, policy=policy, defaults={"hash": policy.hash, "accepted_at": now}
    )
    if created:
        record.append(
            now=now,
            actor=Urn("member", member_id),
            verb="policy.accepted",
            subject=policy.urn,
            community=Urn("community", community_id),
            facts={"number": policy.number, "hash": policy.hash},
        )


@transaction.atomic
def hold_standings(*, community_id: int, member_ids: Collection[int]) -> None:
    """Keep these members' standing and their community's state as they are until the transaction around this ends.

    What is checked after it is still so when the transaction is stored: who suspends or dismisses waits for it.
    Members in the order of their ids, then the community, then what they write: always so, or two would wait for each
    other for ever. The community is shared: its members do not wait for one another.
    """
    members = Membership.objects.select_for_update(no_key=True).filter(community_id=community_id, pk__in=member_ids)
    list(members.order_by("pk").values_list("pk", flat=True))
    if connection.vendor == "postgresql":
        # Django has no word for a shared lock; on SQLite nobody else writes meanwhile anyway.
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM communities_community WHERE id = %s FOR SHARE", [community_id])


@transaction.atomic
def set_role(*, community_id: int, member_id: int, role: Role, actor: Urn, now: datetime) -> None:
    """Appoint or dismiss; Refused for the owner, without whom nobody could."""
    here = Membership.objects.filter(community_id=community_id, pk=member_id)
    changed = here.exclude(role=Role.OWNER.value).update(role=role.value)
    if not changed and here.exists():
        raise Refused(_("The owner of a community is not dismissed; ownership is handed over."))
    if not changed:
        raise NotFound(_("There is no such member here."))
    record.append(
        now=now,
        actor=actor,
        verb="member.appointed",
        subject=Urn("member", member_id),
        community=Urn("community", community_id),
        facts={"role": role.value},
    )


@transaction.atomic
def suspend_member(
    *, community_id: int, member_id: int, until: datetime | None, actor: Urn, reason: Urn, now: datetime
) -> datetime | None:
    """Suspend until a time, or with None lift it; gives the state before, for an undo. `reason` names the decision."""
    member = Membership.objects.select_for_update().filter(community_id=community_id, pk=member_id).first()
    if member is None:
        raise NotFound(_("There is no such member here."))
    before = member.suspended_until
    member.suspended_until = until
    member.save(update_fields=["suspended_until"])
    record.append(
        now=now,
        actor=actor,
        verb="member.suspended" if until else "member.reinstated",
        subject=member.urn,
        community=Urn("community", community_id),
        facts={"until": to_rfc3339(until) if until else None, "reason": str(reason)},
    )
    return before


_STATE_VERB = {
    CommunityState.ACTIVE: "community.reinstated",
    CommunityState.RESTRICTED: "community.restricted",
    CommunityState.SUSPENDED: "community.suspended",
    CommunityState.TERMINATED: "community.terminated",
}


@transaction.atomic
def set_state(
    *,
    community_id: int,
    state: CommunityState,
    until: datetime | None = None,
    reason: str = "",
    appeal_path: str = "",
    decision: Urn,
    now: datetime,
) -> None:
    """Bring a community to what its host decided. Nothing of it is deleted, and back in `active` all of it is there.

    `decision` names what the host decided; the entry's actor is the system, so that no receipt names a person.
    """
    changed = Community.objects.filter(pk=community_id).update(
        state=state.value,
        state_since=None if state is CommunityState.ACTIVE else now,
        state_until=until,
        state_reason=reason,
        state_appeal=appeal_path,
    )
    if not changed:
        raise NotFound(_("There is no such community."))
    community = Urn("community", community_id)
    record.append(
        now=now,
        actor=SYSTEM,
        verb=_STATE_VERB[state],
        subject=community,
        community=community,
        facts={"until": to_rfc3339(until) if until else None, "reason": reason, "decision": str(decision)},
    )


@transaction.atomic
def keep_once(*, community_id: int, holder: Urn, key: str, digest: str, result: Json, now: datetime) -> None:
    """Keep what this form led to, in the transaction that does it; Conflict where it was sent twice at the same time.

    Of what is older than a day, as much goes as comes, and a little more.
    """
    try:
        with transaction.atomic():
            Once.objects.create(
                community_id=community_id, holder=str(holder), key=key, digest=digest, result=result, stored_at=now
            )
    except IntegrityError:
        raise Conflict(_("This was sent twice at the same time. It is stored once.")) from None
    old = Once.objects.filter(stored_at__lt=now - DAY).order_by("stored_at").values_list("pk", flat=True)[:3]
    Once.objects.filter(pk__in=list(old)).delete()


@transaction.atomic
def forget_sent(*, community_id: int, holder: Urn) -> None:
    """Forget the forms that somebody sent: the hash of a text goes with the text."""
    Once.objects.filter(community_id=community_id, holder=str(holder)).delete()


@transaction.atomic
def count_deed(*, community_id: int, member_id: int, deed: Deed, factor: int, now: datetime) -> None:
    """Count one more; TooOften where the member was too fast, and then nothing is counted."""
    member = Membership.objects.filter(community_id=community_id, pk=member_id)
    if not member.exists():
        raise NotFound(_("There is no such member here."))
    begins = {"begin": now, "day_begin": now}
    Paced.objects.get_or_create(membership_id=member_id, deed=deed.value, defaults=begins)
    paced = Paced.objects.select_for_update().get(membership_id=member_id, deed=deed.value)
    pace = PACES[deed]
    if not paced.begin <= now < paced.begin + pace.within:
        paced.begin, paced.used = now, 0
    if not paced.day_begin <= now < paced.day_begin + DAY:
        paced.day_begin, paced.day_used = now, 0
    pace.check((paced.begin, paced.used), (paced.day_begin, paced.day_used), factor=factor, now=now)
    paced.used, paced.day_used = paced.used + 1, paced.day_used + 1
    paced.save()
