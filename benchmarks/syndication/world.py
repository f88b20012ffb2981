"""The world of a corpus: events, agencies, houses that take, sites that gather, all in order."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from composition import Draft, Parent
from dating import Form, dated
from editions import Desk, later, own_story, page_corrected
from gathering import (
    digest,
    feature,
    gathered,
    independent,
    live_pages,
    release,
    with_quotations,
)
from grammar import read_inventories
from outlets import (
    AGENCIES,
    DIGESTS,
    GATHERERS,
    HOUSES,
    LIVE,
    RELEASES,
    WRITERS,
    Agency,
    House,
)
from stories import Library, Story, new_story
from versions import send_all

START = datetime(2022, 3, 1)  # noqa: DTZ001 - a clock without a zone: UTC throughout
DAYS = 500
RELEASE_TOPICS = {"results", "science", "culture", "rail"}
RELEASE_SHARE = 0.45
HIDDEN_SHARE = 0.22
NEVER_HOSTING = 5
SINGLES_SHARE = 0.22
PAGE_UNSEEN = 0.05
LIVE_SHARE = 0.4
INDEPENDENT_SHARE = 0.4
DIGESTS_A_STORY = 0.45
FEATURES_A_STORY = 0.2
GATHERED_ROLES = {"member", "archive", "lead", "writethru", "gathered", "corrected"}
DIGESTED_ROLES = {"member", "lead", "writethru", "urgent", "translation"}


@dataclass(slots=True)
class World:
    """All drafts so far, by story; the corpus is what of them is visible."""

    library: Library
    drafts: list[Draft] = field(default_factory=list)
    by_story: dict[str, list[Draft]] = field(default_factory=dict)

    @property
    def random(self) -> Random:
        """The random numbers of the whole corpus."""
        return self.library.random

    @property
    def desk(self) -> Desk:
        """The editors."""
        return Desk(self.library)

    def add(self, draft: Draft) -> Draft:
        """Keep a draft under its first story."""
        self.drafts.append(draft)
        self.by_story.setdefault(draft.stories[0], []).append(draft)
        return draft

    def when(self) -> datetime:
        """A moment of the corpus's days."""
        return START + timedelta(
            days=self.random.randrange(DAYS), seconds=self.random.randrange(86_400)
        )


def make(seed: int, stories: int) -> list[Draft]:
    """Every draft of a corpus, visible or not, each after its parents."""
    random = Random(seed)
    library = Library(read_inventories("common.txt", "topics.txt"), random)
    library.write_backgrounds()
    world = World(library)
    told = [new_story(library, f"story{n:03d}", world.when()) for n in range(1, stories + 1)]
    hidden = [n < round(HIDDEN_SHARE * stories) for n in range(stories)]
    random.shuffle(hidden)
    for story, unseen in zip(told, hidden, strict=True):
        if story.topic in RELEASE_TOPICS and random.random() < RELEASE_SHARE:
            _carry_release(world, story, visible=not unseen)
        else:
            _carry_wire(world, story, seen=not unseen)
        _gather(world, story)
        _report_independently(world, story)
    _digests(world, told)
    _features(world, round(stories * FEATURES_A_STORY))
    visible = sum(draft.visible for draft in world.drafts)
    _singles(world, round(visible * SINGLES_SHARE / (1 - SINGLES_SHARE)))
    return _with_dates(world)


def _carry_wire(world: World, story: Story, *, seen: bool) -> None:
    random = world.random
    agencies = [agency for agency in AGENCIES if agency.hosts or not seen]
    weights = [a.weight if a.hosts else NEVER_HOSTING * a.weight for a in agencies]
    agency = random.choices(agencies, weights)[0]
    sent = tuple(world.add(draft) for draft in send_all(world.library, story, agency, seen=seen))
    takers = [house for house in HOUSES if agency.abbreviation in house.takes]
    count = min(len(takers), 1 + int(random.paretovariate(1.15)) + random.randint(0, 2))
    for house in random.sample(takers, count):
        _take(world, story, agency, house, sent)
    live = [house for house in LIVE if agency.abbreviation in house.takes]
    if live and len(sent) > 2 and random.random() < LIVE_SHARE:
        for page in live_pages(world.desk, random.choice(live), story, sent):
            world.add(page)


def _take(world: World, story: Story, agency: Agency, house: House, sent: Sequence[Draft]) -> None:
    random, desk = world.random, world.desk
    at = later(world.library, story.at, *house.lag)
    source = _latest(sent, at)
    first = desk.edition(house, story, source, agency, at)
    first = world.add(_perhaps_unseen(first, random))
    newer = [version for version in sent if version.at > at]
    if newer and random.random() < house.refreshes:
        _refresh(world, story, agency, house, first, newer[-1])
    elif random.random() < house.corrects:
        world.add(page_corrected(desk, first, later(world.library, at, 60, 2000)))


def _refresh(
    world: World, story: Story, agency: Agency, house: House, first: Draft, source: Draft
) -> None:
    """The house takes the newest version later, and keeps what it had added of its own."""
    at = later(world.library, source.at, 5, 90)
    own = tuple(
        paragraph
        for paragraph in first.body
        if any("/local:" in (piece.unit or "") for piece in paragraph)
    )
    second = world.desk.edition(house, story, source, agency, at, keeps=own, number=1)
    if own:
        second = replace(second, parents=(*second.parents, Parent(first, "revision")))
    world.add(second)


