"""Compiles the kernels: without the GIL, and remembered on disk so that a second process need not compile."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Return `function` compiled to machine code on its first call.

    Numba keeps the result beside the source, or in the user's cache folder where the package is read-only.
    Where neither can be written it raises at once; then the process compiles for itself and keeps nothing.
    """
    try:
        kernel = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:
        kernel = numba.njit(nogil=True)(function)
    return cast("Callable[P, R]", kernel)
