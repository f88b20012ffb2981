"""A text with the source of each of its passages."""

from collections.abc import Iterator, Mapping, Sequence

from provenance.index.trace import Source, Trace
from provenance.output.display import fit_name, number, printable, wrap

COLUMNS = (
    "start",
    "end",
    "source",
    "source_start",
    "source_end",
    "class",
    "kind",
    "similarity",
    "tokens",
    "direction",
    "confidence",
    "text",
)
_COLORS = ("\x1b[36m", "\x1b[33m", "\x1b[32m", "\x1b[35m", "\x1b[34m", "\x1b[31m")
_PLAIN, _FAINT = "\x1b[0m", "\x1b[2m"
_SHOWN = 200


def render(trace: Trace, *, columns: int = 100, color: bool = False) -> str:
    """Return the text, each passage marked with the number of its source, and the sources.

    Where passages overlap, the place is that of the source that comes first. With `color` each
    source has a colour and what is nobody's is faint; else passages stand in [brackets].
    """
    lines = [f"{fit_name(trace.document.id, columns)}"]
    if not trace.sources:
        lines.append("Nothing in the index has a passage of this text.")
    else:
        explained = _explained(trace)
        count = number(len(trace.sources), "document")
        lines.append(f"{explained:.0%} of its letters stand in {count} of the index.")
    lines.append("")
    lines += _text(trace, columns, color=color)
    if trace.sources or trace.hidden:
        lines.append("")
    for index, source in enumerate(trace.sources, 1):
        mark = f"{_COLORS[(index - 1) % len(_COLORS)]}[{index}]{_PLAIN}" if color else f"[{index}]"
        for at, line in enumerate(wrap(_words(source, trace.document.id), columns - 5)):
            lines.append(f"{mark} {line}" if not at else f"    {line}")
    lines += [
        f"[~] {fit_name(row.source, 40)} is not in the index: {row.share:.0%} of the text, "
        f"{row.confidence:.2f}"
        for row in trace.hidden
    ]
    return "".join(line.rstrip() + "\n" for line in lines)


def rows(trace: Trace) -> Iterator[Mapping[str, object]]:
    """Yield one row for each passage and source, in order of the text."""
    found = [(match, source) for source in trace.sources for match in source.matches]
    found.sort(key=lambda pair: (pair[0].a.start, pair[0].a.end, pair[1].document.id))
    for match, source in found:
        row = source.derivation
        yield {
            "start": match.a.start,
            "end": match.a.end,
            "source": source.document.id,
            "source_start": match.b.start,
            "source_end": match.b.end,
            "class": match.match_class.value,
            "kind": match.kind.value,
            "similarity": match.similarity,
            "tokens": match.tokens,
            "direction": _direction(source, trace.document.id),
            "confidence": None if row is None else row.direction_confidence,
            "text": trace.document.text[match.a.start : match.a.end][:_SHOWN],
        }


def _direction(source: Source, document: str) -> str:
    row = source.derivation
    if row is None:
        return "not told"
    if not row.decided:
        return "undecided"
    return "from it" if row.derived == document else "to it"


def _words(source: Source, document: str) -> str:
    """Return a source in words: which, when, how much, which way and why."""
    other, row = source.document, source.derivation
    known = (str(other.published) if other.published else "", other.source or "", other.title or "")
    said = [f"{source.share:.0%} of the text"]
    if row is None:
        said.append("no derivation")
    else:
        how = {"from it": "taken from it", "to it": "it took from this text"}
        direction = how.get(_direction(source, document), "undecided which is the source")
        said.append(f"{row.kind.value}, {direction} ({row.direction_confidence:.2f})")
        said += [e.detail for e in row.evidence[:2]]
    name = " · ".join(filter(None, (other.id, *known)))
    return f"{printable(name)}: {printable('; '.join(said))}"


def _marks(trace: Trace) -> list[int]:
    """Return the number of the source of each letter, 0 for none."""
    marks = [0] * len(trace.document.text)
    for index in range(len(trace.sources), 0, -1):
        for match in trace.sources[index - 1].matches:
            marks[match.a.start : match.a.end] = [index] * (match.a.end - match.a.start)
    return marks


def _explained(trace: Trace) -> float:
    text = trace.document.text
    letters = [bool(mark) for mark, letter in zip(_marks(trace), text, strict=True) if letter > " "]
    return sum(letters) / max(len(letters), 1)


def _text(trace: Trace, columns: int, *, color: bool) -> Iterator[str]:
    marks = _marks(trace)
    start = 0
    for paragraph in trace.document.text.splitlines(keepends=True):
        end = start + len(paragraph)
        if paragraph.strip():
            yield from _paragraph(paragraph, marks[start:end], columns, color=color)
        else:
            yield ""
        start = end


def _paragraph(text: str, marks: Sequence[int], columns: int, *, color: bool) -> Iterator[str]:
    """Yield a paragraph in lines; a passage that goes on in the next line is marked there anew."""
    words = []
    at = 0
    for word in text.split():
        at = text.index(word, at)
        words.append((printable(word), marks[at + len(word) // 2]))
        at += len(word)
    line: list[tuple[str, int]] = []
    used = 0
    for word, mark in words:
        if line and used + len(word) + 1 > columns - 5:
            yield _line(line, color=color)
            line, used = [], 0
        line.append((word, mark))
        used += len(word) + 1
        if len(line) > 1 and line[-2][1] != mark:
            used += 5
    if line:
        yield _line(line, color=color)


def _line(words: Sequence[tuple[str, int]], *, color: bool) -> str:
    parts: list[str] = []
    at = 0
    while at < len(words):
        mark = words[at][1]
        end = at
        while end < len(words) and words[end][1] == mark:
            end += 1
        part = " ".join(word for word, _ in words[at:end])
        if color:
            style = _COLORS[(mark - 1) % len(_COLORS)] if mark else _FAINT
            part = f"{style}{part}{_PLAIN}"
        elif mark:
            part = f"[{mark}: {part}]"
        parts.append(part)
        at = end
    return " ".join(parts)
