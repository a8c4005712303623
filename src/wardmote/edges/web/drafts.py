"""What somebody sent while signed out, kept until they are back at the form: in their own browser, not with us."""

import json

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

_KEY = "draft"
_SALT = "wardmote.draft"
_FIELDS = ("text", "comment", "display_name", "bio")
_MOST = 5_000
"""Characters kept of a field: more than any of them may have."""
_PIECE = 3_600
"""Characters of one cookie: browsers take 4,096, name and all."""
_PIECES = 2
"""Together less than a line that a proxy in front takes, which is 8 kB with nginx."""
_SECONDS = 3_600


def keep(request: HttpRequest, response: HttpResponseBase, *, at: str) -> None:
    """Keep the words of this form for the page at the path `at`; the newest draft alone, and what fits."""
    typed = {name: request.POST[name][:_MOST] for name in _FIELDS if request.POST.get(name)}
    if not typed:
        return
    # As JSON of its own: `dumps` would write every letter beyond ASCII as six.
    words = json.dumps({"at": at, "typed": typed}, ensure_ascii=False, separators=(",", ":"))
    text = signing.TimestampSigner(salt=_SALT).sign_object(words, serializer=_Utf8, compress=True)
    if len(text) > _PIECE * _PIECES:
        return
    for number in range(_PIECES):
        piece = text[number * _PIECE : (number + 1) * _PIECE]
        response.set_cookie(
            f"{_KEY}{number}",
            piece,
            max_age=_SECONDS,
            path=at,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def take(request: HttpRequest) -> dict[str, str]:
    """The words kept for this page; `forget` them in the answer."""
    text = "".join(request.COOKIES.get(f"{_KEY}{number}", "") for number in range(_PIECES))
    if not text:
        return {}
    try:
        words = signing.TimestampSigner(salt=_SALT).unsign_object(text, serializer=_Utf8, max_age=_SECONDS)
    except signing.BadSignature:
        return {}
    draft = json.loads(words)
    typed: dict[str, str] = draft["typed"] if draft["at"] == request.path else {}
    return typed


def forget(request: HttpRequest, response: HttpResponseBase) -> None:
    """Have the browser let go of what was kept for this page."""
    for number in range(_PIECES):
        if f"{_KEY}{number}" in request.COOKIES:
            response.delete_cookie(f"{_KEY}{number}", path=request.path, samesite="Lax")


class _Utf8:
    """A serializer of Django's signing that leaves a text as it is."""

    def dumps(self, text: str) -> bytes:
        return text.encode()

    def loads(self, raw: bytes) -> str:
        return raw.decode()
