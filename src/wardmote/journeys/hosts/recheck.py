"""Is it still there? A look as a stranger, and what the case learns from it."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from wardmote.hosting import operations as hosting
from wardmote.hosting import queries
from wardmote.hosting.policy.recheck import Look, compare
from wardmote.journeys.steps.permission import host_staff
from wardmote.journeys.steps.reading import check_page
from wardmote.kernel import clock
from wardmote.outside.fetch import Fetched, FetchError, fetch

log = logging.getLogger(__name__)


def check_now(*, staff_id: int, case_id: int, series: bool = False, now: datetime) -> None:
    """Look at every item of a case once, or with `series` as often and as long as a verdict needs."""
    host_staff(staff_id)
    with transaction.atomic(durable=True):
        case = hosting.locked_case(case_id)
        hosting.plan_checks(case, series=series, now=now)


def recheck_item(item_id: int, *, get: Callable[[str], Fetched] = fetch, now: datetime) -> None:
    """The job: fetch the page outside any transaction, compare its text, keep what was seen.

    `get` brings the page of an address, or raises FetchError; the job's own is the guarded fetch.
    """
    wanted = queries.to_check(item_id)
    if wanted is None:
        return
    look, status, body_hash = _looked(wanted.url, wanted.capture, get)
    with transaction.atomic(durable=True):
        case = hosting.locked_case(wanted.case_id)
        hosting.store_check(
            item=hosting.item_of(case, item_id),
            look=look,
            http_status=status,
            body_hash=body_hash,
            at=clock.floor_to_millisecond(now),
            now=now,
        )


def _looked(url: str, capture: str, get: Callable[[str], Fetched]) -> tuple[Look, int | None, str]:
    """What was found, the HTTP status and the hash of what came. Nothing that a site does is an error here: it is kept,
    as a look at what could not be read."""
    try:
        fetched = get(url)
    except FetchError as error:
        return _unread(str(error)), None, ""
    except Exception as error:
        log.exception("a page could not be fetched")
        return _unread(type(error).__name__), None, ""
    try:
        look = check_page(capture, fetched)
    except Exception as error:
        log.exception("a page could not be read")
        look = _unread(type(error).__name__)
    return look, fetched.status, fetched.body_hash


def _unread(why: str) -> Look:
    # What a site sent may be in it, and PostgreSQL keeps no NUL.
    return compare("", None, trouble="".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in why))
