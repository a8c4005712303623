"""Whether htmx asks, or a browser that goes to a page."""

from django.http import HttpRequest


def in_place(request: HttpRequest) -> bool:
    """Whether htmx asks, to put the answer into the page that is there."""
    return request.headers.get("HX-Request") == "true"
