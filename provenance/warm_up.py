"""Kernels that are not kept yet are made on all processors, before they are needed one by one."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Final

from provenance.machine_code import Kernel, can_be_kept, is_kept, keep
from provenance.processes import shared_out

_OF_TEXTS: Final = ("text.utf8", "match.overlap", "match.packing")
OF_AN_AUDIT: Final = (
    *(*_OF_TEXTS, "text.kernels", "fingerprint.sketch", "match.near", "match.posting_kernels"),
    *("match.sieve", "match.line_kernel", "match.kernels", "match.chain_kernel"),
    "lineage.kernels",
)
IN_BULK: Final = (
    *(*_OF_TEXTS, "readers.scanner", "readers.plain", "readers.plain_texts"),
    *("fingerprint.sketch", "match.near", "output.row_kernel"),
)
OF_AN_INDEX: Final = (
    *(*_OF_TEXTS, "match.kernels", "match.chain_kernel"),
    *("index.kernels", "index.candidate_kernel"),
)
_FEW: Final = 4  # kernels that are made as soon where they are needed


def make_missing(
    modules: Sequence[str], workers: int, tell: Callable[[], None] = lambda: None
) -> None:
    """Make the kernels of some modules that are not kept; `tell` is called where there are many.

    Nothing is done where a single process would make them, or where none can be kept.
    """
    kernels = [
        value
        for name in modules
        for value in vars(import_module(f"provenance.{name}")).values()
        if isinstance(value, Kernel)
    ]
    missing = [kernel for kernel in dict.fromkeys(kernels) if not is_kept(kernel)]
    if workers < 2 or len(missing) < _FEW or not can_be_kept(missing[0]):
        return
    tell()
    missing.sort(key=lambda kernel: -len(kernel.plain.__code__.co_code))
    dealt = [kernel for worker in range(workers) for kernel in missing[worker::workers]]

    def make(share: slice) -> Sequence[None]:
        for kernel in dealt[share]:
            keep(kernel)
        return ()

    shared_out(make, len(dealt), workers, 1)
