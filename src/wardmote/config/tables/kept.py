"""The texts that cases keep: each is one that was written, is its author's, and is empty only where it was erased."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta

from wardmote.config.tables.kinds import ERASED, Row, Values, hashed, take, urn
from wardmote.ledger.leaf import ERASED as ERASURE
from wardmote.moderation.models import Case, Item, OutsidePost, QuarantinedCase
from wardmote.moderation.policy.outside import is_url
from wardmote.network.policy import profile_text
from wardmote.record.queries import Recorded, by_subject
from wardmote.upstream.models import Item as HostsItem

Place = tuple[int, str]
"""A community, and the thing there that a text was in: a URN of ours or the URL of somebody else's post."""
Entries = Mapping[str, Sequence[Recorded]]

WITHDRAWN = ("case.closed", "outside_post.deleted", "post.withdrawn", "profile.withdrawn")
"""What is said of a thing or its case when the texts that are kept of it are emptied with it."""
APART = timedelta(hours=2)
"""So far apart may the clocks of two processes be; as far as entries may be misdated."""


def snapshots(ids: Iterable[int]) -> list[Row]:
    """A snapshot has no entry of its own: what was written and what cases about it name bind it by its hash."""
    items = list(Item.objects.filter(pk__in=list(ids)))
    places = {(item.community_id, item.subject) for item in items}
    spoken = names_of(places)
    cases = _cases(places)
    authors = {urn("member", item.author_id) for item in items if item.author_id and not item.text}
    entries = by_subject(
        {*spoken.values(), *(case for found in cases.values() for case in found), *filter(None, authors)}
    )
    return [_row(item, spoken, cases, entries) for item in items]


def names_of(places: Iterable[Place]) -> dict[Place, str]:
    """The URN under which the record speaks of each; none for a URL of which no post is known."""
    found = {place: place[1] for place in places if not is_url(place[1])}
    urls = {place for place in places if is_url(place[1])}
    for post in OutsidePost.objects.filter(url__in=[url for _, url in urls]):
        if (post.community_id, post.url) in urls:
            found[post.community_id, post.url] = str(post.urn)
    return found


def _cases(places: Iterable[Place]) -> dict[Place, list[str]]:
    found: defaultdict[Place, list[str]] = defaultdict(list)
    for case in Case.objects.filter(subject__in=[subject for _, subject in places]):
        found[case.community_id, case.subject].append(str(case.urn))
    return found


def _row(item: Item, spoken: Mapping[Place, str], cases: Mapping[Place, list[str]], entries: Entries) -> Row:
    place = item.community_id, item.subject
    about = entries.get(spoken.get(place, ""), ())
    judged = [entry for case in cases.get(place, ()) for entry in entries[case]]
    known = {entry.values.get("content_hash") for entry in judged} | set(_written(item, about))
    author = urn("member", item.author_id)
    return Row(
        item.pk,
        "",
        {
            "text": hashed(item.text) if item.text else "",
            "content_hash": item.content_hash,
            "erasure": item.erased_at is not None,
            "author": author,
            "community": urn("community", item.community_id),
        },
        {
            "known": known,
            "erased": not item.text and _let_go(item, [*about, *judged, *entries.get(author or "", ())]),
            "author": _author(about),
            "community": next((str(entry.community) for entry in about), None),
        },
    )


def _written(item: Item, about: Sequence[Recorded]) -> Iterator[str]:
    """The hash of every text that the thing is on record to have said, and of what the host saw in its place."""
    said: Values = {"display_name": "", "bio": ""}
    for entry in about:
        take(said, entry, "display_name", "bio")
        if entry.verb == "profile.withdrawn":
            said = {"display_name": "", "bio": ""}
        if isinstance(text := entry.values.get("text"), str):
            yield hashed(text)
        if isinstance(digest := entry.values.get("content_hash"), str):
            yield digest
        if ERASED not in said.values():
            yield hashed(profile_text(said["display_name"], said["bio"]))
    if item.subject.startswith("urn:wardmote:upstream_item:"):
        yield from HostsItem.objects.filter(pk=int(item.subject.rpartition(":")[2])).values_list(
            "capture_hash", flat=True
        )


def _author(about: Sequence[Recorded]) -> str | None:
    for entry in about:
        if entry.verb in ("post.published", "post.held", "profile.created"):
            return str(entry.actor)
    return None


def _let_go(item: Item, entries: Sequence[Recorded]) -> bool:
    """Whether something that empties it is on record, after it was taken and before it was emptied."""
    if item.erased_at is None:
        return False
    since = item.taken_at - APART
    if any(e.verb in (ERASURE, *WITHDRAWN) and since <= e.time <= item.erased_at + APART for e in entries):
        return True
    # An outside post is locked away without an entry that names it.
    locked = QuarantinedCase.objects.filter(community_id=item.community_id, subject=item.subject)
    return locked.filter(opened_at__gte=since, opened_at__lte=item.erased_at).exists()


def snapshot_told(row: Row, _entries: Sequence[Recorded]) -> Values:
    """What the record says of a snapshot."""
    beside, shown = row.beside, row.shown
    told: Values = {"author": beside["author"], "erasure": not shown["text"]}
    if beside["community"] is not None:
        told["community"] = beside["community"]
    if shown["text"] or not beside["erased"]:
        # Of what was erased the hash is left, and nothing to hold it against but the cases that name it.
        told["text"] = shown["content_hash"]
        if shown["content_hash"] not in beside["known"]:
            told["content_hash"] = beside["known"]
    return told


def was_deleted(places: Iterable[Place]) -> set[Place]:
    """Which of these are posts of an outside platform that it deleted."""
    spoken = {place: name for place, name in names_of(places).items() if is_url(place[1])}
    entries = by_subject(spoken.values()) if spoken else {}
    return {p for p, name in spoken.items() if any(e.verb == "outside_post.deleted" for e in entries[name])}
