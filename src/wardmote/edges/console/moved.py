"""Pages of the desk that have another address now."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from wardmote.kernel.errors import NotFound


def moved(request: HttpRequest, to: str) -> HttpResponse:
    """For good, and with what was sent: a page that was open meanwhile still works."""
    if getattr(request, "community", None) is None:
        raise NotFound(_("There is no moderators' desk at this address."))
    query = request.META.get("QUERY_STRING", "")
    return HttpResponse(status=308, headers={"Location": f"{to}?{query}" if query else to})
