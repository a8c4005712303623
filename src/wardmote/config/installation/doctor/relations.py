"""Who is known by which key, to the hosts and customers elsewhere."""

from collections.abc import Iterator

from wardmote.config.installation.doctor.finding import Finding, fault, ok
from wardmote.record import queries as record


def keys() -> Iterator[Finding]:
    """No name of a log has two keys, and no key two names."""
    contested = record.contested()
    if contested:
        found = f"these keys share a name, or are one key under two names: {', '.join(contested)}"
        mend = (
            "ask each side, by a way you trust, which key is its own; see wardmote exchange list; then:"
            " wardmote exchange remove-host, or replace-key"
        )
        yield fault("exchange", found, mend)
    else:
        yield ok("exchange", f"{len(record.known()):,} keys of others' logs, each under a name of its own")
