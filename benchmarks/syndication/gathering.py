"""Pages that live on others' texts: gatherers, live pages, digests, and features that excerpt."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from composition import Body, Draft, Paragraph, Parent, Piece, furniture, story_units
from editions import Desk, kind_of
from edits import SYNONYMS, curly, each, inserted, substituted
from outlets import Gatherer, House
from stories import Author, Library, Story

FURNITURE_TAKEN = 0.12
LIVE_PARAGRAPHS = (1, 3)


def gathered(library: Library, site: Gatherer, source: Draft, at: datetime) -> Draft:
    """A copy of another site's page, whole or its first paragraphs, as the site always does it."""
    random = library.random
    body, title = source.body, source.title
    if site.paragraphs:
        telling = [n for n, paragraph in enumerate(body, 1) if paragraph[-1].unit]
        body = body[: telling[: site.paragraphs + random.randint(-1, 1)][-1]] if telling else body
    if site.synonyms:
        body = each(body, substituted(SYNONYMS, random, site.synonyms))
    if source.below and random.random() < FURNITURE_TAKEN:
        body += furniture(random.choice(source.below))
    if site.curly:
        body, title = each(body, curly), replace(title, text=curly(title.text))
    if random.random() < site.retitles:
        first = next((p[-1].text for p in body if p[-1].unit), body[0][0].text)
        words = re.sub(r"^.*(?:\)|\|)\W+", "", first).split()[: random.randint(7, 11)]
        title = Piece(" ".join(words).strip(",;.") + "…", f"{source.name}/{site.name}/title")
    line = {
        "url": f"Source: {source.url}",
        "first appeared": f"This article first appeared in {source.outlet}.",
        "read more": f"Read the full story at {source.outlet}",
        "nothing": "",
    }[site.names]
    if line:
        body += ((Piece(line),),)
    draft = Draft(
        name=f"{source.name}/{site.name}",
        role="gathered",
        stories=source.stories,
        outlet=site.name,
        title=title,
        body=body,
        at=at,
        url=f"{site.address}{random.randint(100_000, 999_999)}",
        above=site.above,
        middle=site.middle,
        below=site.below,
        title_in_text=site.title_in_text,
        between=site.between,
    )
    return replace(draft, parents=(Parent(source, kind_of(draft, source)),))


def live_pages(desk: Desk, house: House, story: Story, sent: Sequence[Draft]) -> list[Draft]:
    """Two states of a page that grows at the top with each version; the second keeps the first."""
    random = desk.library.random
    name = f"{story.name}/{house.name}"
    title = Piece(f"Live: {story.title.text}", f"{name}/title")
    entries: Body = ()
    parents: list[Parent] = []
    pages: list[Draft] = []
    stop = random.randint(2, len(sent)) if len(sent) > 2 else len(sent)
    for number, version in enumerate(sent, 1):
        have = set(story_units(entries))
        fresh = [p for p in version.body if _is_news(p) and not _units(p) & have]
        taken = tuple(fresh[: random.randint(*LIVE_PARAGRAPHS)])
        if taken:
            stamp = f"{version.at + timedelta(minutes=2):%H:%M}"
            entries = ((Piece(stamp),), *desk.styled(house, taken), *entries)
            parents.append(Parent(version, "excerpt"))
        if number in {stop, len(sent)} and taken:
            at = version.at + timedelta(minutes=random.randint(3, 12))
            page = Draft(
                f"{name}/{number}", "live", (story.name,), house.name, title, entries, at,
                tuple(parents),
            )  # fmt: skip
            pages.append(desk.page(house, page))
            parents = [Parent(pages[-1], "expansion")]
    return pages


def _is_news(paragraph: Paragraph) -> bool:
    return "/" not in (paragraph[-1].unit or "/")


def _units(paragraph: Paragraph) -> set[str | None]:
    return {piece.unit for piece in paragraph} - {None}


