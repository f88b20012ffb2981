"""The versions an agency sends of a story: snap, urgent, lead, write-throughs, correction."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from composition import Body, Draft, Paragraph, Parent, Piece, story_units
from outlets import Agency
from stories import Library, Story, renumbered, reworded

VERSION_SEEN, LAST_VERSION_SEEN = 0.5, 0.92


@dataclass(slots=True)
class Wire:
    """One agency at work on one story; `sent` grows by a version at a time."""

    agency: Agency
    story: Story
    library: Library
    writer: str
    editor: str
    sent: list[Draft]
    seen: bool
    number: int

    @property
    def random(self) -> Random:
        """The random numbers of the whole corpus."""
        return self.library.random

    def mark(self, name: str) -> str:
        """The unit of a line that the agency puts on every version of this story."""
        return f"{self.story.name}:{self.agency.abbreviation}/{name}"

    def dateline(self, at: datetime) -> Piece:
        """Place, date and sign before the first sentence."""
        facts = self.story.author.facts
        text = self.agency.dateline.format(
            PLACE=facts["PLACE"].upper(),
            place=facts["PLACE"],
            region=facts["REGION"],
            date=f"{at:%B} {at.day}",
        )
        return Piece(text.strip(), self.mark("dateline"))

    def frame(self, body: Body, at: datetime, *, short: bool) -> Body:
        """The body with byline, dateline and closing line."""
        notes = body[:1] if (body[0][0].unit or "").endswith("/note") else ()
        text = body[len(notes) :]
        first: Paragraph = (self.dateline(at), *text[0])
        framed = (*notes, first, *text[1:])
        if short:
            return framed
        names = [self.writer, self.editor]
        ending = self.agency.ending.format(
            PLACE=self.story.author.facts["PLACE"],
            writer=self.writer,
            editor=self.editor,
            initials="".join(part[0] for part in names[0].split()).lower(),
            initials2="".join(part[0] for part in names[1].split()).lower(),
            year=at.year,
        )
        byline = Piece(f"By {self.writer}", self.mark("byline"))
        return ((byline,), *framed, (Piece(ending, self.mark("ending")),))

    def send(self, role: str, title: Piece, body: Body, at: datetime) -> None:
        """A further version."""
        abbreviation = self.agency.abbreviation
        number = len(self.sent)
        short = role in {"snap", "urgent"}
        self.sent.append(
            Draft(
                name=f"{self.story.name}/{abbreviation}/{number}",
                role=role,
                stories=(self.story.name,),
                outlet=self.agency.name,
                title=title,
                body=self.frame(body, at, short=short),
                at=at,
                url=f"{self.agency.address}{at:%Y%m%d}-{self.number}",
                hidden_id=f"~{abbreviation}#{self.story.name}",
                hidden_name=self.agency.name,
                below=(f"© {self.agency.name}",) if self.agency.hosts else (),
            )
        )


def send_all(library: Library, story: Story, agency: Agency, *, seen: bool) -> tuple[Draft, ...]:
    """Every version of a story in order; if `seen`, the corpus holds one of them or more."""
    random = library.random
    wire = Wire(
        agency, story, library,
        library.writer.say("{first} {namehead}{nametail}", _no_fact)[0],
        library.writer.say("{first} {namehead}{nametail}", _no_fact)[0],
        [], seen, random.randint(10_000, 99_999),
    )  # fmt: skip
    at = story.at
    full = ((story.lead,), *story.paragraphs(random.randint(9, 19)))
    title = story.title
    if random.random() < 0.65:
        wire.send("snap", title, ((story.lead,), full[1][:1]), at)
        at += timedelta(minutes=random.randint(4, 20))
    if random.random() < 0.6:
        lead = reworded(full[:1], library, 0.3)
        full = lead + full[1:]
        wire.send("urgent", title, full[: random.randint(3, 5)], at)
        at += timedelta(minutes=random.randint(20, 70))
    if random.random() < 0.5:
        title = story.new_title()
    wire.send("lead", title, full, at)
    for chance in (0.65, 0.4):
        if random.random() > chance:
            break
        at += timedelta(minutes=random.randint(80, 420))
        title, full = _written_through(story, title, full, library)
        wire.send("writethru", title, full, at)
    if random.random() < 0.2:
        at += timedelta(minutes=random.randint(60, 500))
        title, full = _corrected(story, title, full, library)
        wire.send("correction", title, full, at)
    return _with_visibility(wire)


def _written_through(
    story: Story, title: Piece, body: Body, library: Library
) -> tuple[Piece, Body]:
    random = library.random
    if random.random() < 0.5:
        body, (title,) = _renumbered(story, body, title, library)
    if random.random() < 0.4:
        if random.random() < 0.5 and story.lead.unit not in story_units(body[1:]):
            body = ((story.new_lead(),), *body[1:])
        else:
            body = ((story.author.write([f"{story.topic}.body"]),), *body)
    else:
        body = reworded(body[:1], library, 0.8) + body[1:]
    for new in story.paragraphs(random.randint(2, 5)):
        if new[0].unit in {piece.unit for paragraph in body for piece in paragraph}:
            continue
        at = random.randint(1, max(2, len(body) // 2))
        body = (*body[:at], new, *body[at:])
    for _ in range(random.randint(0, 3)):
        if len(body) > 7:
            at = random.randrange(3, len(body))
            body = body[:at] + body[at + 1 :]
    if random.random() < 0.5:
        title = story.new_title()
    return title, body


def _corrected(story: Story, title: Piece, body: Body, library: Library) -> tuple[Piece, Body]:
    note = story.author.owner + "/note"
    old = story.author.facts["TOLL"]
    body, (title,) = _renumbered(story, body, title, library)
    new = story.author.facts["TOLL"]
    text = library.random.choice((
        f"(Corrects figure to {new} from {old} in first paragraph)",
        f"CORRECTION: First paragraph now reads {new}, not {old}.",
        f"Eds: SUBS first paragraph to correct number to {new}, not {old}.",
    ))  # fmt: skip
    return title, ((Piece(text, note),), *body)


def _renumbered(
    story: Story, body: Body, title: Piece, library: Library
) -> tuple[Body, tuple[Piece]]:
    facts = story.author.facts
    facts["TOLL"] = str(int(facts["TOLL"]) + library.random.randint(1, 9))
    changed = renumbered((*body, (title,)), library, "TOLL", facts["TOLL"])
    return changed[:-1], (changed[-1][0],)


def _with_visibility(wire: Wire) -> tuple[Draft, ...]:
    """The versions, each the child of the one before, with those seen that the corpus holds."""
    random, last = wire.random, len(wire.sent) - 1
    seen = [
        wire.seen and random.random() < (LAST_VERSION_SEEN if n == last else VERSION_SEEN)
        for n in range(last + 1)
    ]
    if wire.seen and not any(seen):
        seen[last] = True
    made: list[Draft] = []
    for draft, visible in zip(wire.sent, seen, strict=True):
        parents = (Parent(made[-1], "revision"),) if made else ()
        made.append(replace(draft, visible=visible, parents=parents))
    return tuple(made)


def _no_fact(name: str) -> str:
    raise KeyError(name)
