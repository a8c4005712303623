"""Makes Django ready in a process that is not a web server."""

import os
from pathlib import Path

from wardmote.config.home import cannot_write, refuse_half
from wardmote.config.renamed import rewrite_settings_file


def setup(*, restoring: bool = False, changing_nothing: bool = False) -> None:
    """Load settings and apps; safe to call twice. Raises BadConfiguration or CannotStart, one line each.

    `restoring` is said by the one command that may find a home half restored: it is what restores it.
    `changing_nothing` is said by the one that only looks: it leaves former names of settings where they are.
    """
    home = Path(os.environ.get("WARDMOTE_HOME") or "var").absolute()
    if not restoring:
        refuse_half(home)
    # What is made from here on, in the processes started from here too, is its owner's alone.
    os.umask(0o077)
    if not changing_nothing:
        rewrite_settings_file(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wardmote.config.settings")
    import django
    from django.conf import settings

    try:
        _ = settings.WARDMOTE_HOME
    except OSError as error:
        # The settings keep a secret in the home folder, made when they are first read.
        raise cannot_write(os.environ.get("WARDMOTE_HOME", "var"), error) from error
    django.setup()
