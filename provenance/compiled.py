"""Whether kernels can be compiled."""

import functools
from importlib.util import find_spec


@functools.cache
def can_compile() -> bool:
    """Tell whether numba is installed; it is not imported for that."""
    return find_spec("numba") is not None
