"""People, communities and what members write."""

from collections.abc import Iterable, Sequence

from django.db.models import Count

from wardmote.communities.models import Community, Membership, Policy
from wardmote.communities.policy import CommunityState, SignUp, policy_hash
from wardmote.config.tables.kinds import ERASED, Kind, Row, Values, at, dated, of_subject, plain, take, urn
from wardmote.kernel.handles import gone_handle
from wardmote.kernel.ids import moment_of
from wardmote.network.models import Post, PostVersion, Profile
from wardmote.network.policy import Visibility
from wardmote.people.models import ApiKey, Person
from wardmote.record.queries import Recorded

_WRITTEN = ("post.published", "post.held")


def _posts(ids: Iterable[int]) -> list[Row]:
    posts = Post.objects.filter(pk__in=list(ids)).select_related("parent").annotate(earlier=Count("versions"))
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
                "root": urn("post", post.root_id),
                "source": [post.source, post.source_id],
                "created_at": at(post.created_at),
                "edited_at": at(post.edited_at),
                "deleted_at": at(post.deleted_at),
            },
            {"thread": urn("post", (post.parent.root_id or post.parent_id) if post.parent else None)},
        )
        for post in posts
    ]


def _post_told(row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {"label": "", "version": 1, "deletion": False, "root": row.beside["thread"], "edited_at": None}
    for entry in entries:
        take(told, entry, "text", "label", "version", "visibility", "parent")
        if entry.verb in _WRITTEN:
            told |= {"author": str(entry.actor), "community": str(entry.community)}
            told["visibility"] = Visibility.PUBLIC.value if entry.verb == "post.published" else Visibility.HELD.value
            told["created_at"] = _written_at(row.pk, entry)
            if "source_id" in entry.values:
                told["source"] = [entry.values.get("source") or "", entry.values["source_id"] or ""]
        elif entry.verb == "post.edited":
            told["edited_at"] = at(entry.time)
            told["visibility"] = Visibility.HELD.value if entry.values.get("held") else Visibility.PUBLIC.value
        elif entry.verb in ("post.deleted", "post.withdrawn"):
            told["deletion"] = True
            told.setdefault("deleted_at", at(entry.time))
        if entry.verb == "post.withdrawn":
            told["text"] = ""
    if "author" not in told:
        return None
    emptied = told["text"] is ERASED or any(entry.verb == "post.withdrawn" for entry in entries)
    told["deletion"] = told["deletion"] or emptied
    if told["text"] is ERASED and not any(entry.verb == "post.deleted" for entry in entries):
        # Its author's erasure took it out of sight, which is on record with its author.
        told.pop("deleted_at", None)
    told["earlier versions"] = 0 if emptied else told["version"] - 1
    return told


def _written_at(post_id: int, entry: Recorded) -> str | None:
    """When a post was written: as its entry, or where it was brought in, what its id was made for."""
    return at(moment_of(post_id) if entry.values.get("source") else entry.time)


def _versions(ids: Iterable[int]) -> list[Row]:
    rows = PostVersion.objects.filter(pk__in=list(ids))
    return [
        Row(
            row.pk,
            f"urn:wardmote:post:{row.post_id}",
            {"text": row.text, "number": row.number, "written_at": at(row.written_at)},
        )
        for row in rows
    ]


def _version_told(row: Row, entries: Sequence[Recorded]) -> Values | None:
    for entry in entries:
        number = 1 if entry.verb in _WRITTEN else entry.values.get("version")
        if number == row.shown["number"] and entry.verb in (*_WRITTEN, "post.edited"):
            told: Values = {"written_at": _written_at(entry.subject.id, entry)}
            take(told, entry, "text")
            return told
    return None


def _profiles(ids: Iterable[int]) -> list[Row]:
    columns = ("handle", "display_name", "bio", "visibility", "label")
    rows = Profile.objects.filter(pk__in=list(ids))
    return [
        Row(
            row.pk,
            str(row.urn),
            {
                **{name: getattr(row, name) for name in columns},
                "community": urn("community", row.community_id),
                "created_at": at(row.created_at),
            },
        )
        for row in rows
    ]


def _profile_told(row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {"bio": "", "label": "", "visibility": Visibility.PUBLIC.value}
    for entry in entries:
        take(told, entry, "handle", "display_name", "bio", "visibility", "label")
        if entry.verb == "profile.changed":
            told["visibility"] = Visibility.HELD.value if entry.values.get("held") else Visibility.PUBLIC.value
        elif entry.verb == "profile.withdrawn":
            told |= {"display_name": "", "bio": "", "label": ""}
    if told.get("handle") is ERASED:
        # What is left of a name is a number, so that nobody takes it; who comes back may write other texts.
        told["handle"] = gone_handle(row.pk)
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
                "suspension": at(row.suspended_until),
                "person": urn("person", row.person_id),
                "community": urn("community", row.community_id),
                "joined_at": at(row.joined_at),
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
                "tagline": row.tagline,
                "description": row.description,
                "contact": row.contact,
                "sign_up": row.sign_up,
                "domain": row.domain,
                "state": row.state,
                "reason": row.state_reason,
                "until": at(row.state_until),
                "since": at(row.state_since),
                "created_at": at(row.created_at),
                "help_lines": row.help_lines,
            },
        )
        for row in Community.objects.filter(pk__in=list(ids))
    ]


