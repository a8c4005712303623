"""What somebody sent while signed out, kept in their session until they are back at the form."""

from django.http import HttpRequest

_KEY = "draft"
_FIELDS = ("text", "comment", "display_name", "bio")
_MOST = 5_000
"""Characters kept of a field: more than any of them may have."""


def keep(request: HttpRequest, *, at: str) -> None:
    """Keep the words of this form for the page at the path `at`; the newest draft alone."""
    typed = {name: request.POST[name][:_MOST] for name in _FIELDS if request.POST.get(name)}
    if typed:
        request.session[_KEY] = {"at": at, "typed": typed}


def take(request: HttpRequest) -> dict[str, str]:
    """The words kept for this page, once."""
    draft = request.session.get(_KEY)
    if draft is None or draft["at"] != request.path:
        return {}
    del request.session[_KEY]
    typed: dict[str, str] = draft["typed"]
    return typed
