"""The words that announce a cue, in many languages, read from `cue_phrases.json`.

`labels` stand before a colon at the head of a line or in brackets, `whole_lines` alone on a line,
`phrases` anywhere; a phrase is only looked for where the text has its longest word.
"""

import json
import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from provenance.lineage.kernels import LABELLED
from provenance.lineage.page import Page

MOST_OF_A_PHRASE: Final = 200
LONGEST_LABEL: Final = 36
LONGEST_VALUE: Final = 600

_COLONS: Final = frozenset(":：")
_OPENINGS: Final = frozenset("([（【")
_BEFORE_COLON: Final = " *_"
_BEFORE_WORD: Final = " \n([（【"
_BEFORE_LABEL: Final = "*_>•-–—~|"
_AT_HEAD: Final = re.compile(
    rf"[ (\[【（*_>•\-–—~|]{{0,6}}(?P<label>[^\n:：]{{1,{LONGEST_LABEL}}}?)[ *_]{{0,3}}[:：]"
    rf"[ *_]{{0,3}}(?P<value>[^\n]{{0,{LONGEST_VALUE}}})"
)
_IN_BRACKETS: Final = re.compile(
    rf"[(\[（【](?P<label>[^\n:：()（）\[\]]{{1,{LONGEST_LABEL}}}?) ?[:：] ?"
    r"(?P<value>[^\n()（）\[\]】]{1,120})[)\]）】]"
)
_WORD: Final = re.compile(r"\w+")
_PAIR: Final = re.compile(r"(?<!\w)(?=(\w+ \w+))")
_JOINED_SCRIPT: Final = re.compile(r"[\u0590-\u1cff\u2e80-\ud7ff\uf900-\ufdff\ufe70-\ufefe]")


@dataclass(frozen=True, slots=True)
class Found:
    """One phrase of `signal` read at `start:end`."""

    signal: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Label:
    """A label of `signal` at `start`, and the span `value_start:end` of what it announces."""

    signal: str
    start: int
    value_start: int
    end: int


@cache
def labels() -> dict[str, str]:
    """Words before a colon to the signal that they announce."""
    return _by_text("labels")


@cache
def whole_lines() -> dict[str, str]:
    """Lines that are a cue by themselves to their signal."""
    return _by_text("whole_lines")


@cache
def word_list(name: str) -> frozenset[str]:
    """One of the plain lists of the file: `told_before`, `told_after`, `news_words`, ..."""
    words: list[str] = _data()[name]
    return frozenset(words)


@cache
def key_of(phrase: str) -> str:
    """What a text has where it has a phrase: a pair of words of it, or its longest word."""
    pairs: list[str] = _PAIR.findall(phrase)
    return max(pairs or _WORD.findall(phrase), key=len)


def phrase_words() -> frozenset[str]:
    """The words, and pairs of words, that phrases are looked for by."""
    return frozenset([*_phrases()[0], *_by_key()])


@cache
def capital_words() -> frozenset[str]:
    """Those of `phrase_words` that count with a capital only: "Follow Vale Herald on"."""
    return frozenset(
        key
        for key, phrases in _by_key().items()
        if all(found == (key, "outlet_naming", key) for found in phrases)
    )


@cache
def last_words() -> frozenset[str]:
    """The last word of each label."""
    return frozenset(_WORD.findall(label)[-1] for label in labels())


@cache
def _last_parts() -> frozenset[str]:
    """The last word of each label, with the marks that belong to it."""
    return frozenset(label.rpartition(" ")[2] for label in labels())


def find_labels(page: Page) -> list[Label]:
    """Every known label before a colon at the head of a line or in brackets, in order."""
    if not page.shows(LABELLED) or not any(_may_be_labelled(page, mark) for mark in _COLONS):
        return []
    known = labels()
    found: dict[int, Label] = {}
    for pattern, mark, within in (
        (_AT_HEAD, ":", LONGEST_LABEL + 10),
        (_AT_HEAD, "：", LONGEST_LABEL + 10),
    ):
        for line_start, _ in page.lines_with(mark, within):
            match = pattern.match(page.view, line_start)
            if match:
                signal = known.get(page.low[slice(*match.span("label"))].strip())
                if signal:
                    found[match.start("label")] = Label(
                        signal, match.start("label"), match.start("value"), match.end("value")
                    )
    if any(mark in page.view for mark in _COLONS) and any(m in page.view for m in _OPENINGS):
        for match in _IN_BRACKETS.finditer(page.view):
            signal = known.get(page.low[slice(*match.span("label"))].strip())
            if signal:
                found[match.start("label")] = Label(
                    signal, match.start("label"), match.start("value"), match.end("value")
                )
    return [found[start] for start in sorted(found)]


