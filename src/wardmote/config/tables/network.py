"""People, communities and what members write."""

from collections.abc import Iterable, Sequence

from django.db.models import Count

from wardmote.communities.models import Community, Membership, Policy
from wardmote.communities.policy import CommunityState, policy_hash
from wardmote.config.tables.kinds import ERASED, Kind, Row, Values, of_subject, plain, take, urn
from wardmote.kernel.clock import to_rfc3339
from wardmote.ledger.leaf import ERASED as ERASURE
from wardmote.network.models import Post, PostVersion, Profile
from wardmote.notices.models import Delivery, Notice
from wardmote.notices.policy import Channel
from wardmote.people.models import ApiKey, Person
from wardmote.record.queries import Recorded, by_subject

_WRITTEN = ("post.published", "post.held")


def _posts(ids: Iterable[int]) -> list[Row]:
    posts = Post.objects.filter(pk__in=list(ids)).annotate(earlier=Count("versions"))
    return [
        Row(
            post.pk,
            str(post.urn),
            {
                "text": post.text,
                "visibility": post.visibility,
                "label": post.label,
                "version": post.version,
                "earlier versions": post.earlier,
                "deletion": post.deleted_at is not None,
                "author": urn("member", post.author_id),
                "parent": urn("post", post.parent_id),
                "community": urn("community", post.community_id),
            },
        )
        for post in posts
    ]


