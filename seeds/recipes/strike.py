"""An agency's story that is not in the corpus, credited in every way."""

from composition import (
    Corpus,
    Parent,
    drop,
    drop_dateline,
    drop_sentence,
    edited,
    insert,
    keep,
    only,
    read_story,
    respelled,
)

from recipes.outlets import (
    AMERICAN,
    COURIER,
    ESTUARY,
    GAZETTE,
    KESTREL,
    NORDHAVEN,
    SENTINEL,
    TRIBUNE,
    WEXMOOR,
)


def tell(made: Corpus) -> None:
    """An agency's story that is not in the corpus, credited in every way."""
    story = read_story("wire/strike.txt")
    wire = made.unseen("~MPA#strike", "Meridian Press Agency", story.title, story.body())
    made.add(
        "strike-courier",
        COURIER,
        "Dockers vote to go back after 19 days",
        edited(wire.body, keep(7)),
        at="2023-03-09T21:10:00Z",
        parents=(Parent(wire, "excerpt"),),
        slug="dockers-vote",
    )
    sentinel = made.add(
        "strike-sentinel",
        SENTINEL,
        wire.title,
        edited(
            wire.body,
            drop_dateline,
            drop(5, 8),
            insert(0, made.own("strike-sentinel", "By Meridian Press Agency")),
        ),
        at="2023-03-09T20:40:00Z",
        stated="2023-03-09T20:40:00",
        parents=(Parent(wire, "copy"),),
        slug="90417",
    )
    made.add(
        "strike-estuary",
        ESTUARY,
        "Sarnholt cranes to move again",
        edited(
            sentinel.body,
            drop(1),
            keep(6),
            insert(
                6,
                made.own(
                    "strike-estuary",
                    "Originally published by Sentinel Online (https://sentinel.example/a/90417).",
                ),
            ),
        ),
        at="2023-03-10T06:15:00Z",
        stated="2023-03-10T06:15",
        parents=(Parent(sentinel, "excerpt"),),
        slug="sarnholt-cranes",
    )
    made.add(
        "strike-tribune",
        TRIBUNE,
        "Bananas back next week as port strike ends",
        edited(
            wire.body,
            drop_dateline,
            respelled(AMERICAN),
            drop(9),
            insert(0, story.body("tribune-lead")),
            insert(
                10, made.own("strike-tribune", "Meridian Press Agency contributed to this report.")
            ),
        ),
        at="2023-03-10T11:00:00Z",
        parents=(Parent(wire, "expansion"),),
        slug="bananas-back",
    )
    made.add(
        "strike-nordhaven",
        NORDHAVEN,
        "Port strike over: fewer nights, more pay",
        edited(
            wire.body,
            drop_dateline,
            drop_sentence("Others were less satisfied"),
            drop(10),
            insert(9, made.own("strike-nordhaven", "Source: MPA")),
        ),
        at="2023-03-09T22:05:00Z",
        stated=None,
        parents=(Parent(wire, "copy"),),
        slug="port-strike-over",
    )
    made.add(
        "strike-kestrel",
        KESTREL,
        "Sarnholt Port: what the deal costs",
        edited(wire.body, only(1, 3, 6, 8))
        + made.own(
            "strike-kestrel",
            "On our reckoning the pay rise adds 19 million crowns a year to costs, a little less "
            "than the company loses in five days with its cranes at rest. The remote control "
            "project was to have saved twice that from 2026. We leave our estimate unchanged.",
        ),
        at="2023-03-10T07:30:00Z",
        parents=(Parent(wire, "excerpt"),),
        slug="sarnholt-port-deal",
    )
    made.add(
        "strike-gazette",
        GAZETTE,
        "Strike ends in time for the apples",
        story.rewritten("gazette") + made.own("strike-gazette", "With MPA"),
        at="2023-03-10T09:20:00+01:00",
        parents=(Parent(wire, "rewrite"),),
        slug="strike-ends",
    )
    made.add(
        "strike-wexmoor",
        WEXMOOR,
        wire.title,
        edited(wire.body, drop(3, 6, 10), insert(7, story.body("wexmoor-end"))),
        at="2023-03-10T05:00:00Z",
        stated="2023-03-10",
        parents=(Parent(wire, "copy"),),
        slug="2023/03/10/sarnholt-dockers-end-strike",
    )
