"""What the middleware has put on a request, by name and type."""

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from wardmote.communities.queries import CommunityView, Standing
from wardmote.edges.ui.htmx import in_place


class Request(HttpRequest):
    """A request that has passed `FindCommunity` and `FindViewer`."""

    community: CommunityView | None
    standing: Standing | None
    handle: str
    unread: Callable[[], int] | int
    suspended_until: datetime | None
    writes: bool


def send_to(request: HttpRequest, url: str) -> HttpResponse:
    """Take the browser to `url`, also where htmx asked."""
    if in_place(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def as_file(content: bytes, *, name: str) -> HttpResponse:
    """A JSON file to keep, never a page: the browser saves it under `name`, and no cache keeps it."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type="application/json", headers=headers)