def _may_be_labelled(page: Page, mark: str) -> bool:
    """Whether the last word of a label stands before a colon; cheap, and never wrongly false."""
    at = page.view.find(mark)
    while at >= 0:
        before = page.view[max(0, at - LONGEST_LABEL - 4) : at].rstrip(_BEFORE_COLON)
        word = before[max(map(before.rfind, _BEFORE_WORD)) + 1 :].lstrip(_BEFORE_LABEL)
        if word.lower() in _last_parts():
            return True
        at = page.view.find(mark, at + 1)
    return False


def find_phrases(page: Page) -> list[Found]:
    """Every phrase in the text, in order; those that overlap and say the same are one."""
    by_word, joined = _phrases()
    likely = (
        [phrase for word in by_word.keys() & page.low_words for phrase in by_word[word]]
        if not page.glanced
        else [
            phrase
            for key in _by_key().keys() & page.parts
            for word, *phrase in _by_key()[key]
            if word in page.low_words
        ]
    )
    found = [hit for signal, phrase in likely for hit in _occurrences(page.low, signal, phrase)]
    if page.joined:
        for signal, phrase in joined:
            if phrase in page.low:
                found.extend(_occurrences(page.low, signal, phrase))
    if not found:
        return found
    found.sort(key=lambda hit: (hit.start, -hit.end, hit.signal))
    kept: dict[str, list[Found]] = {}
    for hit in found:
        same = kept.setdefault(hit.signal, [])
        if same and hit.start < same[-1].end:
            if hit.end > same[-1].end:
                same[-1] = Found(hit.signal, same[-1].start, hit.end)
            continue
        same.append(hit)
    return sorted(
        (hit for hits in kept.values() for hit in hits), key=lambda hit: (hit.start, hit.signal)
    )


def _occurrences(low: str, signal: str, phrase: str) -> list[Found]:
    found: list[Found] = []
    at = low.find(phrase)
    while at >= 0 and len(found) < MOST_OF_A_PHRASE:
        end = at + len(phrase)
        free_before = at == 0 or not (low[at - 1].isalnum() and low[at - 1] < "\u0590")
        free_after = end == len(low) or not (low[end].isalnum() and low[end] < "\u0590")
        if free_before and free_after:
            found.append(Found(signal, at, end))
        at = low.find(phrase, end)
    return found


@cache
def _data() -> dict[str, list[str]]:
    text = files(__package__).joinpath("cue_phrases.json").read_text(encoding="utf-8")
    data: dict[str, list[str]] = json.loads(text)
    return data


def _entries(table: str) -> list[tuple[str, str]]:
    """Pairs of text and signal, in the file's order."""
    signals: dict[str, dict[str, list[str]]] = dict(_data())[table]  # type: ignore[assignment]
    return [
        (phrase.lower(), signal)
        for signal, languages in signals.items()
        for phrases in languages.values()
        for phrase in phrases
    ]


def _by_text(table: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for phrase, signal in _entries(table):
        found.setdefault(phrase, signal)
    return found


@cache
def _phrases() -> tuple[dict[str, list[tuple[str, str]]], list[tuple[str, str]]]:
    by_word: dict[str, list[tuple[str, str]]] = {}
    joined: list[tuple[str, str]] = []
    for phrase, signal in dict.fromkeys(_entries("phrases")):
        if _JOINED_SCRIPT.search(phrase):
            joined.append((signal, phrase))
        else:
            longest = max(_WORD.findall(phrase), key=len)
            by_word.setdefault(longest, []).append((signal, phrase))
    return by_word, joined


@cache
def _by_key() -> dict[str, list[tuple[str, str, str]]]:
    """The phrases by their keys, each with the word that it is looked for by."""
    by_key: dict[str, list[tuple[str, str, str]]] = {}
    for word, phrases in _phrases()[0].items():
        for signal, phrase in phrases:
            by_key.setdefault(key_of(phrase), []).append((word, signal, phrase))
    return by_key


def part_of(parts: list[tuple[int, int]], position: int) -> tuple[int, int]:
    """The part of a composite text in which a position lies."""
    return parts[max(0, bisect_right(parts, (position, position)) - 1)] if parts else (0, 0)