def _latest(sent: Sequence[Draft], at: datetime) -> Draft:
    return [version for version in sent if version.at < at][-1]


def _perhaps_unseen(draft: Draft, random: Random) -> Draft:
    if random.random() >= PAGE_UNSEEN:
        return draft
    return replace(draft, visible=False, hidden_id=f"~{draft.url}", hidden_name=draft.url)


def _carry_release(world: World, story: Story, *, visible: bool) -> None:
    random, desk = world.random, world.desk
    body = own_story(story, random.randint(7, 12))
    source = world.add(release(desk, RELEASES, story, body, visible=visible))
    for house in random.sample(HOUSES, random.randint(4, 11)):
        at = later(world.library, story.at, 20, 2000)
        draft = desk.edition(house, story, source, None, at)
        world.add(_perhaps_unseen(draft, random))


def _gather(world: World, story: Story) -> None:
    random = world.random
    for site in random.sample(GATHERERS, random.choice((0, 0, 1, 1, 2, 2, 3))):
        pages = [d for d in world.by_story[story.name] if d.url and d.role in GATHERED_ROLES]
        pages = [d for d in pages if d.outlet != site.name]
        if not pages:
            return
        source = random.choice(pages)
        world.add(gathered(world.library, site, source, later(world.library, source.at, 10, 3000)))


def _report_independently(world: World, story: Story) -> None:
    random = world.random
    if random.random() > INDEPENDENT_SHARE:
        return
    heard = {
        piece.spoken: piece
        for draft in world.by_story[story.name]
        for paragraph in draft.body
        for piece in paragraph
        if piece.spoken and '"' in piece.text and piece.origin and draft.role in {"lead", "release"}
    }
    for number in range(random.choice((1, 1, 2))):
        name = f"{story.name}-own{number}"
        sections = [f"{story.topic}.body", "gsent", "indirect"]
        author, body = independent(world.library, story, name, sections)
        spoken = sorted(heard.values(), key=lambda piece: piece.unit or "")
        quoted = random.sample(spoken, min(3, len(spoken)))
        body = with_quotations(author, body, quoted)
        if random.random() < 0.4:
            body = (*body, random.choice(world.library.backgrounds))
        title = author.write(["owntitle"], stock=0)
        told = Story(name, story.topic, story.at, author, title, body[0][0])
        house = random.choice(HOUSES[:-2])
        at = later(world.library, story.at, 30, 1500)
        world.add(world.desk.own_article(house, told, name, "independent", body, at))


def _digests(world: World, told: Sequence[Story]) -> None:
    random = world.random
    order = sorted(told, key=lambda story: story.at)
    made = 0
    while made < round(len(told) * DIGESTS_A_STORY):
        start = random.randrange(max(1, len(order) - 3))
        near = random.sample(order[start : start + 4], random.choice((2, 2, 3)))
        sources = []
        for story in near:
            pages = [d for d in world.by_story[story.name] if d.role in DIGESTED_ROLES]
            if pages:
                sources.append(random.choice(pages))
        if len(sources) < 2:
            made += 1
            continue
        at = later(world.library, max(d.at for d in sources), 60, 6000)
        page = digest(world.desk, random.choice(DIGESTS), sources, at, made)
        if page is not None:
            world.add(page)
        made += 1


def _features(world: World, count: int) -> None:
    random = world.random
    sources = [d for d in world.drafts if d.role in {"member", "lead", "writethru"}]
    for number in range(count):
        source = random.choice(sources)
        at = later(world.library, source.at, 3000, 90_000)
        own = new_story(world.library, f"feature{number:03d}", at)
        body = own_story(own, random.randint(8, 16))
        page = feature(world.desk, random.choice(WRITERS), own, source, body, own.at)
        if page is not None:
            world.add(page)


def _singles(world: World, count: int) -> None:
    """Articles that no other derives from; some are an agency's."""
    random = world.random
    for number in range(count):
        story = new_story(world.library, f"single{number:03d}", world.when())
        body = own_story(story, random.randint(8, 24))
        house = random.choice((*HOUSES[:-2], *WRITERS))
        if random.random() < 0.3:
            body = (*body[:1], *world.desk.local(house, f"{story.name}/local", 1), *body[1:])
        world.add(world.desk.own_article(house, story, story.name, "single", body, story.at))


def _with_dates(world: World) -> list[Draft]:
    """The drafts with stated dates; parents refer to the dated ones."""
    forms: dict[str, tuple[Form, float]] = {a.name: ("second", 0.0) for a in AGENCIES}
    for site in (*HOUSES, *GATHERERS, *LIVE, *DIGESTS, *WRITERS, RELEASES):
        forms[site.name] = (site.date, site.careless)
    done: dict[str, Draft] = {}
    for draft in world.drafts:
        form, careless = forms[draft.outlet]
        parents = tuple(replace(p, source=done[p.source.name]) for p in draft.parents)
        done[draft.name] = dated(replace(draft, parents=parents), form, careless, world.random)
    if len(done) < len(world.drafts):
        raise ValueError("two drafts share a name")
    return list(done.values())
