"""Compiles the kernels: without the GIL, and remembered on disk so that a second process need not compile."""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Return `function` compiled to machine code on its first call.

    The result is kept in `NUMBA_CACHE_DIR`, or else beside the source, or in the user's cache folder where the package
    is read-only. Where none can be written numba raises at once; then the process compiles for itself alone.
    """
    settings: Any = numba.config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = _folder(before) or before
    try:
        kernel = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:
        kernel = numba.njit(nogil=True)(function)
    finally:
        settings.CACHE_DIR = before
    return cast("Callable[P, R]", kernel)


@cache
def _folder(chosen: str) -> str:
    """Return a folder of this state of all kernels, or nothing where none can be written, in `chosen` if it is given.

    Numba looks at the file of the function alone: one that calls another file's would go on with what that was before.
    """
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(here.rglob("*.py")):
        digest.update(path.read_bytes())
    folder = Path(chosen or here / "__pycache__") / f"kernels-{digest.hexdigest()[:12]}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return ""
    return str(folder)
