"""Work in plain Python, shared among processes that hold the same objects.

Threads do not help where the interpreter is busy. Forked processes see what their parent holds
without a copy; only what they find goes back.
"""

import gc
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import NoReturn, TypeVar

from provenance.errors import ProvenanceError

T = TypeVar("T")


def shared_out(
    work: Callable[[slice], Sequence[T]], count: int, workers: int, least: int
) -> list[T]:
    """Return what `work` finds for the things `0..count-1`, in order, whatever the `workers`.

    `work` is asked for slices of them, and what it returns must not depend on how they are cut. A
    process is started for each `least` things, up to `workers`; none on systems without a safe
    fork, and none beside threads that somebody waits for, which a fork would lose.
    """
    shares = min(workers, count // least)
    if shares < 2 or sys.platform != "linux" or _threads_at_work():
        return list(work(slice(0, count)))
    edges = [count * share // shares for share in range(shares + 1)]
    crew: list[tuple[int, int]] = []
    try:
        with _deaf_to_interrupts():
            for low, high in list(pairwise(edges))[1:]:
                ours, theirs = os.pipe()
                process = os.fork()
                if not process:
                    _work_and_exit(work, slice(low, high), theirs)
                os.close(theirs)
                crew.append((process, ours))
        found = list(work(slice(0, edges[1])))
        for _, ours in crew:
            found += _received(ours)
    finally:
        for process, ours in crew:
            os.close(ours)
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
    return found


def _threads_at_work() -> bool:
    others = (thread for thread in threading.enumerate() if thread != threading.current_thread())
    return any(not thread.daemon for thread in others)


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Hold Ctrl-C back; what is started meanwhile never hears it, but is ended by its parent."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work_and_exit(work: Callable[[slice], Sequence[T]], share: slice, theirs: int) -> NoReturn:
    """Send what is found, and end without a trace: all that is open belongs to the parent."""
    try:
        gc.disable()  # it would touch, and so copy, all that the parent holds
        try:
            found = pickle.dumps(list(work(share)), pickle.HIGHEST_PROTOCOL)
        except Exception as error:  # noqa: BLE001 - it is raised again where the work was asked for
            found = pickle.dumps(error)
        with os.fdopen(theirs, "wb") as pipe:
            pipe.write(found)
    finally:
        os._exit(0)


def _received(ours: int) -> list[T]:
    with os.fdopen(os.dup(ours), "rb") as pipe:
        data = pipe.read()
    try:
        found: list[T] | Exception = pickle.loads(data)  # noqa: S301 - it comes from this program
    except (EOFError, pickle.UnpicklingError):
        raise ProvenanceError(
            "a process that did a part of the work was ended from outside "
            "(memory may be short: --workers 1 needs less)"
        ) from None
    if isinstance(found, Exception):
        raise found
    return found
