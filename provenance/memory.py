"""Reading memory by its address, for kernels over any number of arrays."""

import ctypes
from typing import Any

from provenance.machine_code import Inlined


def _lowered() -> Any:
    import numba
    from llvmlite import ir
    from numba.extending import intrinsic

    def load(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        read = builder.load(builder.inttoptr(arguments[0], ir.IntType(64).as_pointer()))
        read.align = 1
        return read

    def typed(_context: Any, _address: Any) -> Any:
        return numba.types.uint64(numba.types.int64), load

    return intrinsic(typed)


def _peek(address: Any) -> Any:
    """Return the eight bytes at an address, which may be any, as a number."""
    return ctypes.c_uint64.from_address(address).value


peek = Inlined(_peek, _lowered)
