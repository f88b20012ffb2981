"""Kernels as plain Python, where a place outside an array raises `IndexError`."""

from contextlib import contextmanager

import numpy as np
import pytest

from provenance.machine_code import Kernel, Lasting


@contextmanager
def checked_kernels():
    """Run every kernel that is called inside as the Python it was made from."""
    with pytest.MonkeyPatch.context() as patch, np.errstate(over="ignore"):
        patch.setattr(Kernel, "__call__", _plainly)
        yield


def _plainly(kernel, *arguments):
    return kernel.plain(*(a.array if isinstance(a, Lasting) else a for a in arguments))
