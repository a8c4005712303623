"""The addresses that only a server with communities has: events in, decisions out, lists asked."""

from typing import Any

from wardmote.communities import queries as communities
from wardmote.communities.queries import CommunityView
from wardmote.edges.moderation_api import events, match
from wardmote.edges.moderation_api.endpoints import Asked, Work, ends_piece
from wardmote.edges.moderation_api.openai.refusals import invalid
from wardmote.edges.moderation_api.router import Route
from wardmote.edges.moderation_api.wire import Refusal
from wardmote.edges.ui.refusals import status_of
from wardmote.journeys.owners import known_lists
from wardmote.journeys.platforms import outside_platform
from wardmote.kernel.clock import to_rfc3339
from wardmote.kernel.errors import Invalid, WardmoteError
from wardmote.kernel.ids import MAX_ID
from wardmote.kernel.urn import Urn
from wardmote.moderation import queries as moderation
from wardmote.people.policy import Scope, Terms

_CODES = {404: "not_found", 409: "conflict", 400: "invalid_value"}


def refusal_of(error: WardmoteError) -> Refusal:
    """An error of the house as a refusal. Clients of OpenAI's interface know 400 for what is wrong in a request."""
    status = 400 if isinstance(error, Invalid) else status_of(error)
    return Refusal(status, str(error), code=_CODES.get(status, "refused"), field=getattr(error, "field", None) or None)


def take_events(asked: Asked) -> Work:
    """`POST /v1/events`: each event by itself, in order; one that is refused does not keep back the others."""
    told = events.read_events(asked.content)
    asked.spend([events.text_of(event) for event in told])
    results = []
    for number, event in enumerate(told):
        if ends_piece(number, len(told)):
            yield
        results.append(events.name_of(event) | _take(asked, event))
    return {"results": results}


def _take(asked: Asked, content: Any) -> dict[str, Any]:
    try:
        taken = outside_platform.take_event(
            community_id=_community(asked),
            key_id=int(asked.admission.terms.key_id),
            event=events.read_event(content),
            now=asked.dependencies.now(),
        )
    except WardmoteError as error:
        return _refused(refusal_of(error))
    except Refusal as refusal:
        return _refused(refusal)
    return {**taken.answer, "again": taken.again}


def _refused(refusal: Refusal) -> dict[str, Any]:
    return {"error": {"message": str(refusal), "code": refusal.code, "param": refusal.field}}


def show_webhook(asked: Asked) -> dict[str, Any]:
    """`GET /v1/webhook`."""
    found = moderation.webhook(community_id=_community(asked))
    return {"url": found.url if found else None}


def set_webhook(asked: Asked) -> dict[str, Any]:
    """`POST /v1/webhook`: where decisions are told; the answer has the secret. An empty or absent URL ends it."""
    content = asked.content
    if not isinstance(content, dict) or set(content) - {"url"} or not isinstance(content.get("url") or "", str):
        raise invalid("The body must be a JSON object with a url.", "url", "invalid_type")
    url = content.get("url") or ""
    try:
        secret = outside_platform.set_webhook(
            community_id=_community(asked), url=url, actor=_actor(asked), now=asked.dependencies.now()
        )
    except WardmoteError as error:
        raise refusal_of(error) from error
    return {"url": url or None, "secret": secret or None}


def list_deliveries(asked: Asked) -> dict[str, Any]:
    """`GET /v1/webhook/deliveries`: the newest messages, and how each try of them went."""
    found = moderation.deliveries(community_id=_community(asked))
    return {
        "deliveries": [
            {
                "id": str(delivery.delivery_id),
                "decision": str(delivery.decision_id),
                "event": delivery.event,
                "state": delivery.state.value,
                "created_at": to_rfc3339(delivery.created_at),
                "delivered_at": to_rfc3339(delivery.delivered_at) if delivery.delivered_at else None,
                "tries": [
                    {"at": to_rfc3339(t.at), "status": t.status, "reply": t.reply, "content_hash": t.content_hash}
                    for t in delivery.log
                ],
            }
            for delivery in found
        ]
    }


def resend(asked: Asked) -> dict[str, Any]:
    """`POST /v1/webhook/deliveries/ID/resend`."""
    number, _, verb = asked.head.path.removeprefix("/v1/webhook/deliveries/").partition("/")
    if verb != "resend" or not (number.isascii() and number.isdigit() and len(number) < 20 and int(number) <= MAX_ID):
        raise Refusal(404, "There is nothing at this address.", code="not_found")
    try:
        outside_platform.resend(
            community_id=_community(asked), delivery_id=int(number), actor=_actor(asked), now=asked.dependencies.now()
        )
    except WardmoteError as error:
        raise refusal_of(error) from error
    return {"id": number, "state": "waiting"}


def community_for(slug: str, terms: Terms) -> CommunityView:
    """The community named, or the one that the key is for; a key of one opens no other."""
    if terms.realm:
        community = communities.community(Urn.parse(terms.realm).id)
        if slug and slug != community.slug:
            raise Refusal(403, "This key is for another community.", code="wrong_community", field="community")
        return community
    found = communities.community_by_slug(slug[:80])
    if found is None:
        raise invalid(f"There is no community '{slug[:60]}' here.", "community", "unknown_community")
    return found


def find_matches(asked: Asked) -> dict[str, Any]:
    """`POST /v1/match`: which of a community's lists a text or an image is on. Nothing of it is kept."""
    wanted = match.read_match(asked.content)
    community = community_for(wanted.community, asked.admission.terms)
    asked.spend([wanted.text])
    now = asked.dependencies.now()
    if wanted.pdq:
        found = known_lists.match_image(community_id=community.id, pdq=wanted.pdq, quality=wanted.quality, now=now)
    else:
        found = known_lists.match_text(community_id=community.id, text=wanted.text, now=now)
    return {"community": community.slug, "matches": [match.answer(each, image=bool(wanted.pdq)) for each in found]}


def _community(asked: Asked) -> int:
    """The community that the key speaks for; a key for events always has one."""
    return Urn.parse(asked.admission.terms.realm).id


def _actor(asked: Asked) -> Urn:
    return Urn("api_key", int(asked.admission.terms.key_id))


ROUTES = (
    Route("POST", "/v1/match", find_matches, Scope.SCREEN),
    Route("POST", "/v1/events", take_events, Scope.EVENTS),
    Route("GET", "/v1/webhook", show_webhook, Scope.EVENTS),
    Route("POST", "/v1/webhook", set_webhook, Scope.EVENTS),
    Route("GET", "/v1/webhook/deliveries", list_deliveries, Scope.EVENTS),
    Route("POST", "/v1/webhook/deliveries/", resend, Scope.EVENTS),
)