def _post_told(_row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {"label": "", "version": 1, "deletion": False}
    for entry in entries:
        take(told, entry, "text", "label", "version", "visibility", "parent")
        if entry.verb in _WRITTEN:
            told |= {"author": str(entry.actor), "community": str(entry.community)}
            told["visibility"] = "public" if entry.verb == "post.published" else "held"
        elif entry.verb == "post.edited":
            told["visibility"] = "held" if entry.values.get("held") else "public"
        elif entry.verb in ("post.deleted", "post.withdrawn"):
            told["deletion"] = True
        if entry.verb == "post.withdrawn":
            told["text"] = ""
    if "author" not in told:
        return None
    emptied = told["text"] is ERASED or any(entry.verb == "post.withdrawn" for entry in entries)
    told["deletion"] = told["deletion"] or emptied
    told["earlier versions"] = 0 if emptied else told["version"] - 1
    return told


def _versions(ids: Iterable[int]) -> list[Row]:
    rows = PostVersion.objects.filter(pk__in=list(ids))
    return [Row(row.pk, f"urn:wardmote:post:{row.post_id}", {"text": row.text, "number": row.number}) for row in rows]


def _version_told(row: Row, entries: Sequence[Recorded]) -> Values | None:
    for entry in entries:
        number = 1 if entry.verb in _WRITTEN else entry.values.get("version")
        if number == row.shown["number"] and entry.verb in (*_WRITTEN, "post.edited"):
            told: Values = {}
            take(told, entry, "text")
            return told
    return None


def _profiles(ids: Iterable[int]) -> list[Row]:
    columns = ("handle", "display_name", "bio", "visibility", "label")
    rows = Profile.objects.filter(pk__in=list(ids))
    return [Row(row.pk, str(row.urn), {name: getattr(row, name) for name in columns}) for row in rows]


def _profile_told(row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {"bio": "", "label": "", "visibility": "public"}
    for entry in entries:
        take(told, entry, "handle", "display_name", "bio", "visibility", "label")
        if entry.verb == "profile.changed":
            told["visibility"] = "held" if entry.values.get("held") else "public"
        elif entry.verb == "profile.withdrawn":
            told |= {"display_name": "", "bio": "", "label": ""}
    if told.get("handle") is ERASED:
        # What is left of a name is a number, so that nobody takes it; who comes back may write other texts.
        told["handle"] = f"gone_{row.pk:x}"[:30]
        if not row.shown["label"]:
            # It went with the texts that it was on, and no entry says which of the two came last.
            del told["label"]
    return told if "handle" in told else None


def _members(ids: Iterable[int]) -> list[Row]:
    return [
        Row(
            row.pk,
            str(row.urn),
            {
                "role": row.role,
                "suspension": to_rfc3339(row.suspended_until) if row.suspended_until else None,
                "person": urn("person", row.person_id),
                "community": urn("community", row.community_id),
            },
        )
        for row in Membership.objects.filter(pk__in=list(ids))
    ]


def _member_told(_row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {"suspension": None}
    for entry in entries:
        take(told, entry, "role", suspension="until")
        if entry.verb == "member.joined":
            told |= {"person": str(entry.actor), "community": str(entry.community)}
    return told if "person" in told else None


def _communities(ids: Iterable[int]) -> list[Row]:
    return [
        Row(
            row.pk,
            str(row.urn),
            {
                "slug": row.slug,
                "title": row.title,
                "domain": row.domain,
                "state": row.state,
                "reason": row.state_reason,
                "until": to_rfc3339(row.state_until) if row.state_until else None,
            },
        )
        for row in Community.objects.filter(pk__in=list(ids))
    ]


def _community_told(_row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {"state": CommunityState.ACTIVE.value, "reason": "", "until": None}
    states = {state.value for state in CommunityState}
    for entry in entries:
        state = entry.verb.removeprefix("community.").replace("reinstated", CommunityState.ACTIVE.value)
        if entry.verb == "community.founded":
            take(told, entry, "slug", "title", "domain")
        elif entry.verb.startswith("community.") and state in states:
            told["state"] = state
            take(told, entry, "until", "reason")
        elif entry.verb.startswith("community."):
            take(told, entry, "slug", "title", "domain")
    return told if "slug" in told else None


def _policies(ids: Iterable[int]) -> list[Row]:
    rows = Policy.objects.filter(pk__in=list(ids)).prefetch_related("clauses")
    return [
        Row(
            row.pk,
            str(row.urn),
            {
                "number": row.number,
                "title": row.title,
                "hash": row.hash,
                "text": policy_hash(row.title, [clause.as_draft() for clause in row.clauses.all()]),
            },
        )
        for row in rows
    ]


def _notices(ids: Iterable[int]) -> list[Row]:
    columns = ("subject", "body", "kind", "about")
    rows = Notice.objects.filter(pk__in=list(ids))
    return [
        Row(
            row.pk,
            str(row.urn),
            {"in": (row.community_id, row.recipient_id), **{name: getattr(row, name) for name in columns}},
        )
        for row in rows
    ]


def _notice_told(row: Row, entries: Sequence[Recorded]) -> Values | None:
    told = plain("notice.sent", "subject", "body", "kind", "about")(row, entries)
    to_a_person = any(str(entry.values.get("recipient")).startswith("urn:wardmote:person:") for entry in entries)
    if told is not None and to_a_person and not row.shown["body"] and _has_erased(*row.shown["in"]):
        # The host's letters are to a person, who emptied them here as a member; the record keeps what the host wrote.
        told |= {"subject": "", "body": ""}
    return told


def _has_erased(community_id: int, person_id: int) -> bool:
    members = Membership.objects.filter(community_id=community_id, person_id=person_id)
    entries = by_subject([member.urn for member in members])
    return any(entry.verb == ERASURE for told in entries.values() for entry in told)


def _deliveries(ids: Iterable[int]) -> list[Row]:
    rows = Delivery.objects.filter(pk__in=list(ids))
    return [
        Row(
            row.pk,
            f"urn:wardmote:notice:{row.notice_id}",
            {
                "by mail": row.channel == Channel.EMAIL and row.delivered_at is not None,
                "content_hash": row.content_hash,
            },
        )
        for row in rows
    ]


def _delivery_told(row: Row, entries: Sequence[Recorded]) -> Values | None:
    if not row.shown["by mail"]:
        return {}
    told: Values = {}
    for entry in entries:
        if entry.verb == "notice.delivered":
            take(told, entry, "content_hash")
    return told or None


def _people(ids: Iterable[int]) -> list[Row]:
    rows = Person.objects.filter(pk__in=list(ids))
    return [Row(row.pk, str(row.urn), {"host_staff": row.is_host_staff}) for row in rows]


def _keys(ids: Iterable[int]) -> list[Row]:
    return [
        Row(
            row.pk,
            str(row.urn),
            {
                "scopes": row.scopes,
                "requests_per_minute": row.requests_per_minute,
                "texts_per_day": row.texts_per_day,
                "revocation": row.revoked_at is not None,
            },
        )
        for row in ApiKey.objects.filter(pk__in=list(ids))
    ]


def _key_told(_row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {"revocation": any(entry.verb == "key.revoked" for entry in entries)}
    for entry in entries:
        take(told, entry, "scopes", "requests_per_minute", "texts_per_day")
    return told if "scopes" in told else None


KINDS = (
    Kind("logins", Person, _people, plain("person.registered", "host_staff"), {"person.registered": of_subject}),
    Kind("keys", ApiKey, _keys, _key_told, {"key.issued": of_subject}),
    Kind("communities", Community, _communities, _community_told, {"community.founded": of_subject}),
    Kind(
        "policies",
        Policy,
        _policies,
        plain("policy.published", "number", "title", "hash", text="hash"),
        {"policy.published": of_subject},
    ),
    Kind("members", Membership, _members, _member_told, {"member.joined": of_subject}),
    Kind("profiles", Profile, _profiles, _profile_told, {"profile.created": of_subject}),
    Kind("posts", Post, _posts, _post_told, dict.fromkeys(_WRITTEN, of_subject)),
    Kind("earlier versions of posts", PostVersion, _versions, _version_told),
    Kind("letters", Notice, _notices, _notice_told, {"notice.sent": of_subject}),
    Kind("deliveries by mail", Delivery, _deliveries, _delivery_told),
)
