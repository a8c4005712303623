"""A community becomes a customer of a host: here, or across two installations that exchange their keys."""

from datetime import datetime

from django.db import transaction

from wardmote.communities.queries import community
from wardmote.hosting import operations as hosting
from wardmote.hosting import queries as hosting_queries
from wardmote.journeys.steps.deliver import hand_policy
from wardmote.journeys.steps.permission import host_staff, spokesperson
from wardmote.kernel.errors import Conflict, Invalid, Refused
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import Urn
from wardmote.ledger import FormatError, KeyKind, VerifierKey, plain_name
from wardmote.outside.guard import FetchError, aim
from wardmote.outside.signing import record_verifier
from wardmote.record import operations as record
from wardmote.upstream import operations as upstream
from wardmote.upstream import queries as upstream_queries
from wardmote.upstream.models import Host


def enrol_community(*, staff_id: int, community_id: int, now: datetime) -> int:
    """A community of this installation becomes a customer; gives the customer's id."""
    staff = host_staff(staff_id)
    ours = community(community_id)
    with transaction.atomic(durable=True):
        present = upstream.lock_host(community_id=community_id)
        if present is not None and present.key:
            raise Conflict(_("Its owner has named a host elsewhere; this installation’s operator can change that."))
        if present is None and upstream_queries.measure(community_id=community_id, now=now) is not None:
            raise Conflict(_in_force())
        customer = hosting.enrol_customer(
            community_id=community_id, name=ours.title, slug=ours.slug, staff=staff, now=now
        )
        upstream.name_host(community_id=community_id, actor=staff, now=now)
        _offer_policy(customer.pk, now=now)
    return customer.pk


def enrol_remote(*, staff_id: int, name: str, slug: str, base_url: str, key: str, now: datetime) -> int:
    """A community elsewhere becomes a customer; gives the customer's id.

    `slug` is its short name there, `base_url` where its installation answers (`https://plaza.example`), `key` the
    public key of that installation's log, from its page "The record" or `wardmote record checkpoint --key` there.
    """
    staff = host_staff(staff_id)
    other = known_as(key)
    check_url(base_url)
    with transaction.atomic(durable=True):
        record.know_key(key=other, now=now)
        customer = hosting.enrol_customer(
            community_id=None,
            name=name.strip(),
            slug=slug.strip(),
            base_url=base_url,
            origin=other.name,
            key=str(other),
            staff=staff,
            now=now,
        )
        _offer_policy(customer.pk, now=now)
    return customer.pk


def name_host(*, community_id: int, member_id: int, base_url: str, key: str, now: datetime) -> None:
    """The owner says who hosts the community elsewhere; from then on that host's letters are taken.

    While a measure is in force only the address of the host can be changed, not its key.
    """
    owner = spokesperson(community_id=community_id, member_id=member_id)
    other = known_as(key)
    check_url(base_url)
    with transaction.atomic(durable=True):
        present = upstream.lock_host(community_id=community_id)
        if present is not None and not present.key:
            raise Refused(_("This installation hosts the community; its owner cannot name another."))
        same = present is not None and present.key == str(other)
        if not same and upstream_queries.measure(community_id=community_id, now=now) is not None:
            raise Refused(_in_force())
        name_elsewhere(
            community_id=community_id, present=present, base_url=base_url, key=other, actor=owner.urn, now=now
        )


def name_elsewhere(
    *, community_id: int, present: Host | None, base_url: str, key: VerifierKey, actor: Urn, now: datetime
) -> None:
    """The host is the one with that key, and no longer `present`; in the caller's transaction."""
    before = "" if present is None else present.key
    if before != str(key):
        record.know_key(key=key, now=now)
    upstream.name_host(
        community_id=community_id, base_url=base_url, origin=key.name, key=str(key), actor=actor, now=now
    )
    if before != str(key):
        forget_unused(before)


def forget_unused(key: str) -> None:
    """Forget a key under which nothing here is any more, so that its name is free for whose it is."""
    if not upstream_queries.names_key(key) and not hosting_queries.has_customer_key(key):
        record.forget_key(key=key)


def _in_force() -> str:
    return _(
        "A measure of its host is in force for this community: until it is lifted, only the operator of this"
        " installation can change the host."
    )


def _offer_policy(customer_id: int, *, now: datetime) -> None:
    policy = hosting_queries.acceptable_use()
    if policy is not None:
        hand_policy(customer_id, policy, now=now)


def known_as(text: str) -> VerifierKey:
    """The public key of another log than ours; Invalid for anything else."""
    try:
        key = VerifierKey.parse(text)
        name = plain_name(key.name)
    except FormatError as error:
        raise Invalid(_("This is not the public key of a log: %(error)s") % {"error": error}, field="key") from error
    ours = record_verifier()
    if name == plain_name(ours.name):
        raise Invalid(
            _("That log has the same name as ours (WARDMOTE_LOG_ORIGIN): the two could not be told apart."), field="key"
        )
    if key.public == ours.public or key.kind is not KeyKind.NOTE:
        raise Invalid(_("This key is our own, or no key that signs a log."), field="key")
    return key


def check_url(url: str) -> None:
    """Invalid where nothing may be delivered."""
    try:
        aim(url)
    except FetchError as error:
        raise Invalid(_("Nothing can be delivered there: %(error)s.") % {"error": error}, field="base_url") from error
