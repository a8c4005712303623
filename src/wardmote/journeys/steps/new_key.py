"""An installation's log goes on under another key: the old one says so, in a statement that both keys sign."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from wardmote.communities.queries import community
from wardmote.hosting import operations as hosting
from wardmote.hosting import queries as hosting_queries
from wardmote.hosting.policy.documents import KeyDocument
from wardmote.jobs import operations as jobs
from wardmote.kernel.clock import to_rfc3339
from wardmote.kernel.errors import Invalid
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.ledger import LedgerError, Signer, Succession, VerifierKey, open_succession, sign_succession
from wardmote.outside.delivery import deliver
from wardmote.outside.signing import make_key, read_key, record_signer
from wardmote.record import operations as record
from wardmote.record import queries as record_queries
from wardmote.upstream import operations as upstream
from wardmote.upstream import queries as upstream_queries


def take_key(*, statement: str, key: VerifierKey, now: datetime) -> Urn:
    """Another log's statement, which came under `key`, in the caller's transaction. Nothing changes before the new key
    speaks: until then its log goes on under the old one."""
    try:
        said = open_succession(statement)
    except LedgerError as error:
        raise Invalid(_("This statement proves nothing: %(error)s") % {"error": error}, field="statement") from error
    if said.old != key:
        raise Invalid(_("A key names its own follower, and no other's."), field="statement")
    return record.announce_key(said=said, statement=statement, actor=SYSTEM, now=now).urn


def settle(key: VerifierKey, *, now: datetime) -> None:
    """A key has spoken: where it was announced, everything here that is under the one before is under it now."""
    old = record_queries.announced_for(str(key))
    if old:
        with transaction.atomic(durable=True):
            _replace(old, str(key), now=now)


def vouch_for_key(*, old: str, new: VerifierKey, now: datetime) -> None:
    """The operator says that a log elsewhere has lost its old key: the new one may lift what the old one did."""
    try:
        said = Succession(VerifierKey.parse(old), new, to_rfc3339(now))
    except LedgerError as error:
        raise Invalid(_("This is not the public key of a log: %(error)s") % {"error": error}, field="key") from error
    if not upstream_queries.names_key(old) and not hosting_queries.has_customer_key(old):
        raise Invalid(_("Nobody is known here by the old key."), field="key")
    with transaction.atomic(durable=True):
        record.announce_key(said=said, statement="", actor=SYSTEM, now=now)
        _replace(old, str(new), now=now)


def _replace(old: str, new: str, *, now: datetime) -> None:
    upstream.replace_host_key(old=old, new=new, now=now)
    hosting.replace_customer_key(old=old, new=new, now=now)
    record.settle_key(key=new, now=now)


def announce_our_key(*, path: Path, now: datetime) -> int:
    """The operator names the key in `path`, made where there is none, as the one that ours will be followed by; gives
    the number of those who are told. The record itself goes on under the present key."""
    if not path.exists():
        make_key(path)
    old, new = record_signer(), Signer(settings.WARDMOTE_LOG_ORIGIN, read_key(path))
    try:
        statement = sign_succession(old, new, to_rfc3339(now))
    except LedgerError as error:
        raise Invalid(_("This key cannot follow ours: %(error)s") % {"error": error}, field="key") from error
    hosts = [host for host in upstream_queries.hosts() if host.elsewhere]
    customers = [row for row in hosting_queries.customers() if row.community_id is None]
    with transaction.atomic(durable=True):
        row = record.announce_key(said=open_succession(statement), statement=statement, actor=SYSTEM, now=now)
        for host in hosts:
            jobs.put("journeys.deliver_key", "host", host.community_id, row.statement, now=now)
        for customer in customers:
            jobs.put("journeys.deliver_key", "customer", customer.customer_id, row.statement, now=now)
    return len(hosts) + len(customers)


def deliver_key(to: str, row_id: int, statement: str, *, now: datetime) -> None:
    """The job: bring our statement to the `host` of a community, or to a `customer`."""
    if to == "host":
        host = upstream_queries.host_of(row_id)
        if host is None or not host.elsewhere:
            return
        slug, url = community(row_id).slug, f"{host.base_url}/exchange/host/key"
    else:
        customer = hosting_queries.customer(row_id)
        slug, url = customer.slug, f"{customer.base_url}/exchange/community/key"
    raw = KeyDocument(slug, statement).encode()
    deliver(url, body=raw, key=f"urn:wardmote:key_statement:{row_id}", now=now)
