"""Invented stories: who, where, how many, and paragraphs that no other story shares."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random

from composition import Body, Paragraph, Piece
from grammar import Inventories, Writer

TOPICS = (
    "council", "storm", "court", "match", "results", "science",
    "rail", "crime", "culture", "obit", "health", "strike",
)  # fmt: skip
CURRENCIES = ("crowns", "florins", "marks", "pesos", "dinars", "francs", "guilders", "talers")
STOCK_SHARE = 0.05
TRIES = 20
LONG_RUN = 8
QUOTED_WORDS = 14
SHORT_RUN = 5
SHARED_SHORT_RUNS = 0.12
BACKGROUNDS = 36


@dataclass(slots=True)
class Registry:
    """Runs of words that were used, and by which story, so that no two stories share one."""

    owners: dict[tuple[str, ...], str] = field(default_factory=dict)

    def strange(self, text: str, owner: str) -> bool:
        """Whether the words are the owner's alone: no run of eight and few of five are others'."""
        words = re.findall(r"\w+", text.lower())
        for run in _runs(words, LONG_RUN):
            if self.owners.get(run, owner) != owner:
                return False
        short = _runs(words, SHORT_RUN)
        shared = sum(self.owners.get(run, owner) != owner for run in short)
        return shared <= SHARED_SHORT_RUNS * len(short)

    def take(self, text: str, owner: str) -> None:
        """Give the words to the owner."""
        words = re.findall(r"\w+", text.lower())
        for size in (LONG_RUN, SHORT_RUN):
            for run in _runs(words, size):
                self.owners.setdefault(run, owner)


def _runs(words: Sequence[str], size: int) -> list[tuple[str, ...]]:
    return [tuple(words[n : n + size]) for n in range(len(words) - size + 1)]


@dataclass(slots=True)
class Library:
    """What every story is written with: inventories, random numbers, runs already used."""

    inventories: Inventories
    random: Random
    registry: Registry = field(default_factory=Registry)
    backgrounds: list[Paragraph] = field(default_factory=list)

    @property
    def writer(self) -> Writer:
        """A writer of the inventories."""
        return Writer(self.inventories, self.random)

    def draw(self, name: str) -> str:
        """A name or phrase of an inventory."""
        return self.writer.say(f"{{{name}}}", _no_story)[0]

    def write_backgrounds(self) -> None:
        """The paragraphs of background that any story may carry."""
        for number in range(BACKGROUNDS):
            owner = f"background-{number}"
            facts = {
                "REGION": self.draw("town"),
                "DAY": "Monday",
                "CUR": self.random.choice(CURRENCIES),
            }
            author = Author(self, owner, facts, cast(self, self.random.choice(TOPICS)))
            frames = [("background",), ("background",), ("gsent", "outlook")]
            made = [author.write(sections) for sections in frames]
            self.backgrounds.append(tuple(made))


def _no_story(name: str) -> str:
    raise KeyError(name)


@dataclass(slots=True)
class Author:
    """Writes sentences of one text or story; `facts` are what its frames may name."""

    library: Library
    owner: str
    facts: dict[str, str]
    people: dict[str, str] = field(default_factory=dict)
    introduced: set[str] = field(default_factory=set)
    used: list[str] = field(default_factory=list)
    count: int = 0

    def fact(self, name: str) -> str:
        """What a story's slot says here: people by full name first, then by surname."""
        if name == "WHO":
            name = self.library.random.choice(sorted(self.people))
        if name not in self.people:
            return self.facts[name]
        full = self.people[name]
        if name in self.introduced:
            return full.rsplit(" ", 1)[-1]
        self.introduced.add(name)
        return full

    def write(self, sections: Sequence[str], *, stock: float = STOCK_SHARE) -> Piece:
        """A sentence of one of these inventories whose words are this owner's alone."""
        library, writer = self.library, self.library.writer
        for attempt in range(TRIES):
            if attempt == TRIES // 2 and not sections[0].endswith(("title", "local")):
                sections = ["gsent"]
            section = library.random.choice(sections)
            frames = library.inventories[section]
            fresh = [frame for frame in frames if frame not in self.used]
            if not fresh:
                fresh = list(library.inventories["gsent"] if section.endswith("body") else frames)
            chosen = frame = library.random.choice(fresh)
            if library.random.random() < stock and frame.endswith(".") and '"' not in frame:
                frame = frame[:-1] + "{stock}."
            known = set(self.introduced)
            text, sentence = writer.say(frame, self.fact)
            if library.registry.strange(text, self.owner):
                break
            self.introduced = known
        library.registry.take(text, self.owner)
        if section != "local":
            self.used.append(chosen)
        self.count += 1
        unit = f"{self.owner}:{self.count}"
        quoted = re.search(r'"([^"]*)"', text)
        spoken = unit if quoted and len(quoted[1].split()) >= QUOTED_WORDS else None
        return Piece(text, unit, sentence, spoken)

    def paragraph(self, sections: Sequence[str], sentences: int) -> Paragraph:
        """A paragraph of so many sentences."""
        return tuple(self.write(sections) for _ in range(sentences))


