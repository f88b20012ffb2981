"""Kernels are made before they are needed, on all processors."""

import inspect
from importlib import import_module
from pathlib import Path

import pytest

import provenance
from provenance.machine_code import Kernel, is_kept, machine_code
from provenance.warm_up import IN_BULK, OF_AN_AUDIT, OF_AN_INDEX, make_missing

pytest.importorskip("numba")


@machine_code("i8 -> i8")
def first_kernel(number):
    """Return the next number."""
    return number + 1


@machine_code("i8 -> i8")
def second_kernel(number):
    """Return the number before."""
    return number - 1


@machine_code("i8 -> i8")
def third_kernel(number):
    """Return the double."""
    return number * 2


@machine_code("i8 -> i8")
def fourth_kernel(number):
    """Return the square."""
    return number * number


KERNELS = (first_kernel, second_kernel, third_kernel, fourth_kernel)


@pytest.fixture
def modules(monkeypatch, tmp_path):
    """Name this module as one of the package's, with an empty cache."""
    monkeypatch.setenv("PROVENANCE_CACHE_DIR", str(tmp_path / "cache"))
    own = inspect.getmodule(first_kernel)
    monkeypatch.setattr("provenance.warm_up.import_module", lambda _name: own)
    return ("these",)


@pytest.mark.parametrize("workers", [2, 3])
def test_what_is_missing_is_made_and_kept(modules, workers):
    """All kernels are there afterwards, and are told of once; then there is nothing to do."""
    told = []
    make_missing(modules, workers, lambda: told.append("many"))
    assert all(map(is_kept, KERNELS))
    assert [kernel(5) for kernel in KERNELS] == [6, 4, 10, 25]
    make_missing(modules, workers, lambda: told.append("more"))
    assert told == ["many"]


def test_one_processor_makes_them_as_they_are_needed(modules):
    """Where nothing can be done at once, nothing is done early."""
    make_missing(modules, 1, pytest.fail)
    assert not any(map(is_kept, KERNELS))


def test_nothing_is_made_where_it_cannot_be_kept(modules, monkeypatch, tmp_path):
    """What processes made for themselves would be lost with them."""
    place = tmp_path / "file"
    place.write_text("")
    monkeypatch.setenv("PROVENANCE_CACHE_DIR", str(place / "below"))
    make_missing(modules, 2, pytest.fail)


def test_every_kernel_of_the_package_is_of_some_use():
    """Each module with kernels is named for an audit, in bulk or for an index."""
    root = Path(provenance.__file__).parent
    found = {
        ".".join(path.relative_to(root).with_suffix("").parts)
        for path in root.rglob("*.py")
        if "@machine_code(" in path.read_text("utf-8")
    }
    assert found <= {*OF_AN_AUDIT, *IN_BULK, *OF_AN_INDEX, "text.spellings"}
    for name in {*OF_AN_AUDIT, *IN_BULK, *OF_AN_INDEX}:
        members = vars(import_module(f"provenance.{name}")).values()
        assert any(isinstance(value, Kernel) for value in members)
