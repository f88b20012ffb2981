"""How kernels are compiled: the one place that knows numba."""

import functools
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, TypeVar, cast

Function = TypeVar("Function", bound=Callable[..., Any])


@functools.cache
def can_compile() -> bool:
    """Tell whether numba is installed; it is not imported for that."""
    return find_spec("numba") is not None


def kernel(function: Function) -> Function:
    """Compile a function of plain loops over arrays; it holds no lock while it runs.

    Machine code is cached beside the source where that can be written.
    """
    import numba

    try:
        return cast("Function", numba.njit(cache=True, nogil=True, error_model="numpy")(function))
    except RuntimeError:  # no place for a cache: compile anew in each process
        return cast("Function", numba.njit(nogil=True, error_model="numpy")(function))


@functools.cache
def compiled(function: Function) -> Function:
    """Return the compiled form of a kernel that also runs as plain Python."""
    return kernel(function)
