"""What a writer is given: the decisions on the records of one file, each to be asked for once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import BinaryIO, TypeAlias

from provenance.errors import InputError
from provenance.writers.decisions import Decision


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a record is written, the fields that it gains, and the document kept in its stead."""

    write: bool
    annotation: Mapping[str, str | bool | None] | None = None
    representative: str = ""


_AS_IT_IS = Verdict(write=True)


class Records:
    """The verdicts on the records of a file by number; those without a decision stay as they are.

    Where records are annotated, all are written. `dropped` and `representatives` are the ids of
    documents that are not written, and of those kept in their stead; `revisits` says whether what
    is dropped leaves a word of it, in formats that have one.
    """

    def __init__(
        self, decisions: Mapping[int, Decision], *, annotate: bool = False, revisits: bool = False
    ) -> None:
        dropped = [d for d in decisions.values() if not (d.keep or annotate)]
        self.annotate = annotate
        self.revisits = revisits
        self.dropped = frozenset(decision.document["id"] for decision in dropped)
        self.representatives = frozenset(decision.representative for decision in dropped)
        self._decisions = decisions
        self._asked = 0

    def verdict(self, number: int) -> Verdict:
        """Return what becomes of a record; numbers rise from 1, 0 is a file of one record."""
        decision = self._decisions.get(number)
        if decision is None:
            return _AS_IT_IS
        self._asked += 1
        if self.annotate:
            return Verdict(write=True, annotation=decision.annotation)
        return Verdict(write=decision.keep, representative=decision.representative)

    def check(self, path: str) -> None:
        """Raise `InputError` unless every record that was decided on came by."""
        if self._asked != len(self._decisions):
            raise InputError(
                f"{path}: {self._asked:,} of {len(self._decisions):,} records are where they were "
                "read. Nothing was written"
            )


# Copies one file without the records that are dropped, from a stream to a stream.
Writer: TypeAlias = Callable[[BinaryIO, BinaryIO, Records], None]
