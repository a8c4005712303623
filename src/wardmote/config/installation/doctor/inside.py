"""What the database says: its tables, its clock, the record, the jobs, and whether the settings fit."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Max

from wardmote.config import database, home, secrets_seen
from wardmote.config.database import Standing
from wardmote.config.installation.doctor.finding import Finding, fault, ok, warning
from wardmote.config.installation.doctor.machine import kernel_clock_is_kept
from wardmote.config.installation.doctor.ways import public_names
from wardmote.edges.cli.failure import CannotStart
from wardmote.jobs import queries as job_queries
from wardmote.jobs.policy import State as JobState
from wardmote.journeys.steps import recalibrate, screening
from wardmote.kernel import clock
from wardmote.kernel.errors import Conflict
from wardmote.kernel.ids import moment_of
from wardmote.ledger import LedgerError, open_checkpoint
from wardmote.notices import queries as notice_queries
from wardmote.outside.signing import SigningKeyError, record_verifier
from wardmote.record import queries as record_queries
from wardmote.record.models import Checkpoint, Entry

_CLOCKS_APART = timedelta(seconds=2)
_STANDS_STILL = timedelta(minutes=1)
_OVERDUE = timedelta(minutes=5)
_LOOK_BACK = 5000


def tables() -> Iterator[Finding]:
    """The database answers, is ours, and of this version."""
    try:
        seen = database.look()
    except CannotStart as error:
        yield fault("database", str(error), "see that it runs, and that DATABASE_URL is right")
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
        version = cursor.fetchone()[0]
    kind = "SQLite" if connection.vendor == "sqlite" else "PostgreSQL"
    if seen.standing is Standing.CURRENT:
        yield ok("database", f"{kind} {version}, up to date")
    elif seen.standing is Standing.FOREIGN:
        yield fault("database", "it belongs to something else", "set DATABASE_URL to an empty database")
    elif seen.standing is Standing.NEWER:
        yield fault("database", f"it was made by a newer Wardmote (it has {seen.steps[0]})", "update Wardmote")
    elif seen.standing is Standing.EMPTY:
        yield fault("database", "it is empty", "make an installation with: wardmote init, or fill it: wardmote restore")
    else:
        yield fault("database", f"it lacks {len(seen.steps)} migrations", "back up, then run: wardmote migrate")


def settings_that_fit() -> Iterator[Finding]:
    """What is meant for the world is not set up like a trial."""
    public = public_names()
    if public and not settings.SECURE:
        yield warning(
            "settings", f"{public[0]} is served without https", "put TLS in front; then set WARDMOTE_HTTPS=yes"
        )
    if public and settings.WARDMOTE_LOG_ORIGIN == "wardmote.localhost/record":
        yield warning("settings", "the log has the name of a trial", "before its first entry, set WARDMOTE_LOG_ORIGIN")
    yield from _proxies(public)
    if not public or settings.SECURE:
        yield ok("settings", f"{len(public)} public names" + (", over https" if settings.SECURE else ""))


def _proxies(public: list[str]) -> Iterator[Finding]:
    trusted = settings.WARDMOTE_TRUSTED_PROXIES
    named = ", ".join(str(network) for network in trusted) or "nobody"
    if wide := [network for network in trusted if network.prefixlen < (8 if network.version == 4 else 16)]:
        mend = "name the proxies in front alone in WARDMOTE_TRUSTED_PROXIES"
        yield fault("proxies", f"{wide[0]} may say who a visitor is: that is half the world", mend)
    elif settings.SECURE and not trusted:
        mend = "name the proxy in front in WARDMOTE_TRUSTED_PROXIES"
        yield fault("proxies", "TLS ends in front, and nobody is believed who says so: https looks like http", mend)
    elif trusted and not settings.SECURE and public:
        yield warning("proxies", f"{named} is believed, but not that it ends TLS", "set WARDMOTE_HTTPS=yes if it does")
    else:
        yield ok("proxies", f"{named} may say who a visitor is")


def secret() -> Iterator[Finding]:
    """Whether links that were signed with an earlier secret still open."""
    known = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    secrets_seen.note(settings.WARDMOTE_HOME, settings.SECRET_KEY)
    if secrets_seen.lost(settings.WARDMOTE_HOME, known):
        yield warning(
            "secret",
            "this installation has signed with another secret: links to appeal that were sent then open nothing",
            "name the one before in WARDMOTE_FORMER_SECRETS; or, where that is meant, delete keys/secrets-seen",
        )
    else:
        yield ok("secret", "what was signed before is still taken")


def clocks() -> Iterator[Finding]:
    """Time does not run behind what is on the record, nor away from the database's."""
    now = clock.now()
    stored = list(_newest_times())
    behind = max((moment - now for moment, _what in stored), default=timedelta())
    if behind > _CLOCKS_APART:
        what = max(stored)[1]
        mend = "set it right; if it is right now, it had run ahead, and this passes once it has caught up"
        yield fault("clock", f"the clock runs {_words(behind)} behind {what}", mend)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            theirs: datetime = cursor.fetchone()[0]
        apart = abs(theirs - clock.now())
        if apart > _CLOCKS_APART:
            yield fault("clock", f"the database's clock is {_words(apart)} away", "keep both right with NTP")
    kept = kernel_clock_is_kept()
    if behind > _CLOCKS_APART:
        return
    if kept is False:
        yield warning(
            "clock", "the kernel knows of nothing that keeps its clock right", "run an NTP client, such as chrony"
        )
    else:
        yield ok("clock", "kept right, says the kernel" if kept else "not behind the record")


