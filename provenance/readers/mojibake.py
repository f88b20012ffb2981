"""Text that was UTF-8 once and was read in another encoding: noticed, never repaired."""

import re
from typing import Final

NOTE: Final = "it looks like UTF-8 that was read in another encoding, and is taken as it stands"

_LEAST: Final = 2
# What the bytes of UTF-8 become when they are read as windows-1252 (or latin-1, for those that
# it does not have).
_READ_AS: Final = tuple(
    bytes([byte]).decode("cp1252", "replace").replace("\ufffd", chr(byte)) for byte in range(256)
)
_BYTE_OF: Final = {ord(character): chr(byte) for byte, character in enumerate(_READ_AS)} | {
    byte: chr(byte) for byte in range(256)
}
_INNER: Final = re.escape("".join(sorted({*_READ_AS[0x80:0xC0], *map(chr, range(0x80, 0xC0))})))
_SEQUENCE: Final = re.compile(
    f"[\xc2-\xdf][{_INNER}]|[\xe0-\xef][{_INNER}]{{2}}|[\xf0-\xf4][{_INNER}]{{3}}"
)
# One of these stands in nearly every such text: the first bytes of the letters of Europe, of
# quotation marks, of Cyrillic and Arabic, and bytes that no encoding has a character for.
_MARKS: Final = (
    *("\xc3", "\xe2\u20ac", "\xc2", "\xd0", "\xd1", "\xd8", "\xd9", "\x80"),
    *("\x81", "\x8d", "\x8f", "\x90", "\x9d"),
)
MARKS: Final = tuple(mark.encode() for mark in _MARKS)  # in UTF-8


def is_mojibake(text: str) -> bool:
    """Tell whether two places or more of a text are bytes of UTF-8, each read as a character."""
    if text.isascii() or not any(mark in text for mark in _MARKS):
        return False
    found = 0
    for match in _SEQUENCE.finditer(text):
        data = match[0].translate(_BYTE_OF).encode("latin-1")
        try:
            character = data.decode()
        except UnicodeDecodeError:
            continue
        found += character.isprintable() or character == "\xa0"
        if found >= _LEAST:
            return True
    return False
