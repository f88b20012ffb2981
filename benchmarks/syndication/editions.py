"""Editions: what a house makes of a text that it takes, always by the same habits."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from composition import Body, Draft, Paragraph, Parent, Piece, story_units, units
from edits import (
    AMERICAN,
    SYNONYMS,
    bare_weekdays,
    curly,
    cut_to,
    each,
    in_miles,
    inserted,
    merged,
    months_shortened,
    moved,
    name_first,
    reordered,
    said_first,
    scanned,
    spelled_numbers,
    split,
    substituted,
    thinned,
    without_tails,
)
from outlets import Agency, House
from stories import Author, Library, Story, details, reworded

NEW_SHARE, EXCERPT_SHARE = 0.25, 0.6
OWN_LEAD = 0.5
FURNITURE_SEEN = 0.85


@dataclass(slots=True)
class Desk:
    """Editors at work: they take, cut, rewrite and sign."""

    library: Library

    def edition(
        self,
        house: House,
        story: Story,
        source: Draft,
        agency: Agency | None,
        at: datetime,
        *,
        keeps: Body = (),
        number: int = 0,
    ) -> Draft:
        """The house's text of a story; `keeps` are paragraphs of its own from an edition before."""
        name = f"{source.stories[0]}/{house.name}/{number}"
        body, marks = _without_marks(source.body)
        body = self._rewritten(house, story, body)
        body = self._cut(house, body)
        body = self._with_local(house, body, name, keeps)
        body = self.styled(house, body)
        body = self._signed(house, body, marks, agency)
        title = self._title(house, story, source.title)
        if house.noise:
            rate = house.noise * self.library.random.uniform(0.5, 1.4)
            reader = scanned(self.library.random, rate)
            body = each(body, reader)
            title = replace(title, text=reader(title.text))
        draft = Draft(
            name=name,
            role="translation" if house.translates else "archive" if house.noise else "member",
            stories=source.stories,
            outlet=house.name,
            title=title,
            body=body,
            at=at,
        )
        draft = replace(draft, parents=(Parent(source, kind_of(draft, source, house)),))
        return self.page(house, draft)

    def page(self, house: House, draft: Draft) -> Draft:
        """The draft with the address and the furniture of the house's pages."""
        random = self.library.random
        words = re.findall(r"[a-z0-9]+", draft.title.text.lower())[:6]
        slug = "-".join(words) + f"-{random.randint(1000, 99999)}"
        shown = random.random() < FURNITURE_SEEN
        return replace(
            draft,
            url=house.address + slug,
            above=house.above if shown else (),
            middle=house.middle if shown else (),
            below=house.below if shown else (),
            title_in_text=house.title_in_text,
            between=house.between,
        )

    def own_article(
        self, house: House, story: Story, name: str, role: str, body: Body, at: datetime
    ) -> Draft:
        """An article of the house's own, in its style."""
        title = self.styled(house, ((story.title,),))[0][0]
        draft = Draft(name, role, (name,), house.name, title, self.styled(house, body), at)
        return self.page(house, draft)

    def styled(self, house: House, body: Body) -> Body:
        """The words as the house spells them."""
        random = self.library.random
        changes = [
            (house.miles, in_miles),
            (house.american, substituted(AMERICAN)),
            (house.percent != "percent", lambda text: text.replace(" percent", _sign(house))),
            (house.short_months, months_shortened),
            (house.weekdays == "bare", bare_weekdays),
            (house.spells_numbers, spelled_numbers),
            (house.said == "said first", said_first),
            (house.said == "name first", name_first),
            (house.synonyms > 0, substituted(SYNONYMS, random, house.synonyms)),
            (house.curly, curly),
        ]
        for applies, change in changes:
            if applies:
                body = each(body, change)
        return body

    def local(self, house: House, name: str, count: int) -> Body:
        """Paragraphs about the house's own town."""
        author = self._author(house, name)
        return tuple(
            author.paragraph(["local"], self.library.random.choice((1, 1, 2))) for _ in range(count)
        )

    def _author(self, house: House, name: str) -> Author:
        facts = {"HOME": house.town, "CUR": "crowns", "DAY": "Thursday", "REGION": house.town}
        return Author(self.library, name, facts, {})

    def _rewritten(self, house: House, story: Story, body: Body) -> Body:
        random, library = self.library.random, self.library
        if house.translates:
            body = reworded(body, library, 0.85, deep=True)
            body = each(body, substituted(SYNONYMS, random, 0.5))
            return reordered(body, random, 0.35)
        if house.rewords:
            body = body[:1] + reworded(body[1:], library, house.rewords)
        if random.random() < house.new_first:
            if random.random() < OWN_LEAD and body[0][0].unit == story.lead.unit:
                body = ((story.new_lead(),), *body[1:])
            else:
                body = reworded(body[:1], library, 0.9) + body[1:]
        return body

    def _cut(self, house: House, body: Body) -> Body:
        random = self.library.random
        body = thinned(body, random, house.thins) if house.thins else body
        if random.random() < house.moves:
            body = moved(body, random)
        if house.length:
            body = cut_to(body, round(house.length * random.uniform(0.9, 1.15)))
        body = without_tails(body, random, house.drops_tails) if house.drops_tails else body
        body = merged(body, random, house.merges) if house.merges else body
        body = reordered(body, random, house.reorders) if house.reorders else body
        return split(body) if house.splits else body

    def _with_local(self, house: House, body: Body, name: str, keeps: Body) -> Body:
        random = self.library.random
        if keeps:
            return inserted(body, min(len(body), 2), keeps)
        if random.random() >= house.local:
            return body
        new = self.local(house, f"{name}/local", random.randint(1, 3))
        at = 0 if house.local_on_top and random.random() < 0.6 else random.randint(1, len(body))
        return inserted(body, at, new)

    def _title(self, house: House, story: Story, title: Piece) -> Piece:
        random = self.library.random
        if random.random() < house.retitles:
            if title.origin and random.random() < 0.4:
                title = reworded(((title,),), self.library, 0.9)[0][0]
            else:
                title = story.new_title()
        return self.styled(house, ((title,),))[0][0]

    def _signed(
        self, house: House, body: Body, marks: dict[str, Piece], agency: Agency | None
    ) -> Body:
        if house.dateline == "keep" and "dateline" in marks:
            body = ((marks["dateline"], *body[0]), *body[1:])
        elif house.dateline == "own":
            body = ((Piece(f"{house.town.upper()} —"), *body[0]), *body[1:])
        if house.byline == "keep" and "byline" in marks and agency:
            text = f"{marks['byline'].text}, {agency.abbreviation}"
            body = ((replace(marks["byline"], text=text),), *body)
        elif house.byline == "staff":
            body = ((Piece(f"By {house.name} staff"),), *body)
        elif house.byline == "desk":
            body = ((Piece("From our foreign desk"),), *body)
        if not agency:
            return body
        line = {
            "none": "",
            "end": "Agency material was used in this article.",
            "head": f"{agency.name}",
            "contributed": f"{agency.name} contributed to this report.",
        }[house.credit]
        if house.translates and house.credit == "end":
            line = f"Con información de {agency.name}"
        elif house.translates:
            line = f"Quelle: {agency.abbreviation}"
        if not line:
            return body
        credit: Body = ((Piece(line),),)
        return credit + body if house.credit == "head" else body + credit