@dataclass(slots=True)
class Story:
    """One event and the author who reports it first."""

    name: str
    topic: str
    at: datetime
    author: Author
    title: Piece
    lead: Piece

    def paragraphs(self, count: int) -> Body:
        """That many paragraphs of detail, quotation, background and outlook."""
        return details(self.author, self.topic, count)

    def new_title(self) -> Piece:
        """Another headline for the same story: the same unit, said otherwise."""
        return replace(self.author.write([f"{self.topic}.title"], stock=0), unit=self.title.unit)

    def new_lead(self) -> Piece:
        """Another first sentence for the same story: the same unit, said otherwise."""
        return replace(self.author.write([f"{self.topic}.lead"], stock=0), unit=self.lead.unit)


def details(author: Author, topic: str, count: int) -> Body:
    """Paragraphs of one to four sentences: the topic's own, quotations and general ones."""
    random = author.library.random
    own = f"{topic}.body"
    body: list[Paragraph] = []
    while len(body) < count:
        roll = random.random()
        if roll < 0.24 and body:
            body.append(author.paragraph(["quote"], 1) + author.paragraph(["indirect"], roll < 0.1))
        elif roll < 0.62:
            body.append(author.paragraph([own, own, "gsent"], random.choice((1, 2, 2, 3, 4))))
        elif roll < 0.92:
            sections = ["gsent", "indirect", own]
            body.append(author.paragraph(sections, random.choice((1, 2, 2, 3))))
        elif roll < 0.95:
            body.append(random.choice(author.library.backgrounds))
        else:
            body.append(author.paragraph(["outlook", "background"], random.choice((1, 2))))
    return tuple({paragraph[0].unit: paragraph for paragraph in body}.values())


def new_story(library: Library, name: str, at: datetime) -> Story:
    """A story with names and numbers of its own, its title and its first sentence."""
    random, topic = library.random, library.random.choice(TOPICS)
    facts = {
        "PLACE": library.draw("town"),
        "REGION": library.draw("town").rsplit(" ", 1)[-1] + random.choice(("shire", "land", "ia")),
        "DAY": at.strftime("%A"),
        "CUR": random.choice(CURRENCIES),
        "TOLL": str(random.randint(3, 94)),
        "COUNT": str(random.randint(2, 40)),
        "MONEY": str(random.randint(3, 980)),
    }
    for line in library.inventories[f"{topic}.names"]:
        key, _, frame = line.partition(" = ")
        facts[key] = library.writer.say(frame, facts.__getitem__)[0]
        if frame.startswith(("[a ", "a ", "the ", "[dockers", "storm")):
            facts[key] = facts[key][0].lower() + facts[key][1:]
    author = Author(library, name, facts, cast(library, topic))
    title = author.write([f"{topic}.title"], stock=0)
    return Story(name, topic, at, author, title, author.write([f"{topic}.lead"], stock=0))


def cast(library: Library, topic: str) -> dict[str, str]:
    """The people of a story with their roles."""
    return {
        f"P{n}": library.writer.say(role, _no_story)[0].lower()
        + " "
        + library.writer.say("{first} {namehead}{nametail}", _no_story)[0]
        for n, role in enumerate(library.inventories[f"{topic}.roles"], 1)
    }


def reworded(body: Body, library: Library, share: float, *, deep: bool = False) -> Body:
    """Sentences said again from their facts, this share of the choices made anew.

    A sentence whose new words another story has used stays as it was.
    """

    def again(piece: Piece) -> Piece:
        if piece.origin is None:
            return piece
        text, origin = library.writer.again(piece.origin, share, deep=deep)
        owner = (piece.unit or "").partition(":")[0]
        if not library.registry.strange(text, owner):
            return piece
        library.registry.take(text, owner)
        return replace(piece, text=text, origin=origin)

    return tuple(tuple(again(piece) for piece in paragraph) for paragraph in body)


def renumbered(body: Body, library: Library, name: str, number: str) -> Body:
    """Every sentence that holds this number of the story, with the new one."""

    def again(piece: Piece) -> Piece:
        if piece.origin is None or name not in piece.origin.drawn:
            return piece
        text, origin = library.writer.again(piece.origin, 0, {name: number})
        return replace(piece, text=text, origin=origin)

    return tuple(tuple(again(piece) for piece in paragraph) for paragraph in body)
