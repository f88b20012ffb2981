"""The footer of Parquet, looked at for what pyarrow does not survive.

A chunk of a column whose statistics of size do not fit its type, or that says it is encrypted,
ends the process: pyarrow 26 lets an exception of C++ out of where Python asks for the chunk. What
is read here is Thrift's compact protocol (thrift-compact-protocol.md of Apache Thrift) and the
structures of parquet.thrift.
"""

from typing import Any, BinaryIO, Final, NamedTuple

from provenance.errors import InputError

_TAIL: Final = 8  # bytes behind the footer: its length, and PAR1
_LARGEST: Final = 4 << 20  # bytes of a footer that is looked at
# Fields by their numbers in parquet.thrift.
_ROW_GROUPS, _COLUMNS, _METADATA, _CRYPTO, _SIZES = 4, 1, 3, 8, 16
_UNENCODED, _REPETITIONS, _DEFINITIONS = 1, 2, 3
_TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT, _UUID = (
    *(1, 2, 3, 7, 8, 9, 10, 11, 12),
    13,
)
_WHOLE_NUMBERS: Final = frozenset([4, 5, 6])


class _Read(NamedTuple):
    """A value, and where the next one begins."""

    value: Any
    end: int


def check_footer(stream: BinaryIO, schema: Any) -> None:  # noqa: ANN401 - a class without types
    """Raise `InputError` where asking for a chunk would end the process.

    `schema` is pyarrow's, of the file. A footer of more than 4 MB is not looked at.
    """
    size = stream.seek(0, 2)
    stream.seek(max(size - _TAIL, 0))
    length = int.from_bytes(stream.read(_TAIL)[:4], "little")
    if length > min(_LARGEST, size - _TAIL):
        return
    stream.seek(size - _TAIL - length)
    try:
        footer = _struct(stream.read(length), 0).value
        for group in footer[_ROW_GROUPS]:
            for place, chunk in enumerate(group[_COLUMNS]):
                _check(chunk, schema.column(place))
    except (AttributeError, IndexError, KeyError, TypeError) as error:
        raise InputError("damaged Parquet: a footer that cannot be read") from error


def _check(chunk: dict[int, Any], column: Any) -> None:  # noqa: ANN401 - as above
    sizes = chunk.get(_METADATA, {}).get(_SIZES, {})
    fitting = (
        len(sizes.get(_REPETITIONS, ())) in {0, column.max_repetition_level + 1}
        and len(sizes.get(_DEFINITIONS, ())) in {0, column.max_definition_level + 1}
        and (_UNENCODED not in sizes or column.physical_type == "BYTE_ARRAY")
    )
    if not fitting:
        raise InputError("damaged Parquet: statistics that do not fit their column")
    if _CRYPTO in chunk:
        raise InputError("encrypted Parquet")


def _struct(data: bytes, at: int) -> _Read:
    fields: dict[int, Any] = {}
    number = 0
    while head := data[at]:
        at += 1
        kind = head & 15
        if head >> 4:
            number += head >> 4
        else:
            number, at = _whole_number(data, at)
        if kind in {_TRUE, _FALSE}:
            fields[number] = kind == _TRUE
        else:
            fields[number], at = _value(data, at, kind)
    return _Read(fields, at + 1)


def _value(data: bytes, at: int, kind: int) -> _Read:
    if kind in _WHOLE_NUMBERS:
        return _whole_number(data, at)
    if kind in {_TRUE, _FALSE, _BYTE}:  # truth values in lists
        return _Read(data[at], at + 1)
    if kind == _BINARY:
        size, at = _varint(data, at)
        return _Read(data[at : at + size], at + size)
    if kind == _STRUCT:
        return _struct(data, at)
    if kind in {_LIST, _SET}:
        head = data[at]
        count, at = (head >> 4, at + 1) if head >> 4 < 15 else _varint(data, at + 1)
        values = []
        for _ in range(count):
            value, at = _value(data, at, head & 15)
            values.append(value)
        return _Read(values, at)
    if kind == _MAP:
        count, at = _varint(data, at)
        kinds = data[at] if count else 0
        at += bool(count)
        for _ in range(count):
            at = _value(data, _value(data, at, kinds >> 4).end, kinds & 15).end
        return _Read(None, at)
    if kind in {_DOUBLE, _UUID}:
        return _Read(None, at + (8 if kind == _DOUBLE else 16))
    raise IndexError


def _varint(data: bytes, at: int) -> _Read:
    value = 0
    for shift in range(0, 64, 7):
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return _Read(value, at)
    raise IndexError


def _whole_number(data: bytes, at: int) -> _Read:
    value, at = _varint(data, at)
    return _Read((value >> 1) ^ -(value & 1), at)
