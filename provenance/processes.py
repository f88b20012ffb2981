"""Work in plain Python, shared among processes that hold the same objects.

Threads do not help where the interpreter is busy. Forked processes see what their parent holds
without a copy; only what they find goes back.
"""

import multiprocessing
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import pairwise
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, TypeVar

from provenance.errors import ProvenanceError

if TYPE_CHECKING:
    from multiprocessing.context import ForkProcess

T = TypeVar("T")


def shared_out(
    work: Callable[[slice], Sequence[T]], count: int, workers: int, least: int
) -> list[T]:
    """Return what `work` finds for the things `0..count-1`, in order, whatever the `workers`.

    `work` is asked for slices of them, and what it returns must not depend on how they are cut. A
    process is started for each `least` things, up to `workers`; none on systems without a safe
    fork, and none beside other threads, which a fork would lose.
    """
    shares = min(workers, count // least)
    if shares < 2 or sys.platform != "linux" or threading.active_count() > 1:
        return list(work(slice(0, count)))
    edges = [count * share // shares for share in range(shares + 1)]
    fork = multiprocessing.get_context("fork")
    crew: list[tuple[ForkProcess, Connection]] = []
    try:
        with _deaf_to_interrupts():
            for low, high in list(pairwise(edges))[1:]:
                ours, theirs = fork.Pipe(duplex=False)
                process = fork.Process(target=_send, args=(work, slice(low, high), theirs))
                process.start()
                theirs.close()
                crew.append((process, ours))
        found = list(work(slice(0, edges[1])))
        for _, ours in crew:
            found += _received(ours)
    finally:
        for process, ours in crew:
            ours.close()
            process.kill()
            process.join()
    return found


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Hold Ctrl-C back; what is started meanwhile never hears it, but is ended by its parent."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _send(work: Callable[[slice], Sequence[T]], share: slice, theirs: Connection) -> None:
    found: object
    try:
        found = pickle.dumps(list(work(share)), pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # noqa: BLE001 - it is raised again where the work was asked for
        found = error
    with suppress(OSError):  # the one that asked has gone
        theirs.send(found)


def _received(ours: Connection) -> list[T]:
    try:
        found = ours.recv()
    except EOFError:
        raise ProvenanceError(
            "a process that read a part of the documents was ended from outside "
            "(memory may be short: --workers 1 needs less)"
        ) from None
    if isinstance(found, Exception):
        raise found
    part: list[T] = pickle.loads(found)  # noqa: S301 - it comes from this program
    return part
