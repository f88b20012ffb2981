"""Frozen records as named arrays and back, so that they can be kept in one file of plain data."""

import json
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeVar, get_args, get_origin, get_type_hints

import numpy as np

from provenance.json_text import encode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

T = TypeVar("T")
_PLAIN: Final = frozenset([str, int, float, bool])


def flatten(record: object, prefix: str = "") -> "dict[str, NDArray[Any]]":
    """Return the fields of a dataclass as arrays, those of inner ones with a dot in their names.

    Flags are packed eight to a byte, and whatever is no array becomes JSON.
    """
    arrays: dict[str, NDArray[Any]] = {}
    for field in fields(record):  # type: ignore[arg-type]
        name, value = prefix + field.name, getattr(record, field.name)
        if is_dataclass(value):
            arrays |= flatten(value, f"{name}.")
        elif not isinstance(value, np.ndarray):
            text = encode(_plain(value)).encode()
            arrays[name] = np.frombuffer(text, np.uint8)
        elif value.dtype == np.bool_:
            arrays[name] = np.packbits(value)
            arrays[f"{name}#"] = np.array(len(value))
        else:
            arrays[name] = value
    return arrays


def restore(kind: type[T], arrays: "Mapping[str, NDArray[Any]]", prefix: str = "") -> T:
    """Return the record that was flattened; raise `LookupError` or `ValueError` for another."""
    values: list[object] = []
    for name, hint in _hints(kind).items():
        key = prefix + name
        if get_origin(hint) is list:  # an array
            values.append(_array(arrays, key))
        elif is_dataclass(hint) and isinstance(hint, type):
            values.append(restore(hint, arrays, f"{key}."))
        else:
            values.append(_built(hint, json.loads(arrays[key].tobytes())))
    return kind(*values)


def _array(arrays: "Mapping[str, NDArray[Any]]", key: str) -> "NDArray[Any]":
    if f"{key}#" not in arrays:
        return arrays[key]
    return np.unpackbits(arrays[key], count=int(arrays[f"{key}#"])).view(np.bool_)


def _hints(kind: type) -> dict[str, Any]:
    """Return the types of a dataclass's fields; `NDArray` is known to type checkers only."""
    known = get_type_hints(kind, localns={"NDArray": list, "np": np})
    return {field.name: known[field.name] for field in fields(kind)}


def _plain(value: Any) -> object:  # noqa: ANN401 - a field of a record
    kind = type(value)
    if value is None or kind in _PLAIN:
        return value
    if kind is tuple or kind is list:
        return [_plain(item) for item in value]
    if is_dataclass(kind):
        return [_plain(getattr(value, name)) for name in _names(kind)]
    return value.value if isinstance(value, Enum) else value


@cache
def _names(kind: Any) -> tuple[str, ...]:  # noqa: ANN401 - a dataclass
    return tuple(field.name for field in fields(kind))


def _built(hint: Any, value: Any) -> Any:  # noqa: ANN401 - whatever the hint says
    if get_origin(hint) is tuple:
        return tuple(_built(get_args(hint)[0], item) for item in value)
    if isinstance(hint, type) and is_dataclass(hint):
        of_fields = zip(_hints(hint).values(), value, strict=True)
        return hint(*[_built(inner, item) for inner, item in of_fields])
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(value)
    return value
