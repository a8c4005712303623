import subprocess
import sys

import pytest

import wardmote.ledger
import wardmote.ledger.audit

pytestmark = pytest.mark.alike_on_both


def test_public_names_are_sorted_and_there() -> None:
    """`__all__` is sorted, and everything in it can be imported."""
    for module in (wardmote.ledger, wardmote.ledger.audit):
        assert sorted(module.__all__) == list(module.__all__)
        assert [name for name in module.__all__ if not hasattr(module, name)] == []


def test_the_ledger_loads_no_django() -> None:
    """The ground floor stands alone: importing it brings neither Django nor a network library."""
    code = "import sys, wardmote.ledger; print({'django', 'http', 'socket'} & set(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "set()"
