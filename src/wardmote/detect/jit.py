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

    The result is kept beside the source, or in the user's cache folder where the package is read-only. Where neither
    can be written numba raises at once; then the process compiles for itself and keeps nothing.
    """
    settings: Any = numba.config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = _folder() or before
    try:
        kernel = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:
        kernel = numba.njit(nogil=True)(function)
    finally:
        settings.CACHE_DIR = before
    return cast("Callable[P, R]", kernel)


@cache
def _folder() -> str:
    """Return a folder of this state of all kernels, or nothing where none can be written beside the source.

    Numba looks at the file of the function alone: one that calls another file's would go on with what that was before.
    """
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(here.glob("*.py")):
        digest.update(path.read_bytes())
    folder = here / "__pycache__" / f"kernels-{digest.hexdigest()[:12]}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return ""
    return str(folder)
