"""What is imported, and when."""

import subprocess
import sys

import pytest

from provenance.compiled import can_compile


def run(program):
    """Return what a program prints in a Python of its own."""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_asking_does_not_import_numba():
    """Whether kernels can be compiled is told without importing numba."""
    program = (
        "import sys; from provenance.compiled import can_compile;"
        "print(can_compile(), 'numba' in sys.modules)"
    )
    assert run(program) == f"{can_compile()} False"


def test_a_small_scan_imports_nothing_heavy():
    """A handful of texts is audited without numba and datasketch, which are slow to import."""
    program = (
        "import sys, provenance;"
        "text = 'The old lighthouse went dark on Tuesday night after ninety years of light.';"
        "provenance.scan([provenance.Document('a', text), provenance.Document('b', text + '!')]);"
        "print(sorted({'numba', 'datasketch', 'scipy'} & set(sys.modules)))"
    )
    assert run(program) == "[]"


def test_a_large_scan_loads_kept_machine_code():
    """Where the kernels are kept already, a large corpus is audited without numba."""
    pytest.importorskip("numba")
    program = (
        "import sys, provenance;"
        "text = 'The old lighthouse went dark on Tuesday night after ninety years of light. It was'"
        "' the last one on the coast that a keeper had lit by hand.';"
        "texts = [provenance.Document('a', text), provenance.Document('b', text[:-9] + 'touch.')];"
        "found = provenance.scan(texts, compile_kernels=True);"
        "print(len(found.matches), 'numba' in sys.modules)"
    )
    run(program)
    assert run(program) == "1 False"


def test_without_numba_the_plain_path_runs():
    """Where numba cannot be imported, a large corpus is audited all the same."""
    program = (
        "import sys; sys.modules['numba'] = None\n"
        "import provenance; from provenance import audit; audit.COMPILE_FROM = 0\n"
        "text = 'The old lighthouse went dark on Tuesday night after ninety years of light.'\n"
        "found = provenance.scan([provenance.Document(n, text) for n in 'ab'])\n"
        "print(len(found.matches))"
    )
    assert run(program) == "1"