def _community_told(_row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {"state": CommunityState.ACTIVE.value, "reason": "", "until": None, "since": None}
    told |= {"help_lines": "", "description": "", "contact": "", "sign_up": SignUp.OPEN.value}
    states = {state.value for state in CommunityState}
    for entry in entries:
        state = entry.verb.removeprefix("community.").replace("reinstated", CommunityState.ACTIVE.value)
        if entry.verb == "community.founded":
            take(told, entry, "slug", "title", "domain")
        elif entry.verb.startswith("community.") and state in states:
            told |= {"state": state, "since": None if state == CommunityState.ACTIVE else at(entry.time)}
            take(told, entry, "until", "reason")
        elif entry.verb == "community.changed":
            # A tagline from before it could be changed here is on no entry.
            take(told, entry, "title", "tagline", "description", "contact", "sign_up")
        elif entry.verb.startswith("community."):
            take(told, entry, "slug", "title", "domain", "help_lines")
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
                "community": urn("community", row.community_id),
                "published_at": at(row.published_at),
                "text": policy_hash(row.title, [clause.as_draft() for clause in row.clauses.all()]),
            },
        )
        for row in rows
    ]


def _people(ids: Iterable[int]) -> list[Row]:
    rows = Person.objects.filter(pk__in=list(ids))
    return [Row(row.pk, str(row.urn), {"host_staff": row.is_host_staff}) for row in rows]


def _person_told(_row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {}
    for entry in entries:
        take(told, entry, "host_staff")
    return told or None


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
    Kind("logins", Person, _people, _person_told, {"person.registered": of_subject}),
    Kind("keys", ApiKey, _keys, _key_told, {"key.issued": of_subject}),
    Kind(
        "communities",
        Community,
        _communities,
        dated(_community_told, "community.founded", "created_at"),
        {"community.founded": of_subject},
    ),
    Kind(
        "policies",
        Policy,
        _policies,
        dated(plain("policy.published", "number", "title", "hash", text="hash"), "policy.published", "published_at"),
        {"policy.published": of_subject},
    ),
    Kind(
        "members",
        Membership,
        _members,
        dated(_member_told, "member.joined", "joined_at"),
        {"member.joined": of_subject},
    ),
    Kind(
        "profiles",
        Profile,
        _profiles,
        dated(_profile_told, "profile.created", "created_at"),
        {"profile.created": of_subject},
    ),
    Kind("posts", Post, _posts, _post_told, dict.fromkeys(_WRITTEN, of_subject)),
    Kind("earlier versions of posts", PostVersion, _versions, _version_told),
)
