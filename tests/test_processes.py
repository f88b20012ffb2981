"""Work that is shared among processes."""

import os
import signal
import threading

import pytest

from provenance.errors import InputError, ProvenanceError
from provenance.processes import shared_out

THINGS = list(range(50))


def squares(share):
    """Return the squares of a part of the things."""
    return [thing * thing for thing in THINGS[share]]


def processes(share):
    """Return the process that each thing is seen in."""
    return [os.getpid()] * len(THINGS[share])


@pytest.mark.parametrize("workers", [1, 2, 3, 7, 50, 99])
def test_what_is_found_is_the_same_for_any_number_of_workers(workers):
    """Things come back in order, each once."""
    assert shared_out(squares, len(THINGS), workers, 1) == squares(slice(None))


def test_each_process_has_its_fair_share():
    """As many processes work as are asked for, the one that asks among them."""
    seen = shared_out(processes, len(THINGS), 4, 10)
    assert len(set(seen)) == 4
    assert seen[0] == os.getpid()


def test_few_things_are_worked_on_in_one_process():
    """No process is started for fewer things than make one worth it."""
    assert set(shared_out(processes, len(THINGS), 4, 26)) == {os.getpid()}


@pytest.mark.parametrize(("daemon", "shares"), [(False, 1), (True, 4)])
def test_no_process_is_started_beside_threads_that_somebody_waits_for(daemon, shares):
    """A fork would lose them, with the locks that they hold; a bar that is drawn is no matter."""
    done = threading.Event()
    other = threading.Thread(target=done.wait, daemon=daemon)
    other.start()
    try:
        assert len(set(shared_out(processes, len(THINGS), 4, 1))) == shares
    finally:
        done.set()
        other.join()


def test_what_goes_wrong_in_a_process_is_raised():
    """An error of the work is the error of the whole."""

    def fail(share):
        if share.start:
            raise InputError("no such thing")
        return squares(share)

    with pytest.raises(InputError, match="no such thing"):
        shared_out(fail, len(THINGS), 2, 1)


def test_a_process_that_is_killed_is_told():
    """What a lost process would have found is never silently left out."""

    def vanish(share):
        if share.start:
            os.kill(os.getpid(), signal.SIGKILL)
        return squares(share)

    with pytest.raises(ProvenanceError, match="ended from outside"):
        shared_out(vanish, len(THINGS), 2, 1)


def test_no_process_is_left_behind(monkeypatch):
    """Whatever happens, those that were started have ended."""
    started = []
    fork = os.fork

    def counted_fork():
        process = fork()
        started.append(process)
        return process

    monkeypatch.setattr(os, "fork", counted_fork)

    def fail(share):
        if not share.start:
            raise InputError("at once")
        signal.pause()

    with pytest.raises(InputError, match="at once"):
        shared_out(fail, len(THINGS), 3, 1)
    assert len(started) == 2
    for process in started:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)
