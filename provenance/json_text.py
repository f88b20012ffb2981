"""One JSON value a line, in UTF-8, whatever the text holds."""

import json
import re
from collections.abc import Sequence

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
_encode_apart = json.JSONEncoder(ensure_ascii=False, separators=("\n", ":")).encode
_SURROGATE = re.compile("[\ud800-\udfff]")


def encode(value: object) -> str:
    """Return a JSON text on one line that UTF-8 can hold: lone surrogates are escaped.

    Other characters beyond ASCII stay as they are. Raises `ValueError` for NaN and infinity.
    """
    return _escaped(_encode(value))


def _escaped(line: str) -> str:
    if line.isascii():
        return line
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", line)


def encode_strings(values: Sequence[str]) -> list[str]:
    """Return what `encode` gives for each string, without the quotation marks around it."""
    # no encoded string holds a line end
    return _escaped(_encode_apart(list(values)))[2:-2].split('"\n"') if values else []
