"""The library's face: what can be imported, and what importing costs."""

import os
import subprocess
import sys
from collections.abc import Callable
from types import FunctionType

import numba
import pytest

from wardmote import detect
from wardmote.detect import jit

pytestmark = pytest.mark.alike_on_both

PROBE = """
import sys
opened = []
sys.addaudithook(lambda event, arguments: opened.append(arguments[0]) if event == "open" else None)
import wardmote.detect
weighty = ("django", "numba", "numpy", "onnxruntime", "pyarrow", "scipy", "sklearn", "rich", "socket")
heavy = [name for name in weighty if name in sys.modules]
read = [str(path) for path in opened if str(path).endswith((".npz", ".json", ".csv", ".nbi", ".nbc"))]
screener = wardmote.detect.Screener.default()
early = [str(path) for path in opened if str(path).endswith(".npz")]
scores = screener.screen("I will kill you").scores
late = [str(path) for path in opened if str(path).endswith(".npz")]
django = [name for name in sys.modules if name.partition(".")[0] in ("django", "sklearn")]
print([heavy, read, early, len(late), django, scores])
"""


def probe(seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", PROBE], env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def test_all_is_sorted_and_complete() -> None:
    """`__all__` is sorted, and every public class and function that the package shows is in it."""
    public = {name for name, value in vars(detect).items() if isinstance(value, (type, FunctionType))}

    assert sorted(detect.__all__) == detect.__all__
    assert public == set(detect.__all__)


def test_importing_reads_nothing_and_scores_do_not_hang_on_the_hash_seed() -> None:
    """Importing is light and opens no data; weights and word table come with the first text; seeds change nothing."""
    one, other = probe("0"), probe("424242")

    assert one.startswith("[[], [], [], 3, [], {'violence.threat': ")
    assert one == other


def test_kernels_compile_where_nothing_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where numba finds no folder for its cache, kernels still compile, for this process alone."""
    honest: Callable[..., Callable[..., object]] = numba.njit

    def nowhere(*functions: Callable[..., object], **options: bool) -> Callable[..., object]:
        if options.get("cache"):
            raise RuntimeError("cannot cache function: no locator available")
        return honest(*functions, **options)

    monkeypatch.setattr(numba, "njit", nowhere)

    @jit.compiled
    def double(number: int) -> int:
        return number * 2

    assert double(4) == 8
