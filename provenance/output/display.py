"""Any text, made safe and measurable for a terminal."""

from collections.abc import Iterator

from wcwidth import wcswidth, wcwidth

ELLIPSIS = "…"
_BREAKS = "\t\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029"
_INVISIBLE = "\u00ad\u061c\u200b\u200e\u200f\u2060\ufeff"
_REORDERING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufff9\ufffa\ufffb"
_REPLACEMENT = "\ufffd"


def _replacements() -> dict[int, str]:
    table = {code: chr(0x2400 + code) for code in range(0x20)}
    table[0x7F] = "\u2421"
    table.update(dict.fromkeys(range(0x80, 0xA0), _REPLACEMENT))
    table.update(dict.fromkeys(range(0xD800, 0xE000), _REPLACEMENT))
    table.update(dict.fromkeys(map(ord, _REORDERING), _REPLACEMENT))
    table.update(dict.fromkeys(map(ord, _INVISIBLE), ""))
    table.update(dict.fromkeys(map(ord, _BREAKS), " "))
    return table


_REPLACEMENTS = _replacements()


def printable(text: str) -> str:
    """Return one line that no terminal obeys or reorders.

    Line breaks and tabs become spaces; control characters become their pictures; other escape,
    reordering and surrogate code points become U+FFFD; invisible marks are dropped.
    """
    if text.isascii() and text.isprintable():
        return text
    return text.translate(_REPLACEMENTS)


def width(text: str) -> int:
    """Return the terminal columns of a printable text; wide characters take two."""
    return len(text) if text.isascii() else max(wcswidth(text), 0)


def fit(text: str, columns: int) -> str:
    """Return the text printable and at most `columns` wide, cut with an ellipsis where longer.

    A long text costs no more than a short one.
    """
    few = text[: 8 * columns + 8]
    line = printable(few)
    if len(few) == len(text) and width(line) <= columns:
        return line
    kept, used = 0, 0
    for character in line:
        used += max(wcwidth(character), 0)
        if used > columns - 1:
            break
        kept += 1
    return line[:kept].rstrip() + ELLIPSIS


def fit_name(text: str, columns: int) -> str:
    """Return a name printable and at most `columns` wide, cut in the middle where longer.

    Addresses and paths differ at their ends.
    """
    if len(text) <= columns and width(line := printable(text)) <= columns:
        return line
    tail = fit(text[: -columns - 1 : -1], (columns + 1) // 2)[:-1]
    return fit(text, columns - width(tail)) + tail[::-1]


def wrap(text: str, columns: int) -> Iterator[str]:
    """Yield printable lines of at most `columns`, broken at spaces, indented as the first is."""
    line = printable(text)
    indent = line[: len(line) - len(line.lstrip())]
    used = 0
    words: list[str] = []
    for word in line.split():
        for piece in pieces(word, max(columns - len(indent), 1)):
            if words and used + 1 + width(piece) > columns:
                yield indent + " ".join(words)
                used, words = 0, []
            used += width(piece) + (1 if words else len(indent))
            words.append(piece)
    yield indent + " ".join(words) if words else ""


def pieces(text: str, columns: int) -> Iterator[str]:
    """Yield a printable text in parts of at most `columns`; at least one part."""
    start = used = 0
    for position, character in enumerate(text):
        wide = max(wcwidth(character), 0)
        if used + wide > columns and position > start:
            yield text[start:position]
            start, used = position, 0
        used += wide
    yield text[start:]


def pad(text: str, columns: int) -> str:
    """Return a printable text with spaces up to `columns`."""
    return text + " " * (columns - width(text))


def number(value: int, one: str, many: str | None = None) -> str:
    """Return a count with thousands set apart and its noun: `1 passage`, `4,988 passages`."""
    return f"{value:,} {one if value == 1 else many or one + 's'}"
