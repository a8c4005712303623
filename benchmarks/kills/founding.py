"""The installation that is killed: made by `wardmote init`, with members and moderators, in a home of its own."""

import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks.kills.people import ANCHOR, PASSWORD

DOMAIN = "plaza.localhost"
MEMBERS = (ANCHOR, "bob", "carol", "mallory")
MODERATORS = ("dave", "erin")


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def surroundings(place: Mapping[str, str], *, port: int, mail: str, undo_minutes: int) -> dict[str, str]:
    """The environment of every process of the installation: paces are counted but keep nobody back."""
    root = Path(__file__).parents[2]
    paths = [str(root), str(root / "src"), *filter(None, [place.get("PYTHONPATH")])]
    return {
        **place,
        "PYTHONPATH": os.pathsep.join(paths),
        "WARDMOTE_PORT": str(port),
        "WARDMOTE_MAIL": mail,
        "WARDMOTE_PACE": "1000",
        "WARDMOTE_UNDO_MINUTES": str(undo_minutes),
        "WARDMOTE_PRIVATE_WEBHOOKS": "yes",
    }


def command(environment: Mapping[str, str], *arguments: str, say: str = "") -> subprocess.CompletedProcess[str]:
    """Run `wardmote …` to its end."""
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "wardmote", *arguments],
        env=dict(environment),
        input=say,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def found(environment: Mapping[str, str]) -> str:
    """Make the installation, and this process one that can read it; gives the key of a platform."""
    wish = ["--owner-email", f"{ANCHOR}@example.org", "--domain", DOMAIN, "--title", "The Plaza", "--handle", ANCHOR]
    _well(command(environment, "init", *wish, say=f"{PASSWORD}\n"))
    # This process reads the installation's data itself, with its settings and no others.
    os.environ.clear()
    os.environ.update(environment)
    from wardmote.config import boot

    boot.setup()
    _populate()
    made = _well(
        command(environment, "key", "new", "forum", "--community", "plaza", "--scope", "events", "--no-limits")
    )
    return made.stdout.strip().splitlines()[-1]


def _well(done: subprocess.CompletedProcess[str]) -> subprocess.CompletedProcess[str]:
    if done.returncode:
        raise RuntimeError(f"{' '.join(done.args)}: {done.stderr}")
    return done


def _populate() -> None:
    from django.db import connections

    from benchmarks.town import join
    from wardmote.communities.queries import communities
    from wardmote.journeys.members.follow import follow
    from wardmote.journeys.operator.create_login import give_password
    from wardmote.kernel import clock
    from wardmote.people.models import Person

    (community,) = communities()
    now = clock.now()
    for handle in (*MEMBERS[1:], *MODERATORS):
        member_id = join(community.id, handle, moderates=handle in MODERATORS, now=now)
        follow(community_id=community.id, member_id=member_id, handle=ANCHOR, now=now)
    people = Person.objects.exclude(email=f"{ANCHOR}@example.org").values_list("pk", flat=True)
    give_password(person_ids=list(people), password=PASSWORD)
    connections.close_all()
