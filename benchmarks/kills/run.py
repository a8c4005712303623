"""`python -m benchmarks kills --database sqlite|postgresql --each 15`."""

import argparse
import json
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from random import Random

from rich.console import Console

from benchmarks.kills import checks, founding, letters, table
from benchmarks.kills.book import Book, Faults
from benchmarks.kills.browser import ask
from benchmarks.kills.killing import Killed, kill, order
from benchmarks.kills.outside import Outside
from benchmarks.kills.people import Member, Moderator, Platform, Someone, Town
from benchmarks.kills.processes import KINDS, Running
from benchmarks.kills.watch import Watch
from benchmarks.place import place, postgresql

DRAINS_WITHIN = 600.0
WARM = 5
"""So many writes are acknowledged between two kills, or fifteen seconds pass."""
SOON = 900.0
"""Seconds ahead: jobs that are due later than that are clocks, and not waited for."""


def main(arguments: Sequence[str]) -> int:
    """Make an installation, kill it, and reckon; gives 1 where anything was lost, doubled or unsound."""
    parser = argparse.ArgumentParser(prog="benchmarks kills", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--each", type=int, default=15, metavar="N", help="kills of each kind (default: 15)")
    parser.add_argument("--only", nargs="+", choices=KINDS, default=KINDS, help="which are killed (default: all)")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of who does what and who is killed when")
    parser.add_argument("--mail-away", action="store_true", help="the mail server takes nothing for the middle third")
    parser.add_argument("--at-most", type=float, default=600.0, metavar="MINUTES", help="of killing")
    parser.add_argument("--undo", type=int, default=1, metavar="MINUTES", help="WARDMOTE_UNDO_MINUTES (default: 1)")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep the home and the log of a run that failed")
    options = parser.parse_args(arguments)
    console = Console(highlight=False, width=150)
    if options.database == "postgresql" and postgresql() is None:
        console.print("no PostgreSQL answers at DATABASE_URL or 127.0.0.1:5432")
        return 1
    console.print(f"{options.database}, {options.each} kills of each kind, seed {options.seed}")
    with place(options.database) as environment:
        home = Path(environment["WARDMOTE_HOME"])
        status = _Run(options, environment, console).whole()
        if status and options.keep:
            shutil.copytree(home, options.keep, dirs_exist_ok=True)
            console.print(f"kept in {options.keep}")
    return status


class _Run:
    """One run: what is alive while it lasts, and what it has found."""

    def __init__(self, options: argparse.Namespace, environment: dict[str, str], console: Console) -> None:
        self.options, self.console = options, console
        self.rng = Random(options.seed)  # noqa: S311 - the same again under the same seed
        self.outside = Outside(Random(options.seed))  # noqa: S311
        port = founding.free_port()
        self.environment = founding.surroundings(
            environment, port=port, mail=self.outside.mail_address, undo_minutes=options.undo
        )
        self.scratch = Path(tempfile.mkdtemp(prefix="wardmote-kills-"))
        self.running = Running(self.environment, port, self.scratch / "log")
        self.watch = Watch(port, founding.DOMAIN, self.scratch / "kept")
        self.book, self.faults = Book(), Faults()
        self.killed: list[Killed] = []
        self.enough = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._end_early)

    def _end_early(self, *_: object) -> None:
        """The first Ctrl-C ends the killing, and all is reckoned; the second ends the run and leaves nothing."""
        if self.enough.is_set():
            raise KeyboardInterrupt
        self.enough.set()

    def whole(self) -> int:
        """From the founding to the table."""
        try:
            town = self._found()
            self._say(f"{founding.DOMAIN} at port {self.running.port}; log {self.running.log}")
            self._under_fire(town)
            self._drain()
            self._end()
            reckoned = checks.reckon(self.book)
            self._check(reckoned)
        finally:
            self.running.close()
            self.outside.stop()
        self.console.print(table.kills(self.killed), table.writes(reckoned))
        for remark in self.faults.remarks:
            self.console.print(f"  {remark}")
        for fault in self.faults.faults[:40]:
            self.console.print(f"[red]{fault}[/]", soft_wrap=True)
        if not self.faults.faults:
            self.console.print("[green]nothing lost, nothing doubled[/]")
            shutil.rmtree(self.scratch)
            return 0
        self.console.print(f"{len(self.faults.faults)} faults; the log is {self.running.log}")
        return 1

    def _say(self, words: str) -> None:
        self.console.print(f"{time.strftime('%H:%M:%S')} {words}", soft_wrap=True)

    def _found(self) -> Town:
        key = founding.found(self.environment)
        self.running.start()
        town = Town(
            port=self.running.port,
            domain=founding.DOMAIN,
            host_domain=f"host.{founding.DOMAIN}",
            book=self.book,
            seed=self.options.seed,
            members=list(founding.MEMBERS),
            moderators=list(founding.MODERATORS),
            key=key,
        )
        headers = {"Host": town.host_domain, "Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        body = json.dumps({"url": self.outside.webhook}).encode()
        answer = ask(town.port, "POST", "/v1/webhook", body, headers)
        if answer.status != 200:
            raise RuntimeError(f"the webhook was not taken: {answer.text}")
        return town

    def _under_fire(self, town: Town) -> None:
        people: list[Someone] = [Member(town, handle, n) for n, handle in enumerate(town.members)]
        people += [Moderator(town, handle, 100 + n) for n, handle in enumerate(town.moderators)]
        people.append(Platform(town, "forum", 200))
        threads = [threading.Thread(target=each.live, name=each.handle) for each in people]
        until = time.monotonic() + 60 * self.options.at_most
        self.watch.start()
        for thread in threads:
            thread.start()
        try:
            # Until everybody is in and something is there to act on.
            _wait(lambda: self.book.acknowledged() > len(people), 60)
            kinds = order(self.options.each, self.rng, self.options.only)
            for number, kind in enumerate(kinds, 1):
                self.outside.refuses_mail = self.options.mail_away and len(kinds) < 3 * number <= 2 * len(kinds)
                if time.monotonic() > until or self.enough.is_set():
                    self._say("no more is killed")
                    break
                # Whoever comes back finds work under way, also in the worker.
                before = self.book.acknowledged()
                _wait(partial(self._has_grown, before), 15)
                time.sleep(self.rng.uniform(0.0, 3.0))
                done = kill(kind, self.running, self.watch, self.rng)
                self.killed.append(done)
                still = "" if done.record is None else f", record still {done.record:.1f} s"
                self._say(f"{number}: {kind} killed, no page for {done.pages:.1f} s{still}")
            # Whoever was cut off last tries again.
            time.sleep(3)
        except RuntimeError as error:
            self.faults.add(str(error))
        finally:
            self.outside.refuses_mail = False
            town.stop.set()
            for thread in threads:
                thread.join()
            self.watch.stop()
        for trouble in town.troubles:
            self.faults.add(trouble)

    def _has_grown(self, before: int) -> bool:
        return self.book.acknowledged() >= before + WARM

    def _drain(self) -> None:
        """Wait until no job is left but clocks."""
        from django.db import connections
        from django.db.models import Count

        from wardmote.jobs.models import Job
        from wardmote.kernel import clock

        began = time.monotonic()
        left: dict[str, int] = {}
        while time.monotonic() - began < DRAINS_WITHIN:
            soon = clock.now().timestamp() + SOON
            jobs = Job.objects.filter(state__in=["ready", "running"])
            waiting = [name for name, at in jobs.values_list("name", "run_at") if at.timestamp() < soon]
            left = {name: waiting.count(name) for name in set(waiting)}
            if not left:
                break
            time.sleep(0.5)
        if left:
            self.faults.add(f"jobs were still waiting after {DRAINS_WITHIN:g} s: {left}")
        failed = dict(Job.objects.filter(state="failed").values_list("name").annotate(n=Count("pk")))
        if failed:
            self.faults.add(f"jobs were given up: {failed}")
        again = Job.objects.filter(attempts__gt=1).count()
        self.faults.remarks.append(
            f"jobs drained in {time.monotonic() - began:.0f} s; {again} were begun more than once"
        )
        connections.close_all()
        # The last entries get their places.
        time.sleep(2)

    def _end(self) -> None:
        status = self.running.stop()
        if status:
            self.faults.add(f"`wardmote run` ended with status {status}")
        if left := self.running.left(within=10):
            self.faults.add(f"{len(left)} processes were left after the end")

    def _check(self, reckoned: Sequence[checks.Reckoned]) -> None:
        for each in reckoned:
            if each.lost:
                self.faults.add(
                    f"{each.kind}: {len(each.lost)} acknowledged and not stored: {', '.join(each.lost[:5])}"
                )
            if each.doubled:
                self.faults.add(f"{each.kind}: {len(each.doubled)} stored twice: {', '.join(each.doubled[:5])}")
        with self.faults.named("the record"):
            checks.check_record(self.faults)
        with self.faults.named("the feeds"):
            checks.check_feeds(self.faults)
        with self.faults.named("the notices"):
            letters.check_notices(self.faults)
        with self.faults.named("the mail"):
            letters.check_mail(self.faults, self.outside)
        with self.faults.named("the webhook"):
            letters.check_webhook(self.faults, self.outside)
        kept = sorted(str(path) for path in self.watch.kept.iterdir())
        against = ["--against", *kept] if kept else []
        self._command("record", "fsck", "--tables", *against)
        self._command("doctor")

    def _command(self, *arguments: str) -> None:
        done = founding.command(self.environment, *arguments)
        name = " ".join(["wardmote", *arguments[:2]])
        lines = (done.stdout + done.stderr).strip().splitlines()
        if done.returncode:
            self.faults.add(f"{name} ends with {done.returncode}:\n  " + "\n  ".join(lines[:30]))
        elif arguments[0] == "record":
            self.faults.remarks += [f"fsck: {line}" for line in lines[-2:]]


def _wait(happened: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not happened() and time.monotonic() < deadline:
        time.sleep(0.1)
