"""Drafts made of pieces; a piece keeps the name of the sentence it goes back to."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from grammar import Sentence


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence, title or line; equal units in two documents mean shared text.

    `spoken` names the words between its quotation marks, which several authors may report.
    """

    text: str
    unit: str | None = None
    origin: Sentence | None = None
    spoken: str | None = None
    furniture: bool = False


Paragraph: TypeAlias = tuple[Piece, ...]
Body: TypeAlias = tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Parent:
    """A draft that text was taken from."""

    source: "Draft"
    kind: str


@dataclass(frozen=True, slots=True)
class Draft:
    """One text and how it came about.

    `above`, `middle` and `below` are lines of the page, `hidden_name` says how a reader would
    know the draft where it is not in the corpus.
    """

    name: str
    role: str
    stories: tuple[str, ...]
    outlet: str
    title: Piece
    body: Body
    at: datetime
    parents: tuple[Parent, ...] = ()
    url: str = ""
    visible: bool = True
    hidden_id: str = ""
    hidden_name: str = ""
    above: tuple[str, ...] = ()
    middle: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    title_in_text: bool = True
    between: str = "\n\n"
    stated: str | None = None
    date_status: str = "right"


def furniture(*lines: str) -> Body:
    """Lines of a page as paragraphs of their own."""
    return tuple((Piece(line, furniture=True),) for line in lines)


def units(draft: Draft) -> set[str]:
    """What the draft says, title included."""
    return {piece.unit for paragraph in (*draft.body, (draft.title,)) for piece in paragraph} - {
        None
    }


def story_units(body: Body) -> list[str]:
    """The units of a body in order."""
    return [piece.unit for paragraph in body for piece in paragraph if piece.unit]
