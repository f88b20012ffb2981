"""An agency's story, its update and correction, and what outlets did with each."""

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
    KESTREL,
    LANTERN,
    LOWLAND,
    MPA,
    NORDHAVEN,
    SENTINEL,
    TRIBUNE,
    WEXMOOR,
)


def tell(made: Corpus) -> Draft:
    """An agency's story, its update and correction, and what outlets did with each."""
    story = read_story("wire/bridge.txt")
    wire = made.add(
        "bridge", MPA, story.title, story.body(), at="2022-10-04T07:05:00Z", slug="20221004-0031"
    )
    update = made.add(
        "bridge-update",
        MPA,
        "Army to lay floating bridge as Tarrow Vale is cut in two",
        edited(
            wire.body,
            drop_dateline,
            replaced("closed the Ardlin Bridge to all traffic on", "closed the bridge on"),
            insert(0, story.body("update-top")),
            insert(4, story.body("update-insert")),
            insert(8, story.body("update-insert-costs")),
        ),
        at="2022-10-05T15:40:00Z",
        parents=(Parent(wire, "revision"),),
        slug="20221005-0112",
    )
    corrected = made.add(
        "bridge-correction",
        MPA,
        update.title,
        edited(
            update.body,
            replaced("310 metres", "340 metres"),
            insert(0, story.body("correction-notice")),
        ),
        at="2022-10-05T18:22:00Z",
        parents=(Parent(update, "revision"),),
        slug="20221005-0112-c",
    )
    courier = made.add(
        "bridge-courier",
        COURIER,
        "Bridge shut for at least six weeks after cracks are found",
        edited(wire.body, keep(6)),
        at="2022-10-04T08:30:00Z",
        parents=(Parent(wire, "excerpt"),),
        slug="ardlin-bridge-shut",
    )
    made.add(
        "bridge-estuary",
        ESTUARY,
        courier.title,
        edited(
            courier.body,
            drop_dateline,
            keep(5),
            insert(
                5,
                made.own(
                    "bridge-estuary",
                    "This article first appeared in The Harbour Courier: "
                    "https://www.harbourcourier.example/news/ardlin-bridge-shut",
                ),
            ),
        ),
        at="2022-10-04T11:02:00Z",
        stated="1970-01-01T00:00:00Z",
        parents=(Parent(courier, "excerpt"),),
        slug="bridge-shut-ardlin-cracks",
    )
    gazette = made.add(
        "bridge-gazette",
        GAZETTE,
        "Market square empty as bridge closes",
        edited(
            wire.body,
            drop_dateline,
            replaced("will last at least six weeks", "is to last six weeks or more"),
            insert(0, story.body("gazette-lead")),
            insert(12, made.own("bridge-gazette", "Additional reporting by MPA")),
        ),
        at="2022-10-04T16:00:00+02:00",
        parents=(Parent(wire, "expansion"),),
        slug="market-square-empty",
    )
    made.add(
        "bridge-lowland",
        LOWLAND,
        "Traders stranded on the wrong bank",
        edited(
            gazette.body,
            keep(4),
            replaced(
                "Odile Hask, who has managed the market since 2011", "market manager Odile Hask"
            ),
        ),
        at="2022-10-04T17:30:00Z",
        stated=None,
        parents=(Parent(gazette, "excerpt", certain=False),),
        slug="traders-stranded",
    )
    made.add(
        "bridge-sentinel",
        SENTINEL,
        "Floating bridge for cut-off valley",
        edited(update.body, drop(6), respelled(AMERICAN), keep(11)),
        at="2022-10-05T16:10:00Z",
        stated="2022-10-05",
        parents=(Parent(update, "copy"),),
        slug="88213",
    )
    made.add(
        "bridge-tribune",
        TRIBUNE,
        "Army to the rescue of Tarrow Vale",
        edited(
            update.body,
            drop_dateline,
            respelled(AMERICAN),
            insert(0, made.own("bridge-tribune", "By Meridian Press Agency")),
            replaced("Army engineers will lay a temporary bridge", "Soldiers are to put a bridge"),
            replaced("forced its closure", "led to it being shut"),
            replaced("Heavy", "Big"),
            replaced("working through the night", "who worked all night"),
            replaced("had probably been growing", "were likely to have grown"),
            replaced("usually falls", "as a rule falls"),
            drop_sentence("The council put off"),
            replaced("is looking for rooms", "is hunting for rooms"),
        ),
        at="2022-10-05T20:45:00Z",
        parents=(Parent(update, "copy"),),
        slug="army-to-the-rescue",
    )
    made.add(
        "bridge-nordhaven",
        NORDHAVEN,
        wire.title,
        edited(
            wire.body,
            insert(
                1,
                made.own(
                    "bridge-nordhaven",
                    "The barrier on the eastern ramp of the bridge on Tuesday. (Photo: MPA)",
                ),
            ),
            keep(8),
        ),
        at="2022-10-04T09:15:00Z",
        stated=None,
        parents=(Parent(wire, "excerpt"),),
        slug="ardlin-bridge",
        furniture=("Read also: Oyster thieves leave their teeth behind",),
    )
    made.add(
        "bridge-wexmoor",
        WEXMOOR,
        wire.title,
        wire.body,
        at="2022-10-04T07:35:00Z",
        stated="2022-10-04",
        parents=(Parent(wire, "copy"),),
        slug="2022/10/04/cracks-close-ardlin-bridge",
    )
    made.add(
        "bridge-lantern",
        LANTERN,
        "Mind the gap: two cracks and a valley in half",
        story.rewritten("lantern"),
        at="2022-10-04T15:00:00Z",
        stated="2022-10-04T17:00:00Z",
        parents=(Parent(wire, "rewrite"),),
        slug="mind-the-gap",
    )
    made.add(
        "bridge-kestrel",
        KESTREL,
        "Ardlin detour lifts freight rates",
        story.body("kestrel")
        + edited(corrected.body, only(4, 5, 8, 9), respelled({"lorries": "trucks"}))
        + story.body("kestrel-end"),
        at="2022-10-06T06:00:00Z",
        parents=(Parent(corrected, "excerpt"),),
        slug="ardlin-freight",
    )
    campus = story.titled("campus")
    made.add(
        "bridge-campus",
        CAMPUS,
        campus[0],
        campus[1],
        at="2022-10-25T09:00:00Z",
        stated="2022-10-25",
        parents=(Parent(wire, "quotation"),),
        slug="2022/lectures-by-post",
    )
    return update
