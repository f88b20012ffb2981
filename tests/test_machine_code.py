"""Kernels with stated types: right whatever became of what was kept of them."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("numba")

import provenance.machine_code as machine_code_module
from provenance.machine_code import Inlined, Kernel, Lasting, machine_code

PROGRAM = """
import sys, numpy as np
from kernels import scaled
print(scaled(np.arange(5, dtype=np.uint64), 3), 'numba' in sys.modules)
"""
MODULE = """
import numpy as np
from provenance.machine_code import Inlined, machine_code
OFFSET = {offset}
@Inlined
def times(value, factor):
    return value * np.uint64(factor) {twist}
@machine_code("u8[:], i8 -> i8")
def scaled(values, factor):
    total = OFFSET
    for value in values:
        total += np.int64(times(value, factor))
    return total
"""


@pytest.fixture
def project(tmp_path):
    """Return a function that writes a module with a kernel and runs it in a new process."""

    def run(offset=0, twist="", **environment):
        (tmp_path / "kernels.py").write_text(MODULE.format(offset=offset, twist=twist), "utf-8")
        root = Path(__file__).parents[1]
        done = subprocess.run(
            [sys.executable, "-B", "-c", PROGRAM],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{root}", **environment},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    run.folder = tmp_path
    return run


def kept(folder):
    """Return the files of machine code below a folder."""
    return sorted(folder.rglob("*.o"))


def test_a_second_process_needs_no_numba(project):
    """What one process compiled the next one loads, without importing numba."""
    assert project() == "30 True"
    assert project() == "30 False"


def test_stale_machine_code_is_made_anew(project):
    """A change of a constant, or of a function that is inlined, is noticed."""
    project()
    assert project(offset=5) == "35 True"
    assert project(offset=5, twist="+ np.uint64(1)") == "40 True"
    assert project(offset=5, twist="+ np.uint64(1)") == "40 False"


@pytest.mark.parametrize("damage", [b"", b"nonsense", None], ids=["empty", "nonsense", "cut"])
def test_damaged_machine_code_is_made_anew(project, damage):
    """A file that is empty, of another kind or cut short is not run."""
    project()
    (place,) = kept(project.folder)
    place.write_bytes(place.read_bytes()[:-200] if damage is None else damage)
    assert project() == "30 True"
    assert project() == "30 False"


@pytest.mark.parametrize("line", [3, 4], ids=["symbol", "undefined"])
def test_the_names_that_are_kept_are_checked_too(project, line):
    """A name that was changed, which the loader would not survive, means that code is made anew."""
    project()
    (place,) = kept(project.folder)
    lines = place.read_bytes().split(b"\n", 5)
    lines[line] += b"z"
    place.write_bytes(b"\n".join(lines))
    assert project() == "30 True"


def test_what_cannot_be_put_in_place_leaves_nothing_behind(project):
    """Where the file cannot be replaced its unfinished copy goes, and the next place is used."""
    project()
    (place,) = kept(project.folder)
    place.unlink()
    place.mkdir()
    assert project(XDG_CACHE_HOME=str(project.folder / "user")) == "30 True"
    assert list(place.parent.iterdir()) == [place]
    assert project(XDG_CACHE_HOME=str(project.folder / "user")) == "30 False"


def test_where_nothing_can_be_written_each_process_compiles(project):
    """A place that cannot be made is passed over without a word."""
    (project.folder / "file").write_text("no folder")
    nowhere = str(project.folder / "file" / "cache")
    for _ in range(2):
        assert project(PROVENANCE_CACHE_DIR=nowhere) == "30 True"
    assert kept(project.folder) == []


@pytest.mark.skipif(os.name != "posix", reason="names the home folder as POSIX does")
def test_a_read_only_installation_uses_the_cache_of_the_user(project):
    """What cannot be kept beside the source is kept in the home folder, which may be new."""
    (project.folder / "__pycache__").write_text("nothing can be written here")
    home = project.folder / "home"
    environment = {"HOME": str(home), "XDG_CACHE_HOME": ""}
    assert project(**environment) == "30 True"
    assert [path.parent for path in kept(project.folder)] == [home / ".cache" / "provenance"]
    assert project(**environment) == "30 False"


@pytest.mark.skipif(os.name != "posix", reason="names the home folder as POSIX does")
def test_a_container_without_a_home_works(project):
    """Where there is neither a place beside the source nor a home, each process compiles."""
    (project.folder / "__pycache__").write_text("nothing can be written here")
    environment = {"HOME": str(project.folder / "__pycache__" / "home"), "XDG_CACHE_HOME": ""}
    for _ in range(2):
        assert project(**environment) == "30 True"
    assert kept(project.folder) == []


@pytest.mark.parametrize("change", ["processor", "features", "version"])
def test_machine_code_is_kept_by_processor_and_version(monkeypatch, change):
    """Code of another processor, or made by another version, has another name."""
    binding = pytest.importorskip("llvmlite.binding")
    before = machine_code_module._environment.__wrapped__()
    if change == "processor":
        monkeypatch.setattr(binding, "get_host_cpu_name", lambda: "another")
    elif change == "features":
        features = binding.get_host_cpu_features()
        features["made-up"] = True
        monkeypatch.setattr(binding, "get_host_cpu_features", lambda: features)
    else:
        monkeypatch.setattr(machine_code_module, "version", lambda package: f"9.{len(package)}")
    after = machine_code_module._environment.__wrapped__()
    assert before[2] != after[2]


def test_a_folder_for_the_cache_can_be_named(project):
    """PROVENANCE_CACHE_DIR says where machine code is kept."""
    folder = project.folder / "elsewhere"
    assert project(PROVENANCE_CACHE_DIR=str(folder)) == "30 True"
    assert kept(folder) == kept(project.folder) != []
    assert project(PROVENANCE_CACHE_DIR=str(folder)) == "30 False"


@machine_code("u4[:], i8[::], f8 -> f8")
def mixed_kernel(values, table, factor):
    """Add up a column of a table and scaled values."""
    total = 0.0
    for i in range(len(values)):
        total += values[i] * factor + table[i, 1]
    return total


def test_arrays_of_other_types_are_refused():
    """An array of another type, shape or layout raises `TypeError` and is not read."""
    values, table = np.arange(3, dtype=np.uint32), np.ones((3, 2), np.int64)
    assert mixed_kernel(values, table, 2.0) == mixed_kernel.plain(values, table, 2.0) == 9.0
    for wrong in (values.astype(np.int32), values[::2], values.reshape(1, 3)):
        with pytest.raises(TypeError):
            mixed_kernel(wrong, table, 2.0)
    with pytest.raises(TypeError):
        mixed_kernel(values, np.asfortranarray(table), 2.0)


def test_arrays_that_last():
    """A kernel reads an array that lasts as it is now, and refuses one of another type."""
    values, table = np.arange(3, dtype=np.uint32), np.ones((3, 2), np.int64)
    lasting = Lasting(values), Lasting(table)
    assert mixed_kernel(*lasting, 2.0) == 9.0
    values[0] = 10
    table[0, 1] = 5
    assert mixed_kernel(*lasting, 2.0) == mixed_kernel.plain(values, table, 2.0) == 33.0
    with pytest.raises(TypeError):
        mixed_kernel(Lasting(values.astype(np.int32)), table, 2.0)
    with pytest.raises(TypeError):
        Lasting(values[::2])


def test_empty_and_read_only_arrays():
    """A kernel takes arrays without elements and those that cannot be written to."""
    values, table = np.arange(3, dtype=np.uint32), np.ones((3, 2), np.int64)
    values.flags.writeable = table.flags.writeable = False
    assert mixed_kernel(values, table, 2.0) == 9.0
    assert mixed_kernel(values[:0], table, 2.0) == 0.0


def test_threads_make_a_kernel_once(monkeypatch):
    """Threads that call a new kernel at the same time wait for one of them to make it."""
    made = []
    make = Kernel._make
    monkeypatch.setattr(Kernel, "_make", lambda self: made.append(self) or make(self))
    fresh = machine_code("u4[:], i8[::], f8 -> f8")(mixed_kernel.plain)
    values, table = np.arange(3, dtype=np.uint32), np.ones((3, 2), np.int64)
    with ThreadPoolExecutor(4) as crew:
        results = list(crew.map(lambda _: fresh(values, table, 2.0), range(8)))
    assert results == [9.0] * 8
    assert made == [fresh]


def test_kernels_and_their_parts_run_as_plain_python():
    """What kernels are made of can be called by itself."""
    assert Inlined(lambda value: value + 1)(2) == 3
    assert isinstance(mixed_kernel, Kernel)
