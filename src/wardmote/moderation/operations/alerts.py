"""Several people, one target: what each violence case names is noted, and an alert links the cases that agree."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from wardmote.communities.models import Community
from wardmote.communities.policy import Action
from wardmote.detect.lists.sentence_hash import sentence_around
from wardmote.detect.text.targets import Target, find_targets
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.moderation.models import Alert, AlertCase, Case, Decision, Item, Naming, OutsidePost
from wardmote.moderation.policy import Lane
from wardmote.moderation.policy.distinct_authors import ALERT_AUTHORS, ALERT_WINDOW, Voice, count_distinct_authors
from wardmote.moderation.policy.outside import is_url
from wardmote.record import operations as record

_NAMED = 20
"""Targets of one text that are followed."""
_LOOKED_AT = 200
"""Namings of one target that are compared, the newest."""


@transaction.atomic
def note_targets(*, case_id: int, now: datetime) -> None:
    """Note whom, where and when a violence case names, and raise or widen alerts. Harmless to repeat."""
    case = Case.objects.select_related("item").filter(pk=case_id).first()
    if case is None or case.lane != Lane.THREAT:
        return
    author = _author(case)
    if not author:
        return
    # One at a time in a community: two who find the same thing at once must not raise two alerts.
    Community.objects.select_for_update(no_key=True).get(pk=case.community_id)
    Naming.objects.filter(community_id=case.community_id, case=case).delete()
    # An edit takes no target off an alert: whatever the case is about was said.
    texts = Item.objects.filter(in_cases__case=case).exclude(text="").order_by("in_cases__came_at", "in_cases__pk")
    namings = [_naming(case, item, author, target) for item, target in _followed(texts or [case.item])]
    Naming.objects.bulk_create(namings)
    for naming in namings:
        _compare(naming, now=now)


def _author(case: Case) -> str:
    """Who wrote it, as one name; empty where nobody knows."""
    if case.item.author_id:
        return f"member {case.item.author_id}"
    if not is_url(case.subject):
        return ""
    post = OutsidePost.objects.filter(community_id=case.community_id, url=case.subject).first()
    return f"{post.source} {post.author}" if post and post.author else ""


def _followed(texts: Iterable[Item]) -> Sequence[tuple[Item, Target]]:
    first: dict[tuple[str, str], tuple[Item, Target]] = {}
    for item in texts:
        for target in find_targets(item.text):
            if target.named:
                first.setdefault((target.kind.value, target.key), (item, target))
    return list(first.values())[:_NAMED]


def _naming(case: Case, item: Item, author: str, target: Target) -> Naming:
    return Naming(
        community_id=case.community_id,
        case=case,
        kind=target.kind.value,
        key=target.key[:160],
        author=author,
        shown=item.text[target.start : target.end][:160],
        saying=list(sentence_around(item.text, target.start, target.end)),
        at=item.taken_at,
    )


def _compare(naming: Naming, *, now: datetime) -> None:
    dismissed = Decision.objects.filter(case=OuterRef("case"), action=Action.NONE.value, reversed_at=None)
    rows = list(
        Naming.objects.filter(
            community_id=naming.community_id, kind=naming.kind, key=naming.key, at__gt=now - ALERT_WINDOW, at__lte=now
        )
        .exclude(Exists(dismissed))
        .order_by("-at")[:_LOOKED_AT]
    )
    authors = count_distinct_authors([Voice(row.author, tuple(row.saying)) for row in rows])
    if authors >= ALERT_AUTHORS:
        _raise(naming, authors=authors, case_ids=[row.case_id for row in rows], now=now)


def _raise(naming: Naming, *, authors: int, case_ids: Sequence[int], now: datetime) -> None:
    """A new alert, or more of one that is as young as the window."""
    known = Alert.objects.filter(
        community_id=naming.community_id, kind=naming.kind, key=naming.key, last_at__gt=now - ALERT_WINDOW
    ).first()
    alert = known or Alert.objects.create(
        community_id=naming.community_id,
        kind=naming.kind,
        key=naming.key,
        shown=naming.shown,
        authors=authors,
        raised_at=now,
        last_at=now,
    )
    linked = set(AlertCase.objects.filter(alert=alert).values_list("case_id", flat=True))
    fresh = [case_id for case_id in case_ids if case_id not in linked]
    if not fresh:
        return
    AlertCase.objects.bulk_create(AlertCase(alert=alert, case_id=case_id) for case_id in fresh)
    alert.authors, alert.last_at = max(alert.authors, authors), now
    alert.save(update_fields=["authors", "last_at"])
    record.append(
        now=now,
        actor=SYSTEM,
        verb="alert.widened" if known else "alert.raised",
        subject=alert.urn,
        community=Urn("community", naming.community_id),
        facts={
            "kind": naming.kind,
            "voices": alert.authors,
            "cases": [str(Urn("case", case_id)) for case_id in sorted(fresh)],
        },
        # A name is a person's, who need not even be a member: it can be taken out of the record.
        content={"target": naming.shown},
        about=alert.urn,
    )
