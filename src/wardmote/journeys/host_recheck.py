"""Is it still there? A look as a stranger, and what the case learns from it."""

from datetime import datetime

from django.db import transaction

from wardmote.hosting import operations as hosting
from wardmote.hosting import queries
from wardmote.hosting.policy.recheck import Page, compare
from wardmote.journeys.permission import host_staff
from wardmote.kernel import clock
from wardmote.outside.fetch import FetchError, fetch


def check_now(*, staff_id: int, case_id: int, series: bool = False, now: datetime) -> None:
    """Look at every item of a case once, or with `series` as often and as long as a verdict needs."""
    host_staff(staff_id)
    with transaction.atomic(durable=True):
        case = hosting.locked_case(case_id)
        hosting.plan_looks(case, series=series, now=now)


def look_at_item(item_id: int, *, now: datetime) -> None:
    """The job: fetch the page outside any transaction, compare its text, keep what was seen."""
    wanted = queries.to_look(item_id)
    if wanted is None:
        return
    try:
        fetched = fetch(wanted.url)
    except FetchError as error:
        look, status, body_hash = compare(wanted.capture, None, trouble=str(error)), None, ""
    else:
        page = Page(fetched.status, fetched.text, is_html=fetched.is_html)
        look, status, body_hash = compare(wanted.capture, page), fetched.status, fetched.body_hash
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
