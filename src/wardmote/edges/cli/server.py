"""The way from a command to the server, by dotted names: what starts servers is above the edges, and a base install
has no server at all."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from wardmote.edges.cli.failure import CannotStart


def need_server() -> None:
    """Refuse in one line where only the base install is there."""
    try:
        import_module("django")
        import_module("granian")
    except ImportError:
        raise CannotStart("this command needs the server: install wardmote[server]") from None


def setup() -> None:
    """Make Django ready, for a command that asks queries or goes on a journey."""
    load("wardmote.config.boot", "setup")()


def load(module: str, name: str) -> Callable[..., Any]:
    """A function of the server."""
    need_server()
    function: Callable[..., Any] = getattr(import_module(module), name)
    return function
