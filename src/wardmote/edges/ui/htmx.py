"""Whether htmx asks, or a browser that goes to a page."""

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

_HEADER = "HX-Request"


def in_place(request: HttpRequest) -> bool:
    """Whether htmx asks, to put the answer into the page that is there."""
    return request.headers.get(_HEADER) == "true"


def varies(response: HttpResponse) -> HttpResponse:
    """The answer, marked as another one where htmx asks: no cache takes the one for the other."""
    patch_vary_headers(response, [_HEADER])
    return response
