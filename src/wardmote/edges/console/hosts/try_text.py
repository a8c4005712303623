"""The host's staff try a text, under the policies of all communities."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from wardmote.communities.queries import communities
from wardmote.edges.console.hosts.access import staff_only
from wardmote.edges.console.moderators import try_text


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def page(request: HttpRequest, staff_id: int) -> HttpResponse:
    """See `console.trial`."""
    return try_text.answer(request, staff_id, communities(), "console/host/try.html")
