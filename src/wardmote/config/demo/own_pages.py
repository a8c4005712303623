"""A page of this installation as a stranger gets it, made in this process: a demonstration is loaded before any server
runs, and what its host looks at must be looked at all the same."""

from functools import cache
from io import BytesIO
from urllib.parse import urlsplit

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpResponse
from django.utils import translation

from wardmote.outside.fetch import Fetched, FetchError


def own_page(url: str) -> Fetched:
    """Get a page by its full address, with no cookies; whatever is there is given back, refusals too."""
    parts = urlsplit(url)
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": parts.path or "/",
        "QUERY_STRING": parts.query,
        "SERVER_NAME": parts.hostname or "",
        "SERVER_PORT": str(parts.port or 80),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": parts.netloc,
        "HTTP_ACCEPT": "text/html",
        "HTTP_ACCEPT_LANGUAGE": "en",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": BytesIO(),
    }
    with translation.override("en"):
        answer = _handler().get_response(WSGIRequest(environ))
    if not isinstance(answer, HttpResponse):
        raise FetchError("what stands there is no page")
    return Fetched(
        url=url,
        status=answer.status_code,
        media_type=answer.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
        charset=answer.charset,
        body=answer.content,
    )


@cache
def _handler() -> WSGIHandler:
    return WSGIHandler()
