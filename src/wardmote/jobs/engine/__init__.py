"""Machinery that carries jobs out: claims on rows, and the worker that holds them."""

from wardmote.jobs.engine.at_work import who_asks
from wardmote.jobs.engine.wake import wake
from wardmote.jobs.engine.worker import Handler, resolve, run_due, run_worker

__all__ = ["Handler", "resolve", "run_due", "run_worker", "wake", "who_asks"]
