"""Sentence frames with slots and choices, and sentences that can be put in other words later.

In a frame `[a|b]` is a choice, which may nest, `{name}` a draw from an inventory, `{name:tag}` a
second draw from the same one, `{n:2-40}` a number, `{@name}` a draw made in two of five cases, and
`{NAME}` what the story says. A drawn inventory line is a frame itself.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import TypeAlias

TEXTS = Path(__file__).parent / "texts"
TOKEN = re.compile(r"[\[\]|]|\{[^{}]*\}|[^\[\]|{}]+")
NUMBER = re.compile(r"(n\d?|y):(\d+)-(\d+)")
OPTIONAL_SHARE = 0.4

Inventories: TypeAlias = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Slot:
    """A place to be filled; `key` is what it is bound under."""

    name: str
    tag: str

    @property
    def key(self) -> str:
        """The inventory and the tag."""
        return f"{self.name}:{self.tag}" if self.tag else self.name


@dataclass(frozen=True, slots=True)
class Choice:
    """Alternatives, one of which is said."""

    number: int
    options: tuple["Frame", ...]


Frame: TypeAlias = tuple["str | Slot | Choice", ...]


def read_inventories(*names: str) -> dict[str, tuple[str, ...]]:
    """The sections of files of `texts/`: a line an entry, or a word where it says `words`."""
    sections: dict[str, tuple[str, ...]] = {}
    for name in names:
        text = (TEXTS / name).read_text(encoding="utf-8")
        for part in text.split("== ")[1:]:
            head, _, body = part.partition("\n")
            if head.startswith("words "):
                entries = tuple(word.replace("_", " ") for word in body.split())
                sections[head.removeprefix("words ")] = entries
            else:
                lines = (line.rstrip("\n") for line in body.split("\n"))
                sections[head.strip()] = tuple(line for line in lines if line.strip())
    return sections


@cache
def parse(frame: str) -> Frame:
    """The frame as text, slots and choices."""
    tokens = TOKEN.findall(frame)
    if "".join(tokens) != frame:
        raise ValueError(f"not a frame: {frame}")
    parsed, rest, _ = _sequence(tokens, 0, 0)
    if rest != len(tokens):
        raise ValueError(f"a bracket or bar too many: {frame}")
    return parsed


def _sequence(tokens: list[str], at: int, count: int) -> tuple[Frame, int, int]:
    parts: list[str | Slot | Choice] = []
    while at < len(tokens) and tokens[at] not in {"|", "]"}:
        token = tokens[at]
        at += 1
        if token == "[":  # noqa: S105 - a bracket, no secret
            number, options = count, []
            count += 1
            while True:
                option, at, count = _sequence(tokens, at, count)
                options.append(option)
                closing = tokens[at]
                at += 1
                if closing == "]":
                    break
            parts.append(Choice(number, tuple(options)))
        elif token.startswith("{"):
            name, _, tag = token[1:-1].partition(":")
            parts.append(Slot(name, tag))
        else:
            parts.append(token)
    return tuple(parts), at, count


@dataclass(frozen=True, slots=True)
class Sentence:
    """A frame with all that was drawn for it, so that it can be said again in other words."""

    frame: str
    drawn: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Writer:
    """Says frames with the inventories, drawing with its own random numbers."""

    inventories: Inventories
    random: Random

    def say(self, frame: str, facts: Callable[[str], str]) -> tuple[str, Sentence]:
        """A sentence of this frame, and how it can be said again."""
        drawn: dict[str, str] = {}
        text = self._realize(parse(frame), "", drawn, facts)
        return tidy(text), Sentence(frame, drawn)

    def again(
        self,
        sentence: Sentence,
        share: float,
        changed: Mapping[str, str] | None = None,
        *,
        deep: bool = False,
    ) -> tuple[str, Sentence]:
        """The same facts with this share of the choices made anew; `changed` are new facts.

        A choice is only changed to words that need no fact which the sentence does not hold.
        Names, and unless `deep` also what people said, stay.
        """
        drawn = {**sentence.drawn, **(changed or {})}
        open_to_change = ("?#", "?/claim#", "?/tail", "?/qtail", "?/@opener") if deep else ("?#",)
        anew = {
            key for key in drawn if key.startswith(open_to_change) and self.random.random() < share
        }
        text = self._realize(parse(sentence.frame), "", drawn, _no_fact, anew)
        return tidy(text), Sentence(sentence.frame, drawn)

    def _realize(
        self,
        frame: Frame,
        path: str,
        drawn: dict[str, str],
        facts: Callable[[str], str],
        anew: set[str] | frozenset[str] = frozenset(),
    ) -> str:
        out = []
        for part in frame:
            if isinstance(part, str):
                out.append(part)
            elif isinstance(part, Choice):
                option = self._option(part, path, drawn, anew)
                out.append(self._realize(option, path, drawn, facts, anew))
            else:
                out.append(self._fill(part, path, drawn, facts, anew))
        return "".join(out)

    def _option(
        self, choice: Choice, path: str, drawn: dict[str, str], anew: set[str] | frozenset[str]
    ) -> Frame:
        key = f"?{path}#{choice.number}"
        if key in drawn and key not in anew:
            return choice.options[int(drawn[key])]
        number = self.random.randrange(len(choice.options))
        if key in anew and not _known(choice.options[number], path, drawn):
            number = int(drawn[key])
        drawn[key] = str(number)
        return choice.options[number]

    def _fill(
        self,
        slot: Slot,
        path: str,
        drawn: dict[str, str],
        facts: Callable[[str], str],
        anew: set[str] | frozenset[str],
    ) -> str:
        if slot.name.isupper() or slot.name[:-1].isupper():
            if slot.name not in drawn:
                drawn[slot.name] = facts(slot.name)
            return drawn[slot.name]
        key = f"{path}/{slot.key}"
        number = NUMBER.match(slot.key)
        if key not in drawn:
            drawn[key] = self._draw(slot, number)
        if number:
            return drawn[key]
        said = self._realize(parse(drawn[key]), key, drawn, facts, anew)
        return {"T": said.title(), "cap": said.capitalize()}.get(slot.tag, said)

    def _draw(self, slot: Slot, number: re.Match[str] | None) -> str:
        if number:
            low, high = int(number[2]), int(number[3])
            value = self.random.randint(low, high)
            return f"{value:,}" if number[1] != "y" else str(value)
        if slot.name.startswith("@"):
            if self.random.random() > OPTIONAL_SHARE:
                return ""
            return self.random.choice(self.inventories[slot.name[1:]])
        return self.random.choice(self.inventories[slot.name])


def _known(option: Frame, path: str, drawn: Mapping[str, str]) -> bool:
    for part in option:
        if isinstance(part, Slot):
            fact = part.name.isupper() or part.name[:-1].isupper()
            if (part.name if fact else f"{path}/{part.key}") not in drawn:
                return False
        elif isinstance(part, Choice) and not all(_known(o, path, drawn) for o in part.options):
            return False
    return True


def _no_fact(name: str) -> str:
    raise KeyError(name)


def tidy(text: str) -> str:
    """One space between words, `an` before a vowel, a capital at the start of each sentence."""
    text = re.sub(r" {2,}", " ", text).strip()
    text = re.sub(r" ([,.;:])", r"\1", text)
    text = re.sub(r"\b([Aa]) (?=[aeio])", r"\1n ", text)
    text = re.sub(r"\b([Aa])n (?=[^aeiouhAEIOU\d])", r"\1 ", text)
    text = re.sub(r"([,.])\1+", r"\1", text)
    return re.sub(r'^("?)([a-z])|: "([a-z])', _capital, text)


def _capital(found: re.Match[str]) -> str:
    return found.group()[:-1] + found.group()[-1].upper()
