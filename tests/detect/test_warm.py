"""Nobody's first post waits for a compiler."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.alike_on_both

STEPS = """
from pathlib import Path
from wardmote.detect import Screener

def kernels():
    return sorted(Path({folder!r}).rglob("*.nbc"))

screener = Screener.attributes()
screener.warm()
before = kernels()
shown = screener.screen("I will kill you tonight, and burn your house.").strongest("violence.threat")
assert shown is not None and shown.spans
assert before and kernels() == before
"""


def test_a_warm_screener_has_compiled_all_that_a_flagged_text_needs(tmp_path: Path) -> None:
    """After `warm` a text that all stages read, and that is explained, adds nothing to the folder of kernels."""
    code = STEPS.format(folder=str(tmp_path))

    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