def _newest_times() -> Iterator[tuple[datetime, str]]:
    """When the newest of what is stored was written, by the clock of then.

    Not by the last row alone: what was written after a clock was set back is dated earlier, and is last.
    """
    entries = Entry.objects.order_by("-id")[:_LOOK_BACK].aggregate(at=Max("created"), id=Max("id"))
    checkpoints = Checkpoint.objects.order_by("-size")[:_LOOK_BACK].aggregate(at=Max("created"))
    for moment, what in (
        (entries["at"], "an entry of the record"),
        (moment_of(entries["id"]) if entries["id"] else None, "the number of the newest entry"),
        (checkpoints["at"], "a checkpoint"),
        (job_queries.newest_put(), "a job that was put"),
    ):
        if moment is not None:
            yield moment, what


def record() -> Iterator[Finding]:
    """The last checkpoint is ours and signed, and entries do not wait for their place."""
    last = record_queries.latest_checkpoint()
    if last is not None:
        try:
            open_checkpoint(last.note, record_verifier())
        except SigningKeyError as error:
            yield fault("record", str(error), "put keys/record.ed25519 back from a backup")
        except LedgerError as error:
            yield fault("record", f"the last checkpoint: {error}", "set WARDMOTE_LOG_ORIGIN and the key as they were")
    oldest = Entry.objects.filter(index=None).order_by("id").values_list("created", flat=True).first()
    if oldest is not None and clock.now() - oldest > _STANDS_STILL:
        waits = f"an entry has waited for its place since {clock.to_rfc3339(oldest)}"
        if _is_running():
            yield fault("record", waits, "what wardmote run prints says why the record stands still")
        else:
            yield warning("record", waits, "start Wardmote: wardmote run")
    elif last is not None:
        yield ok("record", f"{last.size:,} entries; `wardmote record verify` checks them all")
    else:
        yield ok("record", "not begun")


def jobs() -> Iterator[Finding]:
    """Background work is done, and not given up."""
    counts = job_queries.counts()
    oldest = job_queries.oldest_due(now=clock.now())
    late = oldest is not None and clock.now() - oldest > _OVERDUE
    if failed := counts[JobState.FAILED]:
        yield warning("jobs", f"{failed:,} were given up", "wardmote jobs list --state failed; wardmote jobs retry")
    if late and oldest is not None:
        waits = f"one has been due since {clock.to_rfc3339(oldest)}"
        if _is_running():
            yield fault("jobs", waits, "the worker hangs or cannot keep up: start Wardmote again, or add a worker")
        else:
            yield warning("jobs", waits, "start Wardmote: wardmote run")
    long = job_queries.long_running(now=clock.now())
    for job in long[:3]:
        runs = f"{job.name} {job.job_id} has run for {_words(clock.now() - (job.begun_at or clock.now()))}"
        yield fault("jobs", runs, "see what it waits for; start Wardmote again to have it done by another worker")
    if not failed and not late and not long:
        yield ok("jobs", f"{counts[JobState.READY]:,} waiting, none late, none given up")


def letters() -> Iterator[Finding]:
    """Letters arrive by mail, or are still tried."""
    given_up, waits = notice_queries.undelivered_counts()
    if given_up:
        mend = "the moderators' desk says why, under Letters; then: wardmote jobs retry"
        yield warning("letters", f"{given_up:,} could not be delivered by mail", mend)
    if waits:
        yield warning("letters", f"{waits:,} were not taken yet and are tried again", "see the line about mail")
    if not given_up and not waits:
        yield ok("letters", "none waits for a mail server, none was given up")


def correction() -> Iterator[Finding]:
    """A correction of scores that was accepted is whole, and made for the detectors that screen here."""
    try:
        found = recalibrate.stored()
    except Conflict as error:
        yield fault("correction", str(error), "put it back from a backup, or run: wardmote detect recalibrate --drop")
        return
    shipped = screening.shipped()
    if found is None:
        yield ok("correction", "scores are those of the shipped model")
    elif found.screener != shipped.fingerprint:
        mend = "run: wardmote detect recalibrate --drop; fit again once there are decisions enough"
        yield warning("correction", recalibrate.other_version(found, shipped), mend)
    else:
        yield ok("correction", f"in use for {', '.join(found.factors)}")


def _is_running() -> bool:
    return bool(home.holder(Path(settings.WARDMOTE_HOME)))


def _words(span: timedelta) -> str:
    return f"{span.total_seconds():,.0f} s"
