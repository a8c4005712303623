"""What is kept apart from pages: posts of outside platforms, what is in quarantine, and samples."""

import hashlib
from collections.abc import Iterable, Sequence

from django.db.models import Prefetch

from wardmote.config.tables.kinds import ERASED, Kind, Row, Values, at, dated, hashed, of_subject, take, urn
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import OutsidePost, QuarantinedCase, Sample, SampledPost, SamplingPlan
from wardmote.moderation.policy import QuarantineState
from wardmote.record.queries import Recorded


def _outside(ids: Iterable[int]) -> list[Row]:
    rows = list(OutsidePost.objects.filter(pk__in=list(ids)))
    locked = set(
        QuarantinedCase.objects.filter(subject__in=[row.url for row in rows]).values_list("community_id", "subject")
    )
    return [
        Row(
            row.pk,
            str(row.urn),
            {
                "source": row.source,
                "id": row.source_id,
                "url": row.url,
                "text": hashed(row.text),
                "community": urn("community", row.community_id),
                "told_at": at(row.told_at),
                "deleted_at": at(row.deleted_at),
            },
            {"emptied": not row.text and (row.community_id, row.url) in locked},
        )
        for row in rows
    ]


def _outside_told(row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {"deleted_at": None}
    for entry in entries:
        if entry.verb in ("outside_post.told", "outside_post.edited"):
            take(told, entry, "source", "id", "url", text="content_hash")
            told |= {"community": str(entry.community), "told_at": at(entry.time)}
        elif entry.verb == "outside_post.deleted":
            told |= {"deleted_at": at(entry.time), "text": hashed("")}
    if row.beside["emptied"]:
        # It was locked away: its text is in the lane alone.
        told.pop("text", None)
    for name in ("id", "url"):
        if told.get(name) is ERASED:
            # They stay, so that what is told of it later is known to come too late.
            del told[name]
    return told if "source" in told else None


def _locked(ids: Iterable[int]) -> list[Row]:
    return [
        Row(
            row.pk,
            str(row.urn),
            {
                "list": urn("known_list", row.known_list_id),
                "outcome": row.state,
                "note": row.note,
                "decider": urn("member", row.decided_by_id),
                "decided_at": at(row.decided_at),
                "erased_at": at(row.erased_at),
                "community": urn("community", row.community_id),
                "opened_at": at(row.opened_at),
                "text": not row.text or hashed(row.text) == row.content_hash,
                "emptied": not row.text,
            },
        )
        for row in QuarantinedCase.objects.filter(pk__in=list(ids))
    ]


def _locked_told(_row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {"outcome": QuarantineState.WAITING.value, "note": "", "decider": None, "decided_at": None}
    told |= {"erased_at": None, "text": True}
    for entry in entries:
        take(told, entry, "list", "outcome", "note")
        if entry.verb == "locked_case.decided":
            told |= {"decider": str(entry.actor), "decided_at": at(entry.time)}
        if entry.verb == "locked_case.erased" or entry.values.get("outcome") == QuarantineState.MISTAKEN.value:
            told["erased_at"] = at(entry.time)
    told["emptied"] = told["erased_at"] is not None
    if told["note"] is ERASED:
        # What its decider wrote stays with the case; the record let go of it with all that they wrote.
        del told["note"]
    return told if "list" in told else None


def _samples(ids: Iterable[int]) -> list[Row]:
    posts = Prefetch("posts", SampledPost.objects.order_by("place"))
    rows = Sample.objects.filter(pk__in=list(ids)).prefetch_related(posts)
    columns = ("seed", "population", "left_out", "drawn")
    return [
        Row(
            row.pk,
            str(row.urn),
            {
                **{name: getattr(row, name) for name in columns},
                "week": row.begins.isoformat(),
                "community": urn("community", row.community_id),
                "drawn_at": at(row.drawn_at),
                "lot": _by_lot(row.seed, list(row.posts.all())),
                "places": [post.place for post in row.posts.all()],
                "judged": {
                    post.place: [" ".join(post.broke) or "none", urn("member", post.judged_by_id), at(post.judged_at)]
                    for post in row.posts.all()
                    if post.judged_at is not None
                },
                "findings": any(post.broke for post in row.posts.all() if post.judged_at is None),
            },
        )
        for row in rows
    ]


def _by_lot(seed: str, posts: Sequence[SampledPost]) -> bool:
    """Whether the posts are in the order of the draw, as far as they are there."""
    drawn = [hashlib.sha256(f"{seed}:{Urn.parse(post.subject).id}".encode()).digest() for post in posts]
    return drawn == sorted(drawn)


def _sample_told(_row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {"lot": True, "judged": {}, "findings": False}
    for entry in entries:
        take(told, entry, "week", "seed", "population", "left_out", "drawn")
        if entry.verb == "audit.judged":
            told["judged"][entry.values.get("place")] = [entry.values.get("broke"), str(entry.actor), at(entry.time)]
    told["places"] = list(range(1, told.get("drawn", 0) + 1))
    return told if "seed" in told else None


def _plans(ids: Iterable[int]) -> list[Row]:
    return [
        Row(
            row.pk,
            f"urn:wardmote:community:{row.community_id}",
            {"posts_a_week": row.posts_a_week, "set_at": at(row.set_at)},
        )
        for row in SamplingPlan.objects.filter(pk__in=list(ids))
    ]


def _plan_told(_row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {}
    for entry in entries:
        if entry.verb == "audit.planned":
            take(told, entry, "posts_a_week")
            told["set_at"] = at(entry.time)
    return told or None


def _planned(entry: Recorded) -> int:
    """The plan of the community that the entry is about; -1 where it has none."""
    return SamplingPlan.objects.filter(community=entry.subject.id).values_list("pk", flat=True).first() or -1


KINDS = (
    Kind("outside posts", OutsidePost, _outside, _outside_told, {"outside_post.told": of_subject}),
    Kind(
        "locked cases",
        QuarantinedCase,
        _locked,
        dated(_locked_told, "locked_case.opened", "opened_at"),
        {"locked_case.opened": of_subject},
    ),
    Kind("samples", Sample, _samples, dated(_sample_told, "audit.drawn", "drawn_at"), {"audit.drawn": of_subject}),
    Kind("plans of sampling", SamplingPlan, _plans, _plan_told, {"audit.planned": _planned}),
)
