"""`wardmote run`: the whole installation as one tree of processes, started in order and stopped together."""

import errno
import http.client
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connections
from rich.console import Console
from rich.markup import escape

from wardmote.config import boot, database, home, secrets_seen
from wardmote.config.processes import process_tree
from wardmote.config.processes.keeper import START_SECONDS, Keeper
from wardmote.config.processes.pulse import Pulse
from wardmote.edges.cli.failure import CannotStart
from wardmote.kernel import clock

DEMO_HOSTS = ("plaza.localhost", "harbour.localhost", "terrace.localhost")


def run(*, address: str, port: int | None, demo: bool) -> int:
    """Start everything, say where it answers, and stay until stopped.

    A part that ends or hangs is started again, alone. Raises CannotStart where one ends before all has come up, or
    again and again.
    """
    if port:
        # Letters and cases name the address that answers, also in the processes started from here.
        os.environ["WARDMOTE_PORT"] = str(port)
    if demo:
        # The demonstration's host looks at its communities' pages, which are on this machine.
        os.environ.setdefault("WARDMOTE_FETCH_HOSTS", ",".join(DEMO_HOSTS))
    boot.setup()
    port = port or int(settings.WARDMOTE_PORT)
    url = f"http://{address}:{port}" if ":" not in address else f"http://[{address}]:{port}"
    home.check_home(settings.WARDMOTE_HOME)
    with home.held(settings.WARDMOTE_HOME, by=f"Wardmote at {url}"), reserved(address, port):
        console = Console(highlight=False)
        _prepare(console, demo=demo)
        stop = threading.Event()
        process_tree.on_stop_signal(stop.set)
        pulse = Pulse()
        keeper = Keeper(lambda words: _say_loudly(console, words), pulse, hung=settings.WARDMOTE_HUNG_SECONDS)
        web = keeper.start(process_tree.WEB, "wardmote.config.processes.web", address, str(port))
        worker = keeper.start(process_tree.WORKER, "wardmote.config.processes.worker")
        try:
            with _step(console, "pages"):
                _wait(lambda: answers(address, port), [web, worker], stop)
            with _step(console, "worker and sequencer"):
                _wait(worker.is_ready, [web, worker], stop)
            if not stop.is_set():
                _announce(console, url, port, demo=demo)
            while not stop.wait(0.2):
                keeper.look()
        finally:
            with _step(console, "stopped"):
                process_tree.stop(keeper.children())
            pulse.close()
    return 0


@contextmanager
def reserved(address: str, port: int) -> Iterator[None]:
    """Keep the port from everybody but our own children; raises CannotStart where it is not to be had."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as alone, socket.socket(family) as shared:
        try:
            # The web server shares its port with whoever asks to share, so a second server would not notice the
            # first. This asks for the port alone, and then keeps a hand on it without listening.
            alone.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            alone.bind((address, port))
            alone.close()
            shared.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            shared.bind((address, port))
        except (OSError, OverflowError) as error:
            raise CannotStart(_port_sentence(error, address, port)) from error
        yield


def _port_sentence(error: Exception, address: str, port: int) -> str:
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.EADDRINUSE:
        return f"port {port} is taken by another server; stop it, or choose another with --port"
    if number == errno.EACCES:
        return f"port {port} is not open to this user; choose one above 1023 with --port"
    return f"{address} is not an address of this machine"


def answers(address: str, port: int) -> bool:
    """Whether a page comes back that is no error of the server's."""
    connection = http.client.HTTPConnection("127.0.0.1" if address == "0.0.0.0" else address, port, timeout=5)  # noqa: S104
    try:
        connection.request("GET", "/")
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return answer.status < 500


def _prepare(console: Console, *, demo: bool) -> None:
    from wardmote.config import demo as cast
    from wardmote.record.engine import signer

    with _step(console, "database") as say:
        database.wait_until_there(lambda words: console.print(words, soft_wrap=True))
        if demo and cast.clear_away():
            say("half a demonstration was cleared away")
        elif cast.broken_off():
            raise CannotStart(
                f"the demonstration in {settings.WARDMOTE_HOME} was broken off while it was loaded; start with --demo "
                "to load it again, or set WARDMOTE_HOME to an empty folder"
            )
        taken = database.migrate()
        say(f"{len(taken)} steps taken" if taken else "up to date")
        # A bad signing key is one line now, not a record that stands still later.
        signer()
        secrets_seen.note(settings.WARDMOTE_HOME, settings.SECRET_KEY)
        if secrets_seen.lost(settings.WARDMOTE_HOME, [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]):
            say("WARDMOTE_SECRET has changed: see wardmote doctor")
    if demo:
        with _step(console, "demo") as say:
            say("loaded" if cast.load(clock.now(), progress=say) else "not loaded: there are communities already")
    # A child must open its own.
    connections.close_all()


def _wait(ready: Callable[[], bool], children: list[process_tree.Child], stop: threading.Event) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not stop.is_set() and not ready():
        _see_that_all_live(children)
        if time.monotonic() > deadline:
            raise CannotStart(f"nothing has come up within {START_SECONDS:g} seconds; all was stopped")
        stop.wait(0.05)


def _see_that_all_live(children: list[process_tree.Child]) -> None:
    dead = process_tree.first_dead(children)
    if dead is not None:
        raise CannotStart(f"{dead.name} ended by itself with status {dead.process.returncode}; all was stopped")


def _say_loudly(console: Console, words: str) -> None:
    console.print(f"[bold red]{clock.to_rfc3339(clock.now())} {escape(words)}[/]", soft_wrap=True)


def _announce(console: Console, url: str, port: int, *, demo: bool) -> None:
    from wardmote.communities.queries import communities

    console.print(f"\nWardmote is at [bold cyan]{url}[/]")
    for community in communities()[:10]:
        console.print(f"  {community.title}: [cyan]http://{community.domain}:{port}[/]", soft_wrap=True)
    if demo:
        from wardmote.config.demo import PASSWORD

        console.print(f"  Sign in to the demo as alice@example.org with the password: {PASSWORD}", soft_wrap=True)
    console.print("Ctrl-C stops everything.\n")
    connections.close_all()


@contextmanager
def _step(console: Console, name: str) -> Iterator[Callable[[str], None]]:
    """Show what is going on and, when it is done, that it is, with what was said about it and the time it took."""
    began = time.monotonic()
    said = ""
    with console.status(f"{name} …") as status:

        def say(words: str) -> None:
            nonlocal said
            said = words
            status.update(f"{name}: {words} …")

        yield say
    console.print(f"[green]✓[/] {name:<22}{said:<40} {time.monotonic() - began:5.1f} s")
