from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from provenance.flat import flatten, restore
from provenance.model import (
    Derivation,
    DerivationKind,
    Evidence,
    HiddenSource,
    Lineage,
    Span,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Inner:
    """An inner record."""

    flags: "NDArray[np.bool_]"
    rows: "NDArray[np.int32]"


@dataclass(frozen=True, slots=True)
class Outer:
    """A record of every kind of field."""

    inner: Inner
    values: "NDArray[np.float64]"
    count: int
    lineage: Lineage


def test_a_record_comes_back_as_it_was():
    """Arrays, flags of any number, numbers, enumerations and records in tuples are restored."""
    evidence = (Evidence("copy", 0.1 + 0.2, "é\ud800", (Span("a", 0, 3),)), Evidence("x", -1.5, ""))
    kind = next(iter(DerivationKind))
    edge = Derivation("~AP#1", "b", kind, True, False, 1 / 3, 0.5, 1.0, evidence)  # noqa: FBT003
    lineage = Lineage((edge,), (HiddenSource("~AP#1", "AP", "credit", ("a", "b")),))
    flags = np.array([True, False] * 5 + [True])
    record = Outer(Inner(flags, np.arange(3, dtype=np.int32)), np.array([0.1, np.inf]), 7, lineage)
    again = restore(Outer, flatten(record))
    assert (again.count, again.lineage) == (7, lineage)
    assert again.inner.flags.tolist() == flags.tolist()
    assert again.inner.rows.dtype == np.int32
    assert again.inner.rows.tolist() == [0, 1, 2]
    assert again.values.tolist() == [0.1, np.inf]