def _sign(house: House) -> str:
    return "%" if house.percent == "%" else " per cent"


def _without_marks(body: Body) -> tuple[Body, dict[str, Piece]]:
    """The body without byline, dateline, closing line and notes, and those lines by name."""
    marks: dict[str, Piece] = {}
    kept: list[Paragraph] = []
    for paragraph in body:
        rest = []
        for piece in paragraph:
            unit = piece.unit or ""
            if "/" in unit and unit.rpartition("/")[2] in {"dateline", "byline", "ending", "note"}:
                marks[unit.rpartition("/")[2]] = piece
            elif not piece.furniture:
                rest.append(piece)
        if rest:
            kept.append(tuple(rest))
    return tuple(kept), marks


def kind_of(draft: Draft, source: Draft, house: House | None = None) -> str:
    """The kind of derivation, by what was taken and what was added."""
    if house and (house.translates or house.rewords >= 0.5):
        return "rewrite"
    if draft.outlet == source.outlet:
        return "revision"
    own, theirs = set(story_units(draft.body)), units(source)
    shared = len(own & theirs)
    if shared < (1 - NEW_SHARE) * len(own):
        return "expansion"
    return "excerpt" if shared < EXCERPT_SHARE * len(theirs) else "copy"


def page_corrected(desk: Desk, draft: Draft, at: datetime) -> Draft:
    """The house's page with one number put right and a line that says so."""
    random = desk.library.random
    text = " ".join(piece.text for paragraph in draft.body for piece in paragraph)
    numbers = sorted(set(re.findall(r"\b\d{2,3}\b(?![.,]\d)", text)))
    old = random.choice(numbers or ["40"])
    new = str(int(old) + random.randint(1, 7))
    body = each(draft.body, lambda text: re.sub(rf"\b{old}\b", new, text))
    line = random.choice((
        f"Correction: a figure in an earlier version of this article was {old}; it is {new}.",
        f"This article was amended on {at:%d %B %Y}: {new}, not {old}.",
    ))  # fmt: skip
    changed = replace(
        draft,
        name=draft.name + "c",
        role="corrected",
        body=(*body, (Piece(line),)),
        at=at,
        parents=(Parent(draft, "revision"),),
    )
    return changed if random.random() < 0.5 else replace(changed, url=draft.url + "-1")


def own_story(story: Story, paragraphs: int) -> Body:
    """A whole article: the first sentence and details."""
    return ((story.lead,), *details(story.author, story.topic, paragraphs))


def later(library: Library, at: datetime, low: int, high: int) -> datetime:
    """A time so many minutes later, with seconds of its own."""
    random = library.random
    return at + timedelta(minutes=random.randint(low, high), seconds=random.randint(0, 59))
