"""Makes Django ready in a process that is not a web server."""

import os


def setup() -> None:
    """Load settings and apps; safe to call twice."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wardmote.config.settings")
    import django

    django.setup()
