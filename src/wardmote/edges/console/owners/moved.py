"""Pages that were beside the queue once, and are at the owner's desk."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from wardmote.kernel.errors import NotFound


def to_the_owner(request: HttpRequest, place: str) -> HttpResponse:
    """For good, and with what was sent: a page that was open meanwhile still works."""
    if getattr(request, "community", None) is None:
        raise NotFound(_("There is no moderators' desk at this address."))
    return HttpResponse(status=308, headers={"Location": f"/owner/{place}"})
