"""The round of all checks, each of which may fail without ending it."""

from collections.abc import Callable, Iterator

from django.db import DatabaseError, connections

from wardmote.config import database
from wardmote.config.installation.doctor import inside, machine, relations, ways
from wardmote.config.installation.doctor.finding import Finding, State, fault
from wardmote.kernel.errors import WardmoteError

Check = Callable[[], Iterator[Finding]]
_ON_TABLES: tuple[tuple[str, Check], ...] = (
    ("settings", inside.settings_that_fit),
    ("secret", inside.secret),
    ("clock", inside.clocks),
    ("record", inside.record),
    ("exchange", relations.keys),
    ("jobs", inside.jobs),
    ("letters", inside.letters),
    ("correction", inside.correction),
    ("dns", ways.names),
    ("chat", ways.second_opinion),
)
"""What only makes sense with a database that can be read."""


def check_everything(send_mail_to: str) -> list[Finding]:
    """Every finding, in order."""
    tables = _run("database", inside.tables)
    findings = [*_run("permissions", machine.permissions), *_run("disk", machine.disk), *tables]
    if not any(finding.state is State.FAULT for finding in tables):
        for name, check in _ON_TABLES:
            findings += _run(name, check)
    findings += _run("mail", lambda: ways.mail(send_mail_to))
    findings += _run("port", ways.port)
    connections.close_all()
    return findings


def _run(name: str, check: Check) -> list[Finding]:
    try:
        return list(check())
    except DatabaseError as error:
        return [fault(name, database.explain(error), "see that the database runs, and that DATABASE_URL is right")]
    except (OSError, WardmoteError) as error:
        return [fault(name, str(error), "do what the line says")]
