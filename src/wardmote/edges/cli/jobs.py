"""`wardmote jobs`: what waits, what failed, and trying it again."""

import argparse

from wardmote.edges.cli import server


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `jobs` to the command."""
    parser = subparsers.add_parser("jobs", help="look at background work, and try again what failed")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    listing = verbs.add_parser("list", help="counts, and the newest jobs")
    listing.add_argument("--state", choices=["ready", "running", "done", "failed"], help="only those")
    listing.add_argument("--limit", type=int, default=20, metavar="N")
    listing.set_defaults(handler=list_jobs)
    retry = verbs.add_parser("retry", help="give failed jobs and unmailed letters a fresh set of attempts")
    retry.add_argument("ids", nargs="*", type=int, metavar="ID", help="which (default: all that failed)")
    retry.set_defaults(handler=retry_jobs)


def list_jobs(options: argparse.Namespace) -> int:
    """Print counts by state and one line for each job."""
    server.setup()
    from wardmote.jobs import queries
    from wardmote.jobs.policy import State
    from wardmote.kernel.clock import now, to_rfc3339

    print(", ".join(f"{count:,} {state}" for state, count in queries.counts().items()))
    oldest = queries.oldest_due(now=now())
    if oldest is not None:
        print(f"the oldest that is due has waited since {to_rfc3339(oldest)}")
    for job in queries.jobs(state=State(options.state) if options.state else None, limit=options.limit):
        args = ", ".join(map(str, job.args))
        error = f"  {job.last_error}" if job.last_error else ""
        since = to_rfc3339(job.begun_at or job.run_at)
        print(f"{job.job_id}  {since}  {job.state:<7}  {job.attempts}  {job.name}({args}){error}")
    return 0


def retry_jobs(options: argparse.Namespace) -> int:
    """Put failed jobs back."""
    server.setup()
    from wardmote.journeys.operator.retry_jobs import retry_jobs as retry
    from wardmote.journeys.operator.retry_jobs import retry_notices
    from wardmote.kernel.clock import now

    letters = 0 if options.ids else retry_notices(now=now())
    print(f"{retry(job_ids=options.ids or None, now=now()):,} jobs will be tried again")
    if letters:
        print(f"{letters:,} letters that could not be delivered by mail will be sent again")
    return 0
