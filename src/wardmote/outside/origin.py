"""Where our own pages answer, as letters and other installations name it: by what is stored and configured alone."""

from django.conf import settings


def origin_of(domain: str) -> str:
    """Scheme, domain and port of a community or of the host, such as `https://plaza.example`.

    Never what a request says of itself: whoever sends it could choose the port that somebody else's letter leads to.
    """
    if settings.SECURE:
        return f"https://{domain}"
    return f"http://{domain}" if int(settings.WARDMOTE_PORT) == 80 else f"http://{domain}:{settings.WARDMOTE_PORT}"
