"""A community becomes a customer of a host: here, or across two installations that exchange their keys."""

from datetime import datetime

from django.db import transaction

from wardmote.communities.queries import community
from wardmote.hosting import operations as hosting
from wardmote.hosting import queries as hosting_queries
from wardmote.journeys.hand_over import hand_policy
from wardmote.journeys.permission import host_staff, spokesperson
from wardmote.kernel.errors import Invalid, Refused
from wardmote.kernel.words import gettext as _
from wardmote.ledger import FormatError, VerifierKey
from wardmote.outside.addresses import FetchError, aim
from wardmote.outside.signing import record_verifier
from wardmote.upstream import operations as upstream
from wardmote.upstream import queries as upstream_queries


def enrol_community(*, staff_id: int, community_id: int, now: datetime) -> int:
    """A community of this installation becomes a customer; gives the customer's id."""
    staff = host_staff(staff_id)
    ours = community(community_id)
    with transaction.atomic(durable=True):
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
    other = _key(key)
    _check_url(base_url)
    with transaction.atomic(durable=True):
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
    """The owner says who hosts the community elsewhere; from then on that host's letters are taken."""
    owner = spokesperson(community_id=community_id, member_id=member_id)
    other = _key(key)
    _check_url(base_url)
    with transaction.atomic(durable=True):
        present = upstream_queries.host_of(community_id)
        if present is not None and not present.elsewhere:
            raise Refused(_("This installation hosts the community; its owner cannot name another."))
        upstream.name_host(
            community_id=community_id, base_url=base_url, origin=other.name, key=str(other), actor=owner.urn, now=now
        )


def _offer_policy(customer_id: int, *, now: datetime) -> None:
    policy = hosting_queries.acceptable_use()
    if policy is not None:
        hand_policy(customer_id, policy, now=now)


def _key(text: str) -> VerifierKey:
    try:
        key = VerifierKey.parse(text)
    except FormatError as error:
        raise Invalid(_("This is not the public key of a log: %(error)s") % {"error": error}, field="key") from error
    if key.name == record_verifier().name:
        raise Invalid(
            _("That log has the same name as ours (WARDMOTE_ORIGIN): the two could not be told apart."), field="key"
        )
    return key


def _check_url(url: str) -> None:
    try:
        aim(url)
    except FetchError as error:
        raise Invalid(_("Nothing can be delivered there: %(error)s.") % {"error": error}, field="base_url") from error
