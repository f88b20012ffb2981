"""The invented outlets: what each house does to the texts that it takes."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Agency:
    """A sender of stories. `hosts`: its own pages are in the corpus, but for a share missing."""

    name: str
    abbreviation: str
    address: str
    dateline: str
    ending: str
    weight: int
    hosts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """An outlet and its habits; numbers between 0 and 1 are the share of texts (or of sentences).

    `length` is where it cuts, in words; `lag` how many minutes after the event it publishes.
    """

    name: str
    address: str
    town: str
    takes: tuple[str, ...] = ()
    lag: tuple[int, int] = (30, 600)
    length: int = 0
    thins: float = 0.0
    dateline: Literal["keep", "drop", "own"] = "drop"
    byline: Literal["keep", "drop", "staff", "desk"] = "drop"
    credit: Literal["none", "end", "head", "contributed"] = "none"
    american: bool = False
    percent: Literal["percent", "per cent", "%"] = "percent"
    spells_numbers: bool = False
    curly: bool = False
    weekdays: Literal["on", "bare"] = "on"
    said: Literal["keep", "said first", "name first"] = "keep"
    miles: bool = False
    short_months: bool = False
    retitles: float = 0.5
    new_first: float = 0.0
    local: float = 0.0
    local_on_top: bool = False
    merges: float = 0.0
    splits: bool = False
    reorders: float = 0.0
    moves: float = 0.0
    rewords: float = 0.0
    synonyms: float = 0.0
    translates: bool = False
    drops_tails: float = 0.0
    refreshes: float = 0.0
    corrects: float = 0.0
    noise: float = 0.0
    date: Literal["second", "zone", "minute", "day", "none"] = "second"
    careless: float = 0.0
    above: tuple[str, ...] = ()
    middle: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    title_in_text: bool = True
    between: str = "\n\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gatherer:
    """A site that copies from other sites. `names` says how it names where the text comes from."""

    name: str
    address: str
    paragraphs: int
    names: Literal["url", "first appeared", "read more", "nothing"]
    retitles: float = 0.0
    synonyms: float = 0.0
    curly: bool = False
    date: Literal["second", "zone", "minute", "day", "none"] = "minute"
    careless: float = 0.0
    above: tuple[str, ...] = ()
    middle: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    title_in_text: bool = True
    between: str = "\n\n"


AGENCIES = (
    Agency(
        "Halyard Press Union", "HPU", "https://halyardpress.example/story/",
        "{PLACE} (HPU) — ", "({writer} reported from {PLACE}. Editing by {editor}.)", 6, hosts=True,
    ),
    Agency(
        "Agence Tellier", "AGT", "https://tellier.example/depeche/",
        "{PLACE}, {date} (AGT) - ", "{initials}/{initials2}", 5, hosts=True,
    ),
    Agency(
        "Sextant Wire", "SXW", "https://www.sextantwire.example/wire/",
        "{place}, {date} (Sextant) -- ", "Reporting by {writer}; Writing by {editor}", 5,
        hosts=True,
    ),
    Agency(
        "Norvane News Service", "NNS", "https://norvane.example/",
        "{PLACE} | NNS | ", "© Norvane News Service {year}", 1,
    ),
    Agency(
        "Five Rivers Cooperative", "FRC", "https://fiverivers.example/",
        "{PLACE}, {region} (FRC) – ", "--FRC--", 1,
    ),
)  # fmt: skip

HOUSES = (
    House(
        name="The Larchmoor Argus", address="https://www.larchmoorargus.example/news/",
        town="Larchmoor", takes=("HPU", "NNS"), lag=(90, 900), length=520, dateline="keep",
        byline="keep", retitles=0.3, local=0.25, american=True, weekdays="bare", percent="%",
        short_months=True, corrects=0.1, careless=0.1,
        below=("The Larchmoor Argus is a member of Halyard Press Union.", "Subscribe now"),
    ),
    House(
        name="Tidewater Ledger", address="https://tidewaterledger.example/articles/",
        town="Saltmouth", takes=("HPU", "SXW"), lag=(20, 240), length=300, dateline="keep",
        retitles=0.8, american=True, weekdays="bare", short_months=True, miles=True,
        refreshes=0.4, date="zone", above=("NEWS", "Listen to this article"),
        middle=("ADVERTISEMENT",),
    ),
    House(
        name="Quarry Valley Post", address="https://qvpost.example/", town="Quarryvale",
        takes=("HPU", "FRC"), lag=(240, 1500), length=240, dateline="own", byline="staff",
        credit="contributed", local=0.8, local_on_top=True, retitles=0.9, curly=True,
        merges=0.2, date="day", below=("Quarry Valley Post, published daily except Sunday",),
    ),
    House(
        name="Evening Cormorant", address="https://eveningcormorant.example/a/", town="Gannetpool",
        takes=("AGT", "SXW"), lag=(60, 700), thins=0.35, dateline="drop", byline="desk",
        percent="per cent", spells_numbers=True, curly=True, said="said first", retitles=0.9,
        merges=0.4, careless=0.15, date="minute",
        above=("Home > World > Latest",), below=("Most read", "Letters to the editor"),
    ),
    House(
        name="Ploverdale Chronicle", address="https://ploverdalechronicle.example/story/",
        town="Ploverdale", takes=("SXW", "NNS"), lag=(100, 1200), length=380, credit="end",
        byline="drop", percent="per cent", spells_numbers=True, local=0.5, new_first=0.5,
        retitles=0.7, reorders=0.25, drops_tails=0.2, date="day",
    ),
    House(
        name="Radio Kestrel", address="https://radiokestrel.example/bulletin/", town="Kestrelford",
        takes=("HPU", "AGT"), lag=(10, 120), length=130, splits=True, new_first=0.6,
        retitles=1.0, drops_tails=0.5, spells_numbers=True, refreshes=0.5, date="zone",
        below=("Listen to Radio Kestrel on 98.4", "Download our app"),
    ),
    House(
        name="Thistlecombe Mail", address="https://www.thistlecombemail.example/news/article-",
        town="Thistlecombe", takes=("AGT", "FRC", "SXW"), lag=(45, 500), rewords=0.5,
        synonyms=0.35, new_first=0.9, retitles=1.0, splits=True, moves=0.6, drops_tails=0.25,
        byline="staff", curly=True, percent="per cent", said="said first", date="second",
        above=("Share", "View comments"), below=("Share or comment on this article",),
        between="\n",
    ),
    House(
        name="Emberhaven Tribune", address="https://emberhaventribune.example/", town="Emberhaven",
        takes=("HPU", "SXW", "NNS"), lag=(120, 1400), dateline="keep", byline="keep",
        credit="head", retitles=0.2, american=True, corrects=0.25, title_in_text=False,
        below=("© Emberhaven Tribune. All rights reserved.",),
    ),
    House(
        name="Saltreach Observer", address="https://saltreachobserver.example/o/", town="Saltreach",
        takes=("HPU", "AGT"), lag=(180, 1300), length=420, thins=0.2, local=0.6, retitles=0.6,
        dateline="own", credit="contributed", merges=0.5, said="name first", date="none",
    ),
    House(
        name="Northcross Standard", address="https://northcrossstandard.example/standard/",
        town="Northcross", takes=("SXW", "AGT"), lag=(60, 800), length=600, dateline="drop",
        credit="end", spells_numbers=True, percent="per cent", curly=True, reorders=0.4,
        retitles=0.8, drops_tails=0.15, refreshes=0.15, careless=0.1, date="zone",
    ),
    House(
        name="The Pebblestrand Independent", address="https://pebblestrandindy.example/",
        town="Pebblestrand", takes=("NNS", "FRC", "HPU"), lag=(200, 2400), length=700, local=0.4,
        new_first=0.3, retitles=0.7, byline="staff", synonyms=0.15, weekdays="bare", date="day",
        below=("Independent and free to read, thanks to supporters like you.",),
    ),
    House(
        name="Canal Nueve", address="https://canalnueve.example/noticias/", town="Port Verga",
        takes=("AGT", "SXW", "HPU"), lag=(90, 900), translates=True, retitles=1.0, length=360,
        percent="%", curly=True, credit="end", date="zone", above=("Inicio / Mundo",),
        below=("Síganos en Chatter",),
    ),
    House(
        name="Volkserald Online", address="https://volkserald.example/artikel/", town="Ulgren",
        takes=("SXW", "HPU"), lag=(120, 1500), translates=True, retitles=1.0, merges=0.3,
        thins=0.15, credit="head", careless=0.2, date="minute", below=("Zur Startseite",),
    ),
    House(
        name="Fallowgate Free Press", address="https://fallowgatefreepress.example/p/",
        town="Fallowgate", takes=("HPU", "FRC"), lag=(300, 3000), length=180, retitles=0.4,
        credit="none", date="none", title_in_text=False, below=("Leave a comment",),
    ),
    House(
        name="Business Meridian", address="https://businessmeridian.example/markets/",
        town="Cordal", takes=("SXW", "NNS"), lag=(5, 90), refreshes=0.5, retitles=0.3,
        dateline="keep", credit="end", date="second", merges=0.15,
        below=("This is not investment advice.",),
    ),
    House(
        name="The Underfen Herald", address="https://underfenherald.example/herald/",
        town="Underfen", takes=("HPU", "AGT", "NNS"), lag=(150, 1400), thins=0.5, dateline="drop",
        local=0.5, retitles=0.8, byline="staff", moves=0.5, weekdays="bare", american=True,
        date="minute", middle=("Article continues after this advertisement",),
    ),
    House(
        name="Vetchbridge Courier", address="https://vetchbridgecourier.example/courier/",
        town="Vetchbridge", takes=("AGT", "FRC"), lag=(240, 1600), length=450, credit="contributed",
        percent="per cent", curly=True, retitles=0.6, rewords=0.25, spells_numbers=True,
        corrects=0.15, date="day",
    ),
    House(
        name="Metro Whistle", address="https://metrowhistle.example/w/", town="Calding",
        takes=("HPU", "SXW", "AGT", "NNS"), lag=(30, 300), length=90, retitles=1.0, new_first=0.7,
        synonyms=0.25, splits=True, drops_tails=0.4, date="second", above=("TRENDING",),
        between="\n",
    ),
    House(
        name="Rushenhaven Sentinel", address="https://rushenhavensentinel.example/",
        town="Rushenhaven", takes=("SXW", "FRC"), lag=(100, 1000), dateline="keep", byline="drop",
        retitles=0.5, american=True, miles=True, weekdays="bare", local=0.3, careless=0.2,
        date="second", below=("Tags: world, news", "Sign up for alerts"),
    ),
    House(
        name="Gazette of Osterwell", address="https://osterwellgazette.example/archive/",
        town="Osterwell", takes=("HPU", "NNS"), lag=(900, 2400), length=330, dateline="keep",
        retitles=0.6, noise=0.02, date="day", title_in_text=True, between="\n",
    ),
    House(
        name="Thornmark Daily Record", address="https://thornmarkrecord.example/scan/",
        town="Thornmark", takes=("AGT", "SXW", "FRC"), lag=(900, 2600), length=460, retitles=0.8,
        thins=0.1, noise=0.045, date="day", careless=0.3, between="\n",
    ),
)  # fmt: skip

GATHERERS = (
    Gatherer(
        name="Newsloft", address="https://newsloft.example/read/", paragraphs=0, names="url",
        date="minute", careless=0.1, below=("Posted in News", "Related posts"),
    ),
    Gatherer(
        name="The Daily Scoop Shop", address="https://scoopshop.example/", paragraphs=0,
        names="nothing", retitles=0.6, synonyms=0.3, date="none", between="\n",
        above=("Skip to content",), below=("Your email address will not be shown.",),
    ),
    Gatherer(
        name="Open Harbour", address="https://openharbour.example/republished/", paragraphs=0,
        names="first appeared", curly=True, date="day", below=("Republish this article",),
    ),
    Gatherer(
        name="Headline Ferry", address="https://headlineferry.example/h/", paragraphs=3,
        names="read more", retitles=0.2, date="zone", above=("Today's picks",),
    ),
    Gatherer(
        name="Pan-Regional Times", address="https://panregional.example/2/", paragraphs=8,
        names="nothing", retitles=0.9, synonyms=0.12, curly=True, careless=0.2, date="second",
        middle=("You may also like",), title_in_text=False,
    ),
)  # fmt: skip

LIVE = (
    House(
        name="Linden Live", address="https://lindenlive.example/live/", town="Linden",
        takes=("HPU", "SXW", "AGT"), above=("LIVE", "Newest first"), date="minute",
    ),
    House(
        name="Wickmond Ticker", address="https://wickmondticker.example/ticker/", town="Wickmond",
        takes=("AGT", "NNS", "FRC", "HPU"), curly=True, percent="%", date="zone",
        below=("Refresh this page",),
    ),
)  # fmt: skip

DIGESTS = (
    House(
        name="The Weekly Satchel", address="https://weeklysatchel.example/issue/", town="Verley",
        percent="per cent", curly=True, drops_tails=0.2, date="day",
        below=("The Weekly Satchel is put together by volunteers.",),
    ),
    House(
        name="Morning Round-up", address="https://morningroundup.example/", town="Aldwick",
        date="minute", above=("Good morning. Here is what happened overnight.",),
    ),
)  # fmt: skip

WRITERS = (
    House(
        name="The Slow Quarterly", address="https://slowquarterly.example/essay/", town="Zeldal",
        curly=True, date="day", below=("From our archive",),
    ),
    House(
        name="Bellham Review", address="https://bellhamreview.example/", town="Bellham",
        percent="per cent", date="second",
    ),
)  # fmt: skip

RELEASES = House(
    name="Plainwire Releases", address="https://plainwire.example/release/", town="Cordal",
    date="second", below=("About Plainwire: we carry company news unedited.",),
)  # fmt: skip
