"""A tree of processes that lives and dies together."""

import ctypes
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

_PR_SET_PDEATHSIG = 1
WEB, WORKER = "the web server", "the worker"
GRACE_SECONDS = 15.0
"""How long a child may take to finish what it does after it was asked to stop."""


@dataclass(slots=True)
class Child:
    """A running child: what it is called, and the end of a pipe on which it says that it is ready."""

    name: str
    process: subprocess.Popen[bytes]
    ready: int

    def is_ready(self) -> bool:
        return bool(select.select([self.ready], [], [], 0)[0]) and self.process.poll() is None


def start(name: str, module: str, *arguments: str) -> Child:
    """Start `python -m module PARENT READY ARGUMENTS…` in a session of its own, so that Ctrl-C reaches us alone and
    we stop the children in order."""
    reading, writing = os.pipe()
    command = [sys.executable, "-m", module, str(os.getpid()), str(writing), *arguments]
    process = subprocess.Popen(command, pass_fds=[writing], start_new_session=True)  # noqa: S603 - our own modules
    os.close(writing)
    return Child(name, process, reading)


def join_tree(parent: int) -> None:
    """Called first in a child: be killed by the kernel when the parent dies, however it dies."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:
        os._exit(1)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def say_ready(descriptor: int) -> None:
    """Called in a child that has come up."""
    os.write(descriptor, b"1")
    os.close(descriptor)


def on_stop_signal(stop: Callable[[], object]) -> None:
    """Call `stop` at Ctrl-C, `kill`, or when the terminal is closed."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop())


def give_up() -> None:
    """For `on_stop_signal`: end as at Ctrl-C, so that what was begun is cleared away."""
    raise KeyboardInterrupt


def first_dead(children: list[Child]) -> Child | None:
    """A child that has ended, whatever its status: none of them ends by itself."""
    return next((child for child in children if child.process.poll() is not None), None)


def stop(children: list[Child]) -> None:
    """Ask all to stop, wait, and kill what does not; none is left when this returns."""
    for child in children:
        if child.process.poll() is None:
            child.process.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for child in children:
        try:
            child.process.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            child.process.kill()
            child.process.wait()
        os.close(child.ready)
