"""The invitation link by which somebody came, kept in their session until they have joined."""

from datetime import datetime

from wardmote.communities.policy import SignUp
from wardmote.communities.queries import desk
from wardmote.edges.web.requests import Request
from wardmote.edges.web.sessions import COME_BY
from wardmote.people.policy import digest


def keep(request: Request, token: str, *, now: datetime) -> bool:
    """Keep a link that lets somebody in; gives whether it does."""
    if request.community is None or not _works(request.community.id, token, now):
        return False
    request.session[COME_BY] = {"community": request.community.id, "token": token}
    return True


def token(request: Request, *, now: datetime) -> str:
    """The token of the link by which this browser came here; empty where it lets nobody in (any more)."""
    kept = request.session.get(COME_BY)
    if request.community is None or not kept or kept["community"] != request.community.id:
        return ""
    return kept["token"] if _works(request.community.id, kept["token"], now) else ""


def forget(request: Request) -> None:
    """It has done its work."""
    request.session.pop(COME_BY, None)


def must_ask(request: Request, *, now: datetime) -> bool:
    """Whether somebody joins here only once a moderator has said yes."""
    asked = request.community is not None and request.community.sign_up is SignUp.APPROVAL
    return asked and not token(request, now=now)


def is_shut_out(request: Request, *, now: datetime) -> bool:
    """Whether somebody cannot join here at all: they have no link, and it takes one."""
    closed = request.community is not None and request.community.sign_up is SignUp.CLOSED
    return closed and not token(request, now=now)


def _works(community_id: int, link: str, now: datetime) -> bool:
    return desk.lets_in(community_id=community_id, digest=digest(link), now=now)
