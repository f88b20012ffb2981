"""What a command costs, and on which machine: CPU and wall seconds, memory."""

import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple


class FailedError(Exception):
    """A command failed; its last words are the message."""


class Cost(NamedTuple):
    """What one run took: its process and all it started; memory is the largest process's."""

    cpu: float
    wall: float
    megabytes: float


def measure(command: list[str], log: Path, folder: Path) -> Cost:
    """Run a command to its end in a folder; raise `FailedError` with its own words if it fails."""
    began = time.perf_counter()
    with log.open("wb") as errors:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            cwd=folder,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - began
    if process.returncode:
        words = log.read_text("utf-8", "replace").strip().splitlines()
        raise FailedError(words[-1] if words else f"exit code {process.returncode}")
    per_megabyte = 2**20 if sys.platform == "darwin" else 2**10
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / per_megabyte)


def machine() -> str:
    """Describe the machine, the day and its load."""
    processor = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line for line in info.read_text("utf-8").splitlines() if "model name" in line]
        processor = names[0].partition(": ")[2] if names else processor
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores of {processor}, {memory:.0f} GB, "
        f"load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}"
    )
