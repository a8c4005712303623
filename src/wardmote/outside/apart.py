"""Work on what a stranger sent, in a process apart: it has little time, little memory, no secrets and no database.

Whatever such a page does to its reader, only that process dies of it, and the caller is told.
"""

import resource
import subprocess
import sys
from pathlib import Path

from wardmote.kernel.i18n import noted

SECONDS = 30.0
"""The whole time of a process, waiting for a free core included."""
CPU_SECONDS = 15
"""Processor time; a page of the largest size takes about four."""
MEMORY = 1 << 30
"""Bytes of address space. macOS does not enforce it."""
_ROOT = Path(__file__).parents[2]


class Broken(Exception):
    """The process gave no answer; `str()` says why in a few words."""


def ask(module: str, question: bytes, *, seconds: float = SECONDS) -> bytes:
    """What `python -m module` writes when it is given `question`; raises Broken if it does not end well in time.

    The module's first act is `confine()`.
    """
    command = [sys.executable, "-P", "-m", module]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and our own module
            command,
            input=question,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1"},
            timeout=seconds,
            check=False,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired:
        raise Broken(noted("reading it took too long")) from None
    except OSError as error:
        raise Broken(f"no process to read it in: {error.strerror}") from error
    if done.returncode < 0:
        raise Broken(noted("reading it took too much time or memory"))
    if done.returncode:
        raise Broken(noted("reading it failed"))
    return done.stdout


def confine(*, cpu_seconds: int = CPU_SECONDS, memory: int = MEMORY) -> None:
    """Bound this process: processor time, memory, and no files to write or dump."""
    for limit, most in (
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(limit)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(limit, (bound, bound))
        except (ValueError, OSError):
            # macOS refuses an address space that is smaller than what it has mapped already.
            if limit != resource.RLIMIT_AS:
                raise
