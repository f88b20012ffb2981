"""Documents composed from written stories, each sentence remembering where it was first written.

A sentence keeps its `unit` through every edit, copy and merger, so that the shared passages of
any two documents follow from how they were made and need no search.
"""

import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

SOURCES = Path(__file__).parent / "sources"
DATELINE = re.compile(r"[A-Z]{3}[^()]{0,50}\([A-Z]{2,4}\) [—-](?=\s|$)")
SENTENCE_END = re.compile(r"""[.!?।؟。！？]+["”»]*""")
NO_SENTENCE_END = re.compile(r"(?:\b\w|डॉ)\.$")
FULL_WIDTH_END = re.compile(r"[。！？]”?$")


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence, title or line; equal units in two documents mean shared text."""

    text: str
    unit: str | None = None
    furniture: bool = False


Paragraph: TypeAlias = tuple[Piece, ...]
Body: TypeAlias = tuple[Paragraph, ...]
Edit: TypeAlias = Callable[[Body], Body]


@dataclass(frozen=True, slots=True)
class Outlet:
    """A site: its address and the lines that it puts around every article."""

    name: str
    address: str
    above: tuple[str, ...] = ()
    below_title: tuple[str, ...] = ()
    middle: tuple[str, ...] = ()
    tail: tuple[str, ...] = ()
    between: str = "\n\n"
    title_in_text: bool = True


@dataclass(frozen=True, slots=True)
class Parent:
    """Where a draft took text from; `certain` when a careful reader could tell the direction."""

    source: "Draft"
    kind: str
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Draft:
    """One text and how it came about; without an outlet it is not in the corpus."""

    name: str
    title: Piece
    body: Body
    outlet: Outlet | None = None
    parents: tuple[Parent, ...] = ()
    at: str = ""
    stated: str | None = None
    slug: str | None = None
    hidden_name: str = ""
    furniture: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """A source file: a title, its paragraphs, and named sections for later use."""

    name: str
    title: str
    sections: Mapping[str, tuple[str, ...]]

    def body(self, section: str = "") -> Body:
        """The paragraphs of a section, cut into sentences with units of their own."""
        label = f"{self.name}/{section}" if section else self.name
        return sentences(label, self.sections[section])

    def titled(self, section: str) -> tuple[str, Body]:
        """The title that a section opens with, and the rest of it."""
        body = self.body(section)
        return body[0][0].text, body[1:]

    def rewritten(self, section: str) -> Body:
        """A section whose `{n}` marks say which sentence of the story the words after it retell."""
        units = [piece.unit for paragraph in self.body() for piece in paragraph]
        paragraphs = []
        for number, text in enumerate(self.sections[section]):
            own, *marked = re.split(r"\{(\d+)\} ", text)
            pieces = list(sentences(f"{self.name}/{section}.{number}", (own,))[0]) if own else []
            pieces += [
                Piece(words.strip(), units[int(mark) - 1])
                for mark, words in zip(marked[::2], marked[1::2], strict=True)
            ]
            paragraphs.append(tuple(pieces))
        return tuple(paragraphs)


def read_story(path: str) -> Story:
    """A source file of `sources/`: title, blank line, paragraphs, then `=== name` sections."""
    text = (SOURCES / path).read_text(encoding="utf-8")
    main, *rest = re.split(r"^=== ", text, flags=re.MULTILINE)
    title, _, body = main.partition("\n")
    sections = {"": _paragraphs(body)}
    for section in rest:
        name, _, body = section.partition("\n")
        sections[name.strip()] = _paragraphs(body)
    return Story(path.removesuffix(".txt"), title, sections)


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(p.strip() for p in text.split("\n\n") if p.strip())


def sentences(label: str, paragraphs: tuple[str, ...]) -> Body:
    """Paragraphs cut into pieces; a dateline is a piece of its own."""
    body, count = [], 0
    for paragraph in paragraphs:
        pieces = []
        for sentence in _split(paragraph):
            count += 1
            pieces.append(Piece(sentence, f"{label}:{count}"))
        body.append(tuple(pieces))
    return tuple(body)


def _split(paragraph: str) -> list[str]:
    cuts = [0]
    if dateline := DATELINE.match(paragraph):
        cuts.append(dateline.end())
    for end in SENTENCE_END.finditer(paragraph):
        after = paragraph[end.end() : end.end() + 2]
        full_width = FULL_WIDTH_END.search(end.group())
        ends = full_width or (after[:1].isspace() and not after[1:].islower())
        if ends and not NO_SENTENCE_END.search(paragraph[: end.end()]):
            cuts.append(end.end())
    cuts.append(len(paragraph))
    parts = [paragraph[a:b].strip() for a, b in itertools.pairwise(cuts)]
    return [part for part in parts if part]


def edited(body: Body, *edits: Edit) -> Body:
    """The body after each edit in turn."""
    for edit in edits:
        body = edit(body)
    return body


def keep(count: int) -> Edit:
    """The first paragraphs only: cut from the end."""
    return lambda body: body[:count]


def only(*numbers: int) -> Edit:
    """The paragraphs with these numbers, counted from 1, in the order given."""
    return lambda body: tuple(body[number - 1] for number in numbers)


def drop(*numbers: int) -> Edit:
    """All but the paragraphs with these numbers, counted from 1."""
    return lambda body: tuple(p for n, p in enumerate(body, 1) if n not in numbers)


def insert(after: int, new: Body) -> Edit:
    """New paragraphs after the one with this number; 0 puts them on top."""
    return lambda body: body[:after] + new + body[after:]


def drop_sentence(words: str) -> Edit:
    """Without the one sentence that holds these words."""
    return lambda body: _change_one(body, words, lambda _: None)


def replaced(old: str, new: str) -> Edit:
    """With `old` put differently in the one sentence that holds it."""
    return lambda body: _change_one(body, old, lambda text: text.replace(old, new))


def drop_dateline(body: Body) -> Body:
    """Without the dateline of the first paragraph."""
    first = body[0]
    if not DATELINE.fullmatch(first[0].text):
        message = f"no dateline: {first[0].text}"
        raise ValueError(message)
    return (first[1:], *body[1:])


def respelled(words: Mapping[str, str]) -> Edit:
    """With these words spelled differently wherever they stand, capitals kept."""
    pattern = re.compile(r"\b(" + "|".join(words) + r")\b", re.IGNORECASE)

    def spell(found: re.Match[str]) -> str:
        new = words[found.group().lower()]
        return new.capitalize() if found.group()[0].isupper() else new

    return spelled(lambda text: pattern.sub(spell, text))


def spelled(change: Callable[[str], str]) -> Edit:
    """With every sentence written as `change` writes it."""
    return lambda body: tuple(
        tuple(replace(piece, text=change(piece.text)) for piece in paragraph) for paragraph in body
    )


def _change_one(body: Body, words: str, change: Callable[[str], str | None]) -> Body:
    hits = sum(piece.text.count(words) for paragraph in body for piece in paragraph)
    if hits != 1:
        message = f"{hits} places, not one, hold: {words}"
        raise ValueError(message)
    paragraphs = []
    for paragraph in body:
        pieces = []
        for piece in paragraph:
            text = change(piece.text) if words in piece.text else piece.text
            if text is not None:
                pieces.append(replace(piece, text=text))
        paragraphs.append(tuple(pieces))
    return tuple(paragraph for paragraph in paragraphs if paragraph)


@dataclass(slots=True)
class Corpus:
    """The drafts of one corpus, their quotations, and the letter that ids begin with."""

    letter: str
    drafts: list[Draft] = field(default_factory=list)
    quotations: list[str] = field(default_factory=list)

    def unseen(self, name: str, hidden_name: str, title: str, body: Body) -> Draft:
        """A text that others copy but that is not in the corpus; `name` begins with `~`."""
        return Draft(name, Piece(title, f"{name}/title"), body, hidden_name=hidden_name)

    def add(  # noqa: PLR0913 - what is known of a document, by name
        self,
        name: str,
        outlet: Outlet,
        title: str | Piece,
        body: Body,
        *,
        at: str,
        parents: tuple[Parent, ...] = (),
        stated: str | None = "",
        slug: str | None = None,
        furniture: tuple[str, ...] = (),
    ) -> Draft:
        """A document of the corpus.

        `at` is when it was truly published; `stated` is the date it carries: the same unless
        given, missing when None. `furniture` are page lines of this document alone.
        """
        if isinstance(title, str):
            title = Piece(title, f"{name}/title")
        draft = Draft(
            name,
            title,
            body,
            outlet,
            parents,
            at,
            at if stated == "" else stated,
            slug,
            furniture=furniture,
        )
        self.drafts.append(draft)
        return draft

    def own(self, name: str, *paragraphs: str) -> Body:
        """Paragraphs that a document adds of its own."""
        return sentences(name, paragraphs)
