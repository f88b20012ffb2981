"""The wire corpus: stories and their lives, digests, and articles that derive from nothing."""

from composition import (
    Corpus,
    Draft,
    Outlet,
    Parent,
    drop,
    drop_dateline,
    edited,
    keep,
    only,
    read_story,
)

from recipes import bridge, lens, meters, strike, wheat
from recipes.outlets import (
    CAMPUS,
    COURIER,
    ESTUARY,
    GAZETTE,
    LANTERN,
    LEDGER,
    LOWLAND,
    NORDHAVEN,
    SENTINEL,
    TRIBUNE,
)


def corpus() -> Corpus:
    """The wire corpus: five stories, two composites of them, a reprint and the singles."""
    made = Corpus("w")
    made.quotations += [
        (
            "We do not close a bridge like this lightly, but a hanger that has begun to tear does "
            "not give a second warning"
        ),
        "used to say that you could sow it in a graveyard in March and eat it in July",
    ]
    bridge_update = bridge.tell(made)
    wheat_first, wheat_at_nordhaven = wheat.tell(made)
    strike.tell(made)
    lens.tell(made)
    meters_first = meters.tell(made)
    _composites(made, bridge_update, wheat_first, wheat_at_nordhaven, meters_first)
    _reprint(made)
    _singles(made)
    return made


def _composites(
    made: Corpus,
    bridge_update: Draft,
    wheat_first: Draft,
    wheat_at_nordhaven: Draft,
    meters_first: Draft,
) -> None:
    """Two digests of two stories each; the second names the page of each part."""
    made.add(
        "composite-plain",
        LEDGER,
        "The week in the provinces",
        made.own("composite-plain", "Tarrow Vale")
        + edited(bridge_update.body, drop_dateline, keep(5))
        + made.own("composite-plain-2", "From the archive: Brannock, in May")
        + edited(wheat_first.body, drop_dateline, only(1, 2, 3, 4)),
        at="2022-10-07T12:00:00Z",
        stated="2022-10-07",
        parents=(Parent(bridge_update, "excerpt"), Parent(wheat_first, "excerpt")),
        slug="week-40",
    )
    made.add(
        "composite-sourced",
        LEDGER,
        "Two stories about things that were not there",
        made.own("composite-sourced", "1. The meters")
        + edited(meters_first.body, only(2, 3, 4, 5, 9, 11))
        + made.own(
            "composite-sourced-2",
            "Source: https://www.harbourcourier.example/news/phantom-meters",
            "2. The wheat",
        )
        + edited(wheat_at_nordhaven.body, drop_dateline, drop(3), keep(5))
        + made.own(
            "composite-sourced-3",
            "Source: https://www.nordhavenpost.example/artikel/grey-widow",
        ),
        at="2023-01-20T12:00:00Z",
        stated=None,
        parents=(Parent(meters_first, "excerpt"), Parent(wheat_at_nordhaven, "excerpt")),
        slug="not-there",
    )


def _reprint(made: Corpus) -> None:
    """A text taken from a page that is named but not in the corpus."""
    story = read_story("wire/ferrylog.txt")
    url = "https://kelmontmirror.example/2023/02/night-ferry"
    page = made.unseen(f"~{url}", url, story.title, story.body())
    made.add(
        "reprint",
        LEDGER,
        page.title,
        page.body + made.own("reprint", f"Source: {url}"),
        at="2023-02-20T12:00:00Z",
        parents=(Parent(page, "copy"),),
        slug="night-ferry",
    )


SINGLES: tuple[tuple[str, Outlet, str, str | None], ...] = (
    ("trout", COURIER, "2022-07-29T06:00:00Z", ""),
    ("turbine", NORDHAVEN, "2023-04-17T08:30:00Z", "2023-04-17"),
    ("vines", LANTERN, "2022-11-03T12:00:00Z", ""),
    ("barge", SENTINEL, "2023-02-13T10:00:00Z", "2023-02-13"),
    ("fountains", TRIBUNE, "2022-06-21T09:00:00Z", None),
    ("library", COURIER, "2023-05-09T05:00:00Z", "2023-05-09"),
    ("kites", COURIER, "2023-06-01T05:00:00Z", "2023-06-01"),
    ("chess", ESTUARY, "2022-12-12T05:00:00Z", ""),
    ("clock", COURIER, "2022-06-03T05:00:00Z", None),
    ("heating", GAZETTE, "2023-02-08T05:00:00Z", "2023-02-08T06:00:00+01:00"),
    ("oysters", NORDHAVEN, "2022-09-28T07:00:00Z", ""),
    ("violin", NORDHAVEN, "2022-04-05T07:00:00Z", "2022-04-05"),
    ("budget", GAZETTE, "2022-09-08T09:00:00Z", "2022-09-08T11:00:00+02:00"),
    ("choir", GAZETTE, "2023-03-31T09:00:00Z", "2023-03-31"),
    ("scarecrow", GAZETTE, "2022-05-31T09:00:00Z", None),
    ("goose", SENTINEL, "2022-05-04T10:00:00Z", ""),
    ("museum", SENTINEL, "2022-11-22T10:00:00Z", "2022-11-22"),
    ("ski", SENTINEL, "2023-01-09T10:00:00Z", "2033-01-09"),
    ("ferrycat", ESTUARY, "2022-07-04T08:00:00Z", "1970-01-01T00:00:00Z"),
    ("lottery", ESTUARY, "2023-02-27T08:00:00Z", "2023-02-27"),
    ("sandbank", ESTUARY, "2022-05-12T08:00:00Z", "2022-05-12T08:00:00Z"),
    ("harvestfair", TRIBUNE, "2022-10-17T09:00:00Z", "2022-10-17"),
    ("radio", LOWLAND, "2022-08-17T17:00:00Z", None),
    ("exam", CAMPUS, "2023-06-19T09:00:00Z", "2023-06-19"),
)


def _singles(made: Corpus) -> None:
    """Articles that derive from nothing; five carry the same paragraph of background."""
    background = read_story("wire/background-accord.txt").body()
    background = tuple(
        tuple(type(p)(p.text, f"background/{p.unit}") for p in paragraph)
        for paragraph in background
    )
    for name, outlet, at, stated in SINGLES:
        story = read_story(f"wire/singles/{name}.txt")
        body = story.body()
        if "background" in story.sections:
            body += background + story.body("after")
        made.add(name, outlet, story.title, body, at=at, stated=stated, slug=f"{name}-{at[2:4]}")