def digest(
    desk: Desk, house: House, sources: Sequence[Draft], at: datetime, number: int
) -> Draft | None:
    """Short excerpts of several stories under headings; None where one of them yields too little.

    Some digests say where a part comes from, some close a part with a sentence of their own.
    """
    random = desk.library.random
    name = f"digest-{number}/{house.name}"
    weekly = random.random() < 0.5
    body: Body = ()
    for part, source in enumerate(sources, 1):
        have = set(story_units(body))
        news = [p for p in source.body if _is_news(p) and not _units(p) & have]
        if len(news) < 2:
            return None
        chosen = news[: random.randint(2, 4)]
        if len(news) > 5 and random.random() < 0.4:
            chosen = [*chosen[:2], news[random.randrange(3, len(news))]]
        body += ((Piece(source.title.text, source.title.unit),), *chosen)
        if weekly and random.random() < 0.4:
            body += desk.local(house, f"{name}/own{part}", 1)
        elif random.random() < 0.3:
            body += ((Piece(f"({source.outlet})"),),)
    body = desk.styled(house, _dateless(body))
    heading = f"The week to {at:%B} {at.day}" if weekly else f"Round-up for {at:%A, %B} {at.day}"
    draft = Draft(
        name=name,
        role="digest" if weekly else "roundup",
        stories=tuple(dict.fromkeys(s for source in sources for s in source.stories)),
        outlet=house.name,
        title=Piece(heading),
        body=body,
        at=at,
        parents=tuple(Parent(source, "excerpt") for source in sources),
    )
    return desk.page(house, draft)


def _dateless(body: Body) -> Body:
    cleaned = tuple(
        tuple(p for p in paragraph if not (p.unit or "").endswith(("/dateline", "/byline")))
        for paragraph in body
    )
    return tuple(paragraph for paragraph in cleaned if paragraph)


def feature(
    desk: Desk, house: House, own: Story, source: Draft, body: Body, at: datetime
) -> Draft | None:
    """An article of its own that holds one or two paragraphs of another; None if there are none."""
    random = desk.library.random
    news = [p for p in source.body if _is_news(p) and sum(len(s.text) for s in p) > 120]
    if not news:
        return None
    start = random.randrange(len(news))
    excerpt = _dateless(tuple(news[start : start + random.randint(1, 2)]))
    intro = random.choice((
        f"As {source.outlet} reported at the time:",
        f"The account in {source.outlet} reads:",
        "An article that month put it like this:",
    ))  # fmt: skip
    block: Body = ((Piece(intro),), *excerpt)
    body = inserted(body, random.randint(2, max(2, len(body) - 2)), block)
    draft = desk.own_article(house, own, own.name, "feature", body, at)
    return replace(
        draft,
        stories=(own.name, *source.stories),
        parents=(Parent(source, "excerpt"),),
    )


def release(desk: Desk, house: House, story: Story, body: Body, *, visible: bool) -> Draft:
    """What an organisation announces of itself, as its page carries it."""
    facts = story.author.facts
    random = desk.library.random
    place = facts["PLACE"].upper()
    opening = f"{place}, {story.at:%B} {story.at.day} /Plainwire/ --"
    first: Paragraph = (Piece(opening, f"{story.name}:release/dateline"), *body[0])
    contact: Body = (
        (Piece(f"About {facts['PLACE']} Works", f"{story.name}:about"),),
        (Piece(f"Media contact: {random.choice(list(story.author.people.values()))}, "
               f"+{random.randint(10, 99)} {random.randint(100, 999)} {random.randint(1000, 9999)}",
               f"{story.name}:contact"),),
    )  # fmt: skip
    draft = Draft(
        name=f"{story.name}/release",
        role="release",
        stories=(story.name,),
        outlet=house.name,
        title=story.title,
        body=(first, *body[1:], *contact),
        at=story.at,
        visible=visible,
        hidden_id=f"~unseen#{story.name}",
        hidden_name="unseen",
    )
    return desk.page(house, draft)


def independent(
    library: Library, story: Story, name: str, sections: Sequence[str]
) -> tuple[Author, Body]:
    """Another author's report of the event: own sentences, and two or three of its quotations."""
    random = library.random
    facts = dict(story.author.facts)
    author = Author(library, name, facts, story.author.people, used=list(story.author.used))
    body: list[Paragraph] = [(author.write(["ownlead"], stock=0),)]
    while len(body) < random.randint(7, 14):
        body.append(author.paragraph(sections, random.choice((1, 2, 2, 3))))
    return author, tuple(body)


def with_quotations(author: Author, body: Body, quoted: Sequence[Piece]) -> Body:
    """The body with these spoken words reported in the author's own way."""
    random = author.library.random
    for number, piece in enumerate(quoted, 1):
        words = re.search(r'"([^"]+)"', piece.text)
        if words is None:
            continue
        who = random.choice(sorted(author.people.values())).rsplit(" ", 1)[-1]
        spoken = words[1].rstrip(",.")
        text = random.choice((
            f'"{spoken}," was how {who} put it.',
            f'Asked afterwards, {who} replied: "{spoken}."',
            f'{who} put it thus: "{spoken}."',
        ))  # fmt: skip
        new: Paragraph = (Piece(text, f"{author.owner}:q{number}", spoken=piece.spoken),)
        body = inserted(body, random.randint(1, len(body)), (new,))
    return body
