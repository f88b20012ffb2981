"""A JSON file of one record or an array of records: each stays as it was written."""

import io
import json
import re
from typing import BinaryIO, Final

from provenance.errors import InputError
from provenance.readers.encodings import decode, marked_encoding
from provenance.readers.json_records import is_json_object
from provenance.writers.json_lines import annotated, write_json_lines
from provenance.writers.records import Records

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_DECODER: Final = json.JSONDecoder()


def write_json(source: BinaryIO, sink: BinaryIO, records: Records) -> None:
    """Copy the elements of an array that are written, with what stands between and around them.

    A file of lines is copied as `write_json_lines` does. The text is written in the encoding that
    its byte order mark names, else in UTF-8.
    """
    data = source.read()
    first, _, rest = data.lstrip().partition(b"\n")
    if rest and not rest.isspace() and is_json_object(first):
        write_json_lines(io.BytesIO(data), sink, records)
        return
    encoding, skipped = marked_encoding(data) or ("utf-8", 0)
    text, _ = decode(data)
    sink.write(data[:skipped])
    sink.write(_filtered(text, records).encode(encoding, "surrogatepass"))


def _filtered(text: str, records: Records) -> str:
    start = _after_space(text, 0)
    if text[start : start + 1] != "[":
        verdict = records.verdict(0)
        if verdict.annotation:
            return annotated(text, verdict.annotation)
        return text if verdict.write else ""
    written: list[str] = []
    before, between = start + 1, ""
    number, end = 0, before
    try:
        while text[_after_space(text, end)] != "]":
            begin = _after_space(text, before)
            _, end = _DECODER.raw_decode(text, begin)
            number += 1
            verdict = records.verdict(number)
            element = text[begin:end]
            if verdict.annotation:
                element = annotated(element, verdict.annotation)
            gap = text[before:begin]
            if verdict.write:
                written.append(f"{between if written else ''}{gap}{element}")
            comma = _after_space(text, end)
            if text[comma] != ",":
                break
            between = text[end : comma + 1]
            before = comma + 1
    except (ValueError, IndexError, RecursionError):
        raise InputError("the JSON has changed since it was read. Nothing was written") from None
    return f"{text[: start + 1]}{''.join(written)}{text[end:]}"


def _after_space(text: str, place: int) -> int:
    return _SPACE.match(text, place).end()  # type: ignore[union-attr]  # it matches anything
