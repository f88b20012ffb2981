"""What a user says of the input: encoding, names of fields, limits, an adapter."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

MAX_DOCUMENT: Final = 128 << 20

# Called with every record before its fields are looked up; returns the record to use (its own or
# another mapping), a `Document`, or None to leave it out.
Adapter = Callable[[Mapping[str, object]], object]


@dataclass(frozen=True, slots=True)
class FieldNames:
    """The names that the user gives to fields; None leaves a field to the known names."""

    text: str | None = None
    id: str | None = None
    date: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How all input is to be read; `max_document` bounds the bytes that hold one document."""

    encoding: str | None = None
    fields: FieldNames = FieldNames()
    adapter: Adapter | None = None
    max_document: int = MAX_DOCUMENT


DEFAULTS: Final = ReadOptions()
