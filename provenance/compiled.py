"""Whether kernels can be compiled, and on how many processors they may run."""

import functools
import os
from importlib.util import find_spec


@functools.cache
def can_compile() -> bool:
    """Tell whether numba is installed; it is not imported for that."""
    return find_spec("numba") is not None


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
