"""What `fsck --tables` makes of a forgery, which is taken back at once."""

from collections.abc import Callable

from django.db import transaction

from wardmote.config.tables import compare

Forgery = tuple[str, Callable[[], object], str]
"""What is forged, how, and words that its difference must have."""


def unseen(forgeries: list[Forgery]) -> list[str]:
    """The forgeries that a comparison does not name in their words."""
    missed = []
    for what, forge, detail in forgeries:
        with transaction.atomic():
            forge()
            found = [str(difference) for difference in compare().differences]
            transaction.set_rollback(True)
        if not any(detail in line for line in found):
            missed.append(what)
    return missed
