"""The reckoning: the book of what was acknowledged against what the installation has stored, said and sent."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from benchmarks.kills.book import Book, Faults, Write
from benchmarks.kills.people import ANCHOR

_TOKEN = re.compile(r"kq\d{7}")
_ONCE = ("post.published", "post.held", "report.filed", "appeal.filed", "appeal.decided", "notice.sent")
"""Verbs that can be said of one subject only once."""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """One kind of write: how many were acknowledged, cut off at least once, sent again, and what became of them.

    `unanswered`: never acknowledged and yet stored, once. `refused`: answered with no. `denied`: of those, stored.
    """

    kind: str
    acknowledged: int
    cut: int
    retried: int
    refused: int
    unanswered: int
    denied: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]


def reckon(book: Book) -> list[Reckoned]:
    """Every kind that has a word of its own in what is stored."""
    stored: dict[str, Callable[[], Counter[str]]] = {
        "post": lambda: _in_first_texts(replies=False),
        "reply": lambda: _in_first_texts(replies=True),
        "edit": _in_later_texts,
        "report": lambda: _words("Report", "comment"),
        "decision": lambda: _words("Decision", "reason"),
        "appeal": lambda: _words("Appeal", "text"),
        "hearing": lambda: _words("Appeal", "outcome_reason"),
        "event": lambda: _words("OutsideEvent", "event_id"),
    }
    return [_reckon(kind, book.of(kind), count()) for kind, count in stored.items()] + [_follows(book.of("follow"))]


def _reckon(kind: str, writes: list[Write], stored: Counter[str]) -> Reckoned:
    silent = [write for write in writes if not write.acknowledged and stored[write.token]]
    return Reckoned(
        kind,
        sum(write.acknowledged for write in writes),
        sum(write.cut > 0 for write in writes),
        sum(write.retried for write in writes),
        sum(write.refused > 0 for write in writes),
        len([write for write in silent if not write.refused]),
        len([write for write in silent if write.refused]),
        tuple(write.token for write in writes if write.acknowledged and not stored[write.token]),
        tuple(write.token for write in writes if stored[write.token] > 1),
    )


def _model(name: str, app: str = "moderation") -> Any:
    from django.apps import apps

    return apps.get_model(app, name)


def _count(texts: Iterable[str]) -> Counter[str]:
    return Counter(word for text in texts for word in _TOKEN.findall(text))


def _words(model: str, column: str) -> Counter[str]:
    return _count(_model(model).objects.values_list(column, flat=True))


def _texts_of_posts(*, replies: bool | None = None) -> dict[int, list[str]]:
    """The texts that each post has had, in order."""
    posts = _model("Post", "network").objects.order_by("pk")
    if replies is not None:
        posts = posts.filter(parent__isnull=not replies)
    texts: dict[int, list[str]] = {pk: [] for pk in posts.values_list("pk", flat=True)}
    versions = _model("PostVersion", "network").objects.order_by("post_id", "number")
    for post_id, text in versions.values_list("post_id", "text"):
        if post_id in texts:
            texts[post_id].append(text)
    for post_id, text in posts.values_list("pk", "text"):
        texts[post_id].append(text)
    return texts


def _in_first_texts(*, replies: bool) -> Counter[str]:
    return _count(texts[0] for texts in _texts_of_posts(replies=replies).values())


def _in_later_texts() -> Counter[str]:
    return _count(text for texts in _texts_of_posts().values() for text in texts[1:])


def _follows(writes: list[Write]) -> Reckoned:
    """Whom one follows is a state, not an event: it is what the last of those says that were answered."""
    rows = _model("Follow", "network").objects.values_list("follower__handle", "followed__handle")
    there = Counter(tuple(row) for row in rows)
    last: dict[tuple[str, str], Write] = {}
    for write in writes:
        last[write.about[0], write.about[1]] = write
    known = {pair: write for pair, write in last.items() if write.acknowledged}
    wrong = [write.token for pair, write in known.items() if (write.about[2] == "follow") != (there[pair] > 0)]
    whole = _reckon("follow", writes, Counter())
    twice = tuple("->".join(pair) for pair, count in there.items() if count > 1)
    return Reckoned("follow", whole.acknowledged, whole.cut, whole.retried, whole.refused, 0, 0, tuple(wrong), twice)


def check_record(faults: Faults) -> None:
    """Each thing is on the record as often as it is in the tables, and every receipt proves its entry."""
    from wardmote.ledger import Leaf, LedgerError, verify_receipt
    from wardmote.outside.signing import record_verifier
    from wardmote.record.models import Entry
    from wardmote.record.queries import inclusion_receipt

    verbs: Counter[str] = Counter()
    said: Counter[tuple[str, str]] = Counter()
    key = record_verifier()
    for entry_id, raw in list(Entry.objects.values_list("pk", "leaf")):
        leaf = Leaf.decode(bytes(raw))
        verbs[leaf.verb] += 1
        said[leaf.verb, str(leaf.subject)] += 1
        receipt = inclusion_receipt(entry_id)
        if receipt is None:
            faults.add(f"entry {entry_id} ({leaf.verb}) has no place in the log")
            continue
        try:
            verify_receipt(receipt, key)
        except LedgerError as error:
            faults.add(f"the receipt of entry {entry_id} proves nothing: {error}")
    for (verb, subject), count in said.items():
        if verb in _ONCE and count > 1:
            faults.add(f"{verb} is on the record {count} times about {subject}")
    for what, on_record, stored in (
        ("posts", verbs["post.published"] + verbs["post.held"], _rows("Post", "network")),
        ("edits", verbs["post.edited"], _rows("PostVersion", "network")),
        ("reports", verbs["report.filed"], _rows("Report") + _rows("OutsideReport")),
        ("decisions", verbs["case.decided"] + verbs["case.corrected"], _rows("Decision")),
        ("appeals", verbs["appeal.filed"], _rows("Appeal")),
        ("notices", verbs["notice.sent"], _rows("Notice", "notices")),
    ):
        if on_record != stored:
            faults.add(f"{what}: {on_record:,} on the record, {stored:,} stored")
    faults.remarks.append(f"{sum(verbs.values()):,} entries on the record, each with a receipt that holds")


def _rows(model: str, app: str = "moderation") -> int:
    return int(_model(model, app).objects.count())


def check_feeds(faults: Faults) -> None:
    """What the one wrote whom all have followed from the beginning is in every feed, once."""
    profiles = _model("Profile", "network").objects
    anchor = profiles.get(handle=ANCHOR)
    followers = set(profiles.filter(following__followed=anchor).values_list("pk", flat=True))
    posts = _model("Post", "network").objects.filter(author=anchor, parent=None, visibility="public", deleted_at=None)
    entries = _model("HomeEntry", "network").objects
    for post_id in posts.values_list("pk", flat=True):
        there = Counter(entries.filter(post_id=post_id).values_list("member_id", flat=True))
        missing = followers - set(there)
        if missing or any(count > 1 for count in there.values()):
            faults.add(f"post {post_id} is missing in {len(missing)} feeds, or twice in one")
