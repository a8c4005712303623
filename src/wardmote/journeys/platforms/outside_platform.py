"""An outside platform is a community whose posts live elsewhere: it tells what happens, and hears what is decided."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction

from wardmote.communities.policy import Severity
from wardmote.communities.queries import current_policy
from wardmote.journeys.steps import second_opinion
from wardmote.journeys.steps.permission import owner
from wardmote.journeys.steps.quarantine import lock
from wardmote.journeys.steps.screening import Locked, screen_text
from wardmote.kernel.errors import Conflict, Invalid
from wardmote.kernel.texts import identity, is_blank, is_name
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.ledger import Json
from wardmote.moderation import operations as moderation
from wardmote.moderation import queries
from wardmote.moderation.models import OutsidePost
from wardmote.moderation.policy import ReportReason, Route, Screened, Source
from wardmote.moderation.policy.drafts import CaseDraft
from wardmote.moderation.policy.outside import OUTSIDE_TEXT_LIMIT, EventKind
from wardmote.network.policy import BIO_LIMIT, Visibility, clean_text
from wardmote.outside.webhook import check_url, secret_of
from wardmote.people import operations as people


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened there. `source` and `id` name it for good; `post_id` names the post."""

    source: str
    id: str
    kind: EventKind
    post_id: str
    url: str = ""
    author: str = ""
    text: str = ""
    reporter: str = ""
    reason: ReportReason = ReportReason.OTHER
    comment: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of all of it."""
        told = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an event; `again`: it was told before, and nothing was done now."""

    answer: Mapping[str, Json]
    again: bool = False


def take_event(*, community_id: int, key_id: int, event: Event, now: datetime) -> Taken:
    """Take in one event. The same one again gives the same answer; Conflict: another was told under its name."""
    known = queries.known_event(community_id=community_id, source=event.source, event_id=event.id)
    if known is not None:
        if known[0] != event.digest:
            raise Conflict("Another event was told under this source and id.")
        return Taken(known[1], again=True)
    _check(event)
    actor = Urn("api_key", key_id)
    if event.kind is EventKind.DELETE:
        screened = None
    else:
        try:
            screened = screen_text(community_id=community_id, text=_text(community_id, event))
        except Locked as found:
            return _locked(found, community_id, event, key_id=key_id, now=now)
    with transaction.atomic(durable=True):
        people.hold_key(key_id=key_id)
        if screened is None:
            moderation.delete_outside_post(
                community_id=community_id, source=event.source, source_id=event.post_id, actor=actor, now=now
            )
            answer: dict[str, Json] = {"route": None, "case": None}
        elif event.kind is EventKind.REPORT:
            answer = _report(community_id, event, screened, actor=actor, now=now)
        else:
            answer = _post(community_id, event, screened, actor=actor, now=now)
        moderation.keep_event(
            community_id=community_id,
            source=event.source,
            event_id=event.id,
            digest=event.digest,
            answer=answer,
            now=now,
        )
    return Taken(answer)


def set_webhook(*, community_id: int, url: str, actor: Urn, now: datetime) -> str:
    """Set where decisions are told, and give the secret by which the receiver knows them; an empty URL ends it."""
    if url:
        check_url(url)
    with transaction.atomic(durable=True):
        _still_allowed(community_id, actor, now=now)
        webhook = moderation.set_webhook(community_id=community_id, url=url, actor=actor, now=now)
    return secret_of(webhook.secret_id) if url else ""


def set_webhook_as_owner(*, community_id: int, member_id: int, url: str, now: datetime) -> str:
    """The owner sets where decisions are told; gives the secret where it is a new webhook, else an empty string.

    An empty URL ends it. Refused for anybody else, Invalid for an address that cannot be sent to.
    """
    owner(community_id=community_id, member_id=member_id, now=now)
    known = queries.webhook(community_id=community_id) is not None
    secret = set_webhook(community_id=community_id, url=url, actor=Urn("member", member_id), now=now)
    return "" if known else secret


def renew_secret(*, community_id: int, member_id: int, now: datetime) -> str:
    """The owner has a new secret made; gives it, once. The one before goes on signing for a day."""
    with transaction.atomic(durable=True):
        owner(community_id=community_id, member_id=member_id, now=now, lock=True)
        webhook = moderation.renew_secret(community_id=community_id, actor=Urn("member", member_id), now=now)
    return secret_of(webhook.secret_id)


def resend_as_owner(*, community_id: int, member_id: int, delivery_id: int, now: datetime) -> None:
    """The owner has a message sent again."""
    owner(community_id=community_id, member_id=member_id, now=now)
    resend(community_id=community_id, delivery_id=delivery_id, actor=Urn("member", member_id), now=now)


def resend(*, community_id: int, delivery_id: int, actor: Urn, now: datetime) -> None:
    """Send a message again."""
    with transaction.atomic(durable=True):
        _still_allowed(community_id, actor, now=now)
        moderation.resend(community_id=community_id, delivery_id=delivery_id, actor=actor, now=now)


def _still_allowed(community_id: int, actor: Urn, *, now: datetime) -> None:
    """Who asks by a key has one that still opens; a member still owns the community; the command line may."""
    if actor.kind == "api_key":
        people.hold_key(key_id=actor.id)
    elif actor.kind == "member":
        owner(community_id=community_id, member_id=actor.id, now=now, lock=True)


