"""The promises of the index, tried for a moment; benchmarks/index tries them for long."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "index" / "promises.py"


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ["kills", "--kills", "3", "--fresh", "3", "--documents", "120"],
        ["readers", "--seconds", "1", "--readers", "2"],
        ["quotations", "--pages", "40"],
        ["unrelated", "--pages", "1000"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_promise_is_kept(arguments):
    """Kills lose nothing and change nothing; readers are right; quotations found, others not."""
    done = subprocess.run(
        [sys.executable, SCRIPT, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
