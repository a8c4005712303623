"""Jobs by name and by what they are given: clocks of weeks lie in the queue while the code goes on."""

import inspect

from django.utils.module_loading import import_string
from tests.golden.frozen import hold

from wardmote.config.jobs import HANDLERS
from wardmote.jobs.policy import OUTSIDE, State


def _shapes(name: str, path: str) -> list[str]:
    """Every way in which a job of that name can lie in the queue: arguments have places there, and no names."""
    signature = inspect.signature(import_string(path))
    given = [p for p in signature.parameters.values() if p.kind is not inspect.Parameter.KEYWORD_ONLY]
    least = sum(parameter.default is inspect.Parameter.empty for parameter in given)
    kinds = [inspect.formatannotation(parameter.annotation) for parameter in given]
    return [f"{name}({', '.join(kinds[:count])})" for count in range(least, len(kinds) + 1)]


def _names(path: str) -> str:
    return ", ".join(inspect.signature(import_string(path)).parameters)


def test_no_job_changes_its_name_or_what_it_is_given() -> None:
    """A job that was put by an earlier version is carried out by this one; more can be given to it, with a default."""
    hold("jobs", {shape: _names(path) for name, path in HANDLERS.items() for shape in _shapes(name, path)})


def test_every_handler_takes_the_moment_by_name() -> None:
    """The worker hands it over as `now=`."""
    assert [name for name, path in HANDLERS.items() if "now" not in _names(path).split(", ")] == []


def test_every_job_that_goes_outside_has_a_handler() -> None:
    """A slip in a name here would let one kind of job fill the worker."""
    assert set(HANDLERS) >= OUTSIDE
    assert {state.value for state in State} == {"ready", "running", "done", "failed"}