def _check(event: Event) -> None:
    for name, limit in (("source", 80), ("id", 200), ("post_id", 200)):
        value = getattr(event, name)
        if not is_name(value, limit=limit):
            raise Invalid(f"{name} is 1 to {limit} characters, none of them a control character.", field=name)
    for name in ("author", "reporter"):
        value = getattr(event, name)
        if value and not is_name(value, limit=200):
            raise Invalid(f"{name} is at most 200 characters, none of them a control character.", field=name)
    if event.url and not _is_web_address(event.url):
        raise Invalid("url is an http or https address of at most 500 ASCII characters.", field="url")
    if event.kind is EventKind.REPORT and not event.reporter:
        raise Invalid("A report needs its reporter's id, so that one person counts once.", field="reporter")


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= 500
    return plain and parts.scheme in ("http", "https") and bool(parts.hostname)


def _text(community_id: int, event: Event) -> str:
    """The text that the event is about: its own, or the one that was told before."""
    known = queries.outside_post(community_id=community_id, source=event.source, source_id=event.post_id)
    if known is None and not event.url:
        message = "This post was not told of before: give its url and its text here, or tell of it and send this again."
        raise Invalid(message, field="url")
    text = event.text
    if event.kind is EventKind.REPORT and not text and known is not None:
        text = known.text
    if event.kind is EventKind.POST and known is not None and not known.is_told and known.deleted_at is None:
        # An edit or a report overtook the post on the way: what they told is the newer text.
        text = known.text
    if is_blank(text):
        raise Invalid("There is no text to judge.", field="text")
    if len(text) > OUTSIDE_TEXT_LIMIT or "\0" in text:
        raise Invalid(f"text is at most {OUTSIDE_TEXT_LIMIT:,} characters, none of them NUL.", field="text")
    return text


def _post(community_id: int, event: Event, screened: Screened, *, actor: Urn, now: datetime) -> dict[str, Json]:
    post = _keep(community_id, event, screened, actor=actor, now=now)
    (screening_id,) = moderation.store_screenings(community_id=community_id, screened=[(post.url, screened)], now=now)
    routing = screened.routing
    case = None
    moderation.note_text(
        community_id=community_id,
        subject=post.url,
        author_id=None,
        text=screened.text,
        context={"path": post.url},
        screening_id=screening_id,
        now=now,
    )
    if routing.route is not Route.PUBLISH:
        policy = current_policy(community_id=community_id)
        clause = policy.clause(routing.clause_key) if policy else None
        draft = CaseDraft(
            community_id=community_id,
            subject=post.url,
            author_id=None,
            text=screened.text,
            context={"path": post.url},
            category=routing.category,
            severity=clause.severity if clause else Severity.LOW,
            source=Source.SCREENING,
            score=routing.score,
            held=routing.route is Route.HOLD,
            screening_id=screening_id,
        )
        case = moderation.open_case(draft, actor=SYSTEM, now=now)
        second_opinion.want(case_id=case.pk, priority=case.priority, routing=routing, now=now)
    # What waits for a person waits on, and what one has removed stays so, whatever its newest words score.
    held = queries.holding_case(community_id=community_id, subject=post.url)
    judgement = queries.judgement_of(community_id=community_id, subject=post.url)
    unseen = judgement.visibility in (Visibility.HELD, Visibility.REMOVED)
    return {
        "route": Route.HOLD.value if unseen else routing.route.value,
        "clause": routing.clause_key or None,
        "scores": dict(screened.scores),
        "case": str(case.pk) if case else str(held) if held else None,
    }


def _locked(found: Locked, community_id: int, event: Event, *, key_id: int, now: datetime) -> Taken:
    """The platform hears that it is not to show the post, and no more; the text is kept in the lane alone."""
    known = queries.outside_post(community_id=community_id, source=event.source, source_id=event.post_id)
    lock(found, community_id=community_id, author_id=None, subject=known.url if known else event.url, now=now)
    answer: dict[str, Json] = {"route": Route.HOLD.value, "clause": None, "scores": {}, "case": None}
    with transaction.atomic(durable=True):
        people.hold_key(key_id=key_id)
        moderation.keep_event(
            community_id=community_id,
            source=event.source,
            event_id=event.id,
            digest=event.digest,
            answer=answer,
            now=now,
        )
    return Taken(answer)


def _report(community_id: int, event: Event, screened: Screened, *, actor: Urn, now: datetime) -> dict[str, Json]:
    known = queries.outside_post(community_id=community_id, source=event.source, source_id=event.post_id)
    moderation.hold_subject(community_id=community_id, subject=known.url if known else event.url)
    if known is None or known.text != screened.text:
        _keep(community_id, event, screened, actor=actor, now=now)
    # The URL that was told first: it is what the post's cases are named by.
    url = known.url if known else event.url
    comment = clean_text(event.comment, limit=BIO_LIMIT, field="comment", required=False)
    category = event.reason.category
    policy = current_policy(community_id=community_id)
    clause = next((c for c in policy.clauses if c.category == category), None) if policy else None
    (screening_id,) = moderation.store_screenings(community_id=community_id, screened=[(url, screened)], now=now)
    draft = CaseDraft(
        community_id=community_id,
        subject=url,
        author_id=None,
        text=screened.text,
        context={"path": url},
        category=category,
        severity=clause.severity if clause else Severity.LOW,
        source=Source.REPORT,
        score=screened.highest,
        screening_id=screening_id,
    )
    case = moderation.open_case(draft, actor=actor, now=now)
    moderation.file_outside_report(
        community_id=community_id,
        case=case,
        reporter=identity(event.reporter),
        reason=event.reason,
        comment=comment,
        actor=actor,
        now=now,
    )
    return {"route": None, "case": str(case.pk)}


def _keep(community_id: int, event: Event, screened: Screened, *, actor: Urn, now: datetime) -> OutsidePost:
    return moderation.keep_outside_post(
        community_id=community_id,
        source=event.source,
        source_id=event.post_id,
        url=event.url,
        author=identity(event.author),
        screened=screened,
        kind=event.kind,
        actor=actor,
        now=now,
    )
