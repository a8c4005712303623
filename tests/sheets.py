"""What a page's sheet carries besides what somebody types."""

import re
from collections.abc import Mapping

from django.test import Client


def carried(page: str) -> dict[str, str]:
    """What the page says that its reader was shown; empty where it has no sheet."""
    found = re.search(r'name="seen" value="([^"]*)"', page)
    return {"seen": found[1]} if found else {}


def fill_in(client: Client, address: str, typed: Mapping[str, object]) -> dict[str, object]:
    """What a browser would send that has the page of this address before it."""
    return {**carried(client.get(address).content.decode()), **typed}
