"""Bytes to text: what the file says, else UTF-8, else the best guess with a note."""

import codecs
from typing import Final

from provenance.errors import InputError

# The longer mark first: UTF-32's begins with UTF-16's.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# How files begin that hold no text, although much of them may decode as text.
_SIGNATURES: Final = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an office document of the old kind"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "gzip data without the suffix .gz"),
    (b"\x28\xb5\x2f\xfd", "zstandard data without the suffix .zst"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"SQLite format 3\x00", "an SQLite database"),
)
_CONTROLS: Final = bytes(byte for byte in range(32) if byte not in b"\t\n\v\f\r\b\x1b") + b"\x7f"
# Shares of control characters above which bytes are no text: valid UTF-8 with a stray NUL is.
_CONTROLS_IN_UTF8: Final = 0.1
_CONTROLS_ELSEWHERE: Final = 0.02
# Share of broken characters, among those past ASCII, up to which a text is damaged UTF-8 rather
# than something else.
_DAMAGED: Final = 0.1
_SAMPLE: Final = 1 << 16
_BEFORE: Final = 256  # bytes of it before the first that is no UTF-8; more would only dilute it
# The legacy encodings of the web (WHATWG Encoding Standard), by Python's names.
_LEGACY: Final = (
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258"),
    *("iso8859_2", "iso8859_5", "iso8859_6", "iso8859_7", "iso8859_8", "cp866", "cp874"),
    *("koi8_r", "koi8_u", "mac_roman", "mac_cyrillic", "gb18030", "big5", "big5hkscs"),
    *("cp932", "shift_jis", "euc_jp", "iso2022_jp", "cp949", "euc_kr"),
)
_DEFAULT: Final = "cp1252"
# What pages mean (WHATWG Encoding Standard) that name the first of each.
_MEANT: Final = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "utf-16": "utf-8",
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
}


def marked_encoding(start: bytes | bytearray) -> tuple[str, int] | None:
    """Return the encoding and the length of the byte order mark that bytes begin with."""
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding, len(mark)
    return None


def refuse_binary(start: bytes | bytearray) -> None:
    """Raise `InputError` where bytes begin as a known kind of file does that is no text."""
    for signature, what in _SIGNATURES:
        if start.startswith(signature):
            raise InputError(f"binary file: {what}")


def check_encoding(name: str) -> None:
    """Raise `InputError` unless Python can decode text by this name."""
    try:
        b"\n".decode(name)
    except UnicodeError:
        return  # a known encoding, whose characters are longer
    except (LookupError, ValueError):
        raise InputError(
            f"{name!r} is no text encoding that Python knows; try utf-8, cp1252 or gb18030"
        ) from None


def decode(
    data: bytes, encoding: str | None = None, declared: str | None = None
) -> tuple[str, str | None]:
    """Decode a file's bytes, newlines untouched; the second value says what had to be assumed.

    In this order: the byte order mark (removed), the encoding given, the one that the file
    declares (where it fits), strict UTF-8, UTF-8 with a few broken bytes (each becomes U+FFFD),
    detection among the web's encodings. The same bytes always decode the same way. Raises
    `InputError` with the reason where they are no text.
    """
    if marked := marked_encoding(data):
        return _strictly(data[marked[1] :], marked[0]), None
    if encoding:
        return _strictly(data, encoding), None
    refuse_binary(data)
    unfit = None
    if declared and (name := _of_the_web(declared)):
        try:
            return data.decode(name), None
        except (UnicodeError, ValueError):
            unfit = f"not {declared}, as it says"
    text, note = _undeclared(data)
    return text, "; ".join(filter(None, (unfit, note))) or None


def _of_the_web(declared: str) -> str | None:
    """Return Python's name of a declared encoding; of two like each other the web means one."""
    try:
        name = codecs.lookup(declared).name
        b"\n".decode(name)
    except UnicodeError:
        pass
    except (LookupError, ValueError):
        return None
    return _MEANT.get(name, name)


def _undeclared(data: bytes) -> tuple[str, str | None]:
    """Decode bytes of which nothing is known."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text, _, note = guess(data)
        return text, note
    if _controls(data[:_SAMPLE]) > _CONTROLS_IN_UTF8:
        raise InputError("binary file")
    return text, None


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (UnicodeError, ValueError) as error:
        raise InputError(f"not {encoding}: {error}") from None


def _controls(sample: bytes) -> float:
    return 1 - len(sample.translate(None, _CONTROLS)) / len(sample) if sample else 0.0


def guess(data: bytes) -> tuple[str, str, str]:
    """Return text, encoding and a note for bytes that are no UTF-8.

    Raises `InputError` where they are no text in any encoding that detection knows.
    """
    try:
        data.decode()
    except UnicodeDecodeError as error:
        broken = error.start
    else:
        raise ValueError("the bytes are UTF-8")
    sample = data[max(0, broken - _BEFORE) :][:_SAMPLE]
    if _controls(sample) > _CONTROLS_ELSEWHERE:
        raise InputError("binary file")
    text = data.decode(errors="replace")
    replaced = text.count("\ufffd") - data.count(b"\xef\xbf\xbd")
    if replaced <= _DAMAGED * sum(byte > 0xC1 for byte in sample):
        return (
            text,
            "utf-8",
            f"not valid UTF-8 from byte {broken} on; {replaced} broken characters read as U+FFFD",
        )
    for encoding in (*_detect(sample), _DEFAULT):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        note = f"not UTF-8; read as {encoding} by detection (--encoding names another)"
        return text, encoding, note
    raise InputError("not UTF-8, and detection finds no other encoding; name it with --encoding")


def _detect(sample: bytes) -> list[str]:
    """Return the encodings that the sample may be in, likeliest first.

    Western European text often decodes as several of them; where windows-1252, the web's
    default, is as good as the best, it is the best.
    """
    from charset_normalizer import from_bytes

    # A sample that ends within a character would rule out its encoding.
    end = max(sample.rfind(b"\n"), sample.rfind(b" ")) + 1
    if end > len(sample) // 2:
        sample = sample[:end]
    matches = list(from_bytes(sample, cp_isolation=list(_LEGACY)))
    found = [match.encoding for match in matches]
    for match in matches:
        if _DEFAULT in match.could_be_from_charset and match.coherence >= matches[0].coherence:
            return [_DEFAULT, *found]
    return found
