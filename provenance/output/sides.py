"""Two texts side by side: what they share, and the words that differ."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING

from provenance.model import Document, Match, Pair, Span
from provenance.output.display import fit, fit_name, number, pad, pieces, printable, width, wrap
from provenance.text.tokens import tokenize

if TYPE_CHECKING:
    from provenance.audit import Comparison

ANCHOR = 4
GAP = 200
_RULE = " │ "
_COLOR, _PLAIN = "\x1b[33m", "\x1b[0m"


@dataclass(frozen=True, slots=True)
class Word:
    """A token as it stands in its text, with the punctuation that touches it."""

    folded: str
    text: str
    spaced: bool


def render(
    a: Document, b: Document, comparison: "Comparison", *, columns: int = 100, color: bool = False
) -> str:
    """Return what two documents share, their passages in two columns, `a` on the left.

    Words that only one side has stand in [square brackets]; `color` marks them as well. Words
    are equal as the audit takes them: case, accents and punctuation aside.
    """
    pair = _oriented(comparison.pair, a.id)
    matches = [_turned(match, a.id) for match in comparison.matches]
    matches.sort(key=lambda match: (match.a.start, match.b.start, match.a.end, match.b.end))
    column = max((columns - len(_RULE)) // 2, 12)
    lines = list(_heads(a, b, column))
    said = "Words in [brackets] stand on one side only." if matches else "They share no passage."
    for line in ("", *likeness(pair), "", said, ""):
        lines.extend(wrap(line, columns))
    for index, match in enumerate(matches, start=1):
        kind = f"{match.match_class.value.replace('_', ' ')}, {match.kind.value}"
        words = f"{number(match.tokens, 'equal word')}, similarity {match.similarity:.2f}"
        lines.extend(wrap(f"Passage {index} of {len(matches)} · {kind} · {words}", columns))
        lines.append(_row(_offsets(match.a), _offsets(match.b), column))
        lines.extend(_columns(a.text, b.text, match, column, color=color))
        lines.append("")
    return "".join(line.rstrip() + "\n" for line in lines).rstrip("\n") + "\n"


def likeness(pair: Pair) -> list[str]:
    """Return the figures of a pair in words."""
    a, b = fit_name(pair.a, 40), fit_name(pair.b, 40)
    return [
        f"Jaccard {pair.jaccard:.4f}",
        f"{pair.a_containment:.1%} of {a} is in {b}",
        f"{pair.b_containment:.1%} of {b} is in {a}",
    ]


def _oriented(pair: Pair, first: str) -> Pair:
    if pair.a == first:
        return pair
    return Pair(pair.b, pair.a, pair.jaccard, pair.b_containment, pair.a_containment)


def _turned(match: Match, first: str) -> Match:
    if match.a.document == first:
        return match
    return Match(
        a=match.b,
        b=match.a,
        match_class=match.match_class,
        kind=match.kind,
        similarity=match.similarity,
        a_containment=match.b_containment,
        b_containment=match.a_containment,
        tokens=match.tokens,
    )


def _heads(a: Document, b: Document, column: int) -> Iterator[str]:
    for left, right in (
        (fit_name(a.id, column), fit_name(b.id, column)),
        (a.title, b.title),
        (_published(a), _published(b)),
        (_characters(a), _characters(b)),
    ):
        if left or right:
            yield _row(left or "", right or "", column)


def _published(document: Document) -> str:
    published = document.published.text if document.published else None
    return " · ".join(filter(None, (published, document.source)))


def _characters(document: Document) -> str:
    return number(len(document.text), "character")


def _offsets(span: Span) -> str:
    return f"{span.start:,} to {span.end:,}"


def _row(left: str, right: str, column: int) -> str:
    return pad(fit(left, column), column) + _RULE + fit(right, column)


def _columns(a_text: str, b_text: str, match: Match, column: int, *, color: bool) -> Iterator[str]:
    a_words = list(_words(a_text[match.a.start : match.a.end], column - 2))
    b_words = list(_words(b_text[match.b.start : match.b.end], column - 2))
    left, right = _Line(column, color=color), _Line(column, color=color)
    a_start = b_start = 0
    for a_end, b_end, equal in blocks([w.folded for w in a_words], [w.folded for w in b_words]):
        block = zip_longest(a_words[a_start:a_end], b_words[b_start:b_end])
        for a_word, b_word in block:
            if not (left.holds(a_word, equal=equal) and right.holds(b_word, equal=equal)):
                yield left.take() + _RULE + right.take()
            left.add(a_word, equal=equal)
            right.add(b_word, equal=equal)
        a_start, b_start = a_end, b_end
    if a_words or b_words:
        yield left.take() + _RULE + right.take()


def _words(text: str, longest: int) -> Iterator[Word]:
    tokens = list(tokenize(text))
    start, spaced = 0, True
    for token, following in zip_longest(tokens, tokens[1:]):
        end, then_spaced = len(text), True
        if following:
            end, then_spaced = _boundary(text, token.end, following.start)
        shown = " ".join(printable(text[start:end]).split())
        for piece in pieces(shown, longest):
            yield Word(token.folded, piece, spaced)
            spaced = False
        start, spaced = end, then_spaced


def _boundary(text: str, end: int, start: int) -> tuple[int, bool]:
    # Punctuation belongs to the word that it touches: `said, "Yes` parts before the quote.
    for position in range(start, end, -1):
        if text[position - 1].isspace():
            return position, True
    return start, False


def blocks(a: Sequence[str], b: Sequence[str]) -> Iterator[tuple[int, int, bool]]:
    """Yield in order the ends in `a` and `b` of blocks of words, and whether they are equal.

    Runs of words that occur once in each anchor the comparison (Cohen's patience diff, with
    runs for lines), so a long text costs little more than its length; between two anchors at
    most 200 words are compared in detail, and a longer stretch counts as different.
    """
    a_done = b_done = 0
    for a_start, b_start, length in _merged(_anchors(a, b), len(a), len(b)):
        yield from _gap(a, b, (a_done, a_start), (b_done, b_start))
        a_done, b_done = a_start + length, b_start + length
        if length:
            yield a_done, b_done, True


def _gap(
    a: Sequence[str], b: Sequence[str], a_range: tuple[int, int], b_range: tuple[int, int]
) -> Iterator[tuple[int, int, bool]]:
    (a_start, a_end), (b_start, b_end) = a_range, b_range
    if max(a_end - a_start, b_end - b_start) > GAP:
        yield a_end, b_end, False
        return
    matcher = SequenceMatcher(None, a[a_start:a_end], b[b_start:b_end], autojunk=False)
    for tag, _, i, _, j in matcher.get_opcodes():
        yield a_start + i, b_start + j, tag == "equal"


def _anchors(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int, int]]:
    """Return equal runs `(a, b, length)` whose starts rise on both sides; runs may overlap."""
    head = 0
    while head < min(len(a), len(b)) and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < min(len(a), len(b)) - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    a_once = _once(a, head, len(a) - tail)
    b_once = _once(b, head, len(b) - tail)
    shared = [(position, b_once[run]) for run, position in a_once.items() if run in b_once]
    rising = [(i, j, ANCHOR) for i, j in _rising(shared)]
    return [(0, 0, head), *rising, (len(a) - tail, len(b) - tail, tail)]


def _once(words: Sequence[str], start: int, end: int) -> dict[tuple[str, ...], int]:
    """Return the position of each run of words that occurs once, in order of position."""
    found: dict[tuple[str, ...], int] = {}
    for position in range(start, end - ANCHOR + 1):
        run = tuple(words[position : position + ANCHOR])
        found[run] = -1 if run in found else position
    return {run: position for run, position in found.items() if position >= 0}


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return a longest subsequence of pairs, sorted by the first, whose second rises."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for index, (_, value) in enumerate(pairs):
        place = bisect_left(ends, value)
        before.append(last[place - 1] if place else -1)
        ends[place : place + 1] = [value]
        last[place : place + 1] = [index]
    chain: list[tuple[int, int]] = []
    index = last[-1] if last else -1
    while index >= 0:
        chain.append(pairs[index])
        index = before[index]
    return chain[::-1]


def _merged(
    runs: Sequence[tuple[int, int, int]], a_end: int, b_end: int
) -> Iterator[tuple[int, int, int]]:
    """Yield runs that no longer overlap, and an empty one at the end of both sides."""
    a_done = b_done = 0
    for a_start, b_start, length in runs:
        skip = max(a_done - a_start, b_done - b_start, 0)
        if skip < length:
            yield a_start + skip, b_start + skip, length - skip
            a_done, b_done = a_start + length, b_start + length
    yield a_end, b_end, 0


class _Line:
    """One line of one column while words are added to it."""

    def __init__(self, column: int, *, color: bool) -> None:
        self._column = column
        self._brackets = (f"{_COLOR}[", f"]{_PLAIN}") if color else ("[", "]")
        self._words: list[tuple[str, bool]] = []
        self._used = 0

    def holds(self, word: Word | None, *, equal: bool) -> bool:
        return (
            word is None
            or not self._words
            or self._used + self._cost(word, equal=equal) <= (self._column)
        )

    def add(self, word: Word | None, *, equal: bool) -> None:
        if word is not None:
            self._used += self._cost(word, equal=equal)
            space = " " if word.spaced and self._words else ""
            self._words.append((space + word.text, equal))

    def take(self) -> str:
        """Return the line, padded to the column, and begin the next one."""
        line = ""
        for equal, group in groupby(self._words, key=lambda word: word[1]):
            text = "".join(word for word, _ in group)
            if not equal:
                inner = text.lstrip(" ")
                text = text[: len(text) - len(inner)] + inner.join(self._brackets)
            line += text
        line += " " * (self._column - self._used)
        self._words, self._used = [], 0
        return line

    def _cost(self, word: Word, *, equal: bool) -> int:
        opens = not equal and not (self._words and not self._words[-1][1])
        return width(word.text) + 2 * opens + (word.spaced and bool(self._words))
