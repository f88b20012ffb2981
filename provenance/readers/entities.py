"""The named characters of HTML in XML, which XML itself does not know."""

import io
import re
from functools import lru_cache
from html.entities import html5
from typing import BinaryIO, Final, cast

_NAME: Final = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,31});")
_LONGEST: Final = 40
_CHUNK: Final = 1 << 16
_OF_XML: Final = frozenset({b"amp", b"lt", b"gt", b"quot", b"apos"})


def without_names(stream: BinaryIO) -> BinaryIO:
    """Return a stream in which a character that HTML names stands by its number.

    XML does not know '&nbsp;', and a parser that goes on after it loses what follows.
    """
    return cast("BinaryIO", io.BufferedReader(_Numbered(stream), _CHUNK))


class _Numbered(io.RawIOBase):
    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._ready = b""
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._ready:
            chunk = self._stream.read(_CHUNK)
            data = self._rest + chunk
            if not data:
                return 0
            # A name may go on in the next piece.
            mark = data.rfind(b"&", max(0, len(data) - _LONGEST)) if chunk else -1
            cut = mark if mark >= 0 else len(data)
            self._ready, self._rest = _NAME.sub(_numbered, data[:cut]), data[cut:]
        count = min(len(buffer), len(self._ready))
        buffer[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count


def _numbered(match: re.Match[bytes]) -> bytes:
    return match[0] if match[1] in _OF_XML else _numbers(match[1])


@lru_cache(maxsize=4096)
def _numbers(name: bytes) -> bytes:
    characters = html5.get(f"{name.decode('ascii')};")
    if characters is None:
        return b"&%s;" % name
    return b"".join(b"&#%d;" % ord(character) for character in characters)
