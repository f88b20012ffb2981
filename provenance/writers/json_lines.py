"""JSON Lines: every line that is written is the line that was read, byte for byte."""

import codecs
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import BinaryIO

from provenance.errors import InputError
from provenance.readers.encodings import marked_encoding
from provenance.writers.records import Records


def write_json_lines(source: BinaryIO, sink: BinaryIO, records: Records) -> None:
    """Copy the lines, those of dropped records left out, those of annotated ones with fields more.

    Lines of white space stay, and have no number.
    """
    mark, encoding, lines = _lines(source)
    sink.write(mark)
    number = 0
    for line in lines:
        if not line or line.isspace():
            sink.write(line.encode(encoding, "surrogateescape"))
            continue
        number += 1
        verdict = records.verdict(number)
        if not verdict.write:
            continue
        if verdict.annotation:
            line = annotated(line, verdict.annotation)  # noqa: PLW2901 - the same line, with more
        sink.write(line.encode(encoding, "surrogateescape"))


def annotated(record: str, annotation: Mapping[str, object]) -> str:
    """Return the text of a JSON object with fields added behind its own, which stay as they are.

    Only where it has some of them already, from an earlier annotation, is it written anew.
    """
    body = record.rstrip()
    tail = record[len(body) :]
    if not body.endswith("}"):
        raise InputError("an annotated record must be a JSON object")
    if any(f'"{name}"' in body for name in annotation):
        own = json.loads(body.removeprefix("\ufeff"))
        if not annotation.keys().isdisjoint(own):
            kept = {name: value for name, value in own.items() if name not in annotation}
            return json.dumps({**kept, **annotation}) + tail
    # In ASCII, which is right in every encoding that the line may be in.
    return f"{body[:-1].rstrip()}, {json.dumps(annotation)[1:]}{tail}"


def _lines(source: BinaryIO) -> tuple[bytes, str, Iterator[str]]:
    """Return the byte order mark, an encoding that keeps every byte, and the lines with ends."""
    first = source.readline()
    encoding, skipped = marked_encoding(first) or ("utf-8", 0)
    if codecs.lookup(encoding).name.startswith(("utf-16", "utf-32")):
        text = (first + source.read())[skipped:].decode(encoding, "surrogatepass")
        return first[:skipped], encoding, iter(_pieces(text))
    rest = chain((first[skipped:],), source)
    return first[:skipped], "utf-8", (line.decode("utf-8", "surrogateescape") for line in rest)


def _pieces(text: str) -> Iterable[str]:
    *whole, last = text.split("\n")
    return [*(f"{line}\n" for line in whole), *([last] if last else [])]
