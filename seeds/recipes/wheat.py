"""A second agency's story; its update, and copies with captions and other spelling."""

from composition import (
    Corpus,
    Draft,
    Parent,
    drop,
    drop_dateline,
    drop_sentence,
    edited,
    insert,
    keep,
    only,
    read_story,
    replaced,
    respelled,
)

from recipes.outlets import (
    AMERICAN,
    CAMPUS,
    COURIER,
    ESTUARY,
    GAZETTE,
    NLA,
    NORDHAVEN,
    SENTINEL,
    TRIBUNE,
    WEXMOOR,
)


def tell(made: Corpus) -> tuple[Draft, Draft]:
    """A second agency's story; its update, and copies with captions and other spelling."""
    story = read_story("wire/wheat.txt")
    wire = made.add(
        "wheat", NLA, story.title, story.body(), at="2022-05-17T10:00:00Z", slug="17may-seedbank"
    )
    made.add(
        "wheat-update",
        NLA,
        "Teacher hid the wheat from the state, great-nephew says",
        edited(
            wire.body,
            drop(1, 8),
            drop_sentence("Stem rust cost"),
            insert(0, story.body("update-top")),
        ),
        at="2022-05-19T13:20:00Z",
        parents=(Parent(wire, "revision"),),
        slug="19may-seedbank",
    )
    made.add(
        "wheat-courier",
        COURIER,
        "Lost wheat sprouts again after ninety years in a jar",
        edited(wire.body, keep(7)),
        at="2022-05-17T12:45:00Z",
        stated="2022-05-17",
        parents=(Parent(wire, "excerpt"),),
        slug="lost-wheat-sprouts",
    )
    nordhaven = made.add(
        "wheat-nordhaven",
        NORDHAVEN,
        "The Grey Widow returns",
        edited(wire.body, insert(2, story.body("nordhaven-caption"))),
        at="2022-05-17T11:30:00Z",
        parents=(Parent(wire, "copy"),),
        slug="grey-widow",
        furniture=("Read also: Stolen violin comes home in a shopping trolley",),
    )
    tribune = made.add(
        "wheat-tribune",
        TRIBUNE,
        "Jar in cellar held wheat thought lost for 90 years",
        edited(
            wire.body,
            respelled(AMERICAN),
            replaced("absurd and wonderful in equal measure", "equally absurd and wonderful"),
            replaced("190,000 tonnes", "210,000 tons"),
        ),
        at="2022-05-17T18:00:00Z",
        parents=(Parent(wire, "copy"),),
        slug="wheat-in-a-jar",
    )
    made.add(
        "wheat-estuary",
        ESTUARY,
        tribune.title,
        edited(tribune.body, drop_dateline, drop(8), keep(7)),
        at="2022-05-18T07:10:00Z",
        stated="2012-05-18",
        parents=(Parent(tribune, "excerpt", certain=False),),
        slug="wheat-lost-90-years",
    )
    made.add(
        "wheat-sentinel",
        SENTINEL,
        "Ninety-year-old wheat resists stem rust",
        edited(wire.body, only(1, 5, 6, 7), insert(4, story.body("sentinel-note"))),
        at="2022-05-17T14:05:00Z",
        parents=(Parent(wire, "excerpt"),),
        slug="71900",
    )
    made.add(
        "wheat-gazette",
        GAZETTE,
        "Two Vale parishes in line for lost wheat",
        edited(
            wire.body,
            drop_dateline,
            insert(0, made.own("wheat-gazette", "By our staff and Northline Agency")),
            insert(1, story.body("gazette-lead")),
            drop(8, 11),
        ),
        at="2022-05-18T09:00:00+02:00",
        parents=(Parent(wire, "expansion"),),
        slug="two-vale-parishes",
    )
    made.add(
        "wheat-wexmoor",
        WEXMOOR,
        wire.title,
        edited(wire.body, drop_dateline, keep(9)),
        at="2022-05-17T19:30:00Z",
        stated=None,
        parents=(Parent(wire, "copy", certain=False),),
    )
    canteen = story.titled("canteen")
    made.add(
        "wheat-campus",
        CAMPUS,
        canteen[0],
        canteen[1],
        at="2022-05-24T08:00:00Z",
        parents=(Parent(wire, "quotation"),),
        slug="2022/a-loaf-with-a-past",
    )
    return wire, nordhaven
