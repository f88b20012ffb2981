"""A newspaper's own investigation, copied and retold, and its follow-up."""

from composition import Corpus, Draft, Parent, drop, edited, keep, only, read_story, replaced

from recipes.outlets import COURIER, ESTUARY, KESTREL, LANTERN, SENTINEL


def tell(made: Corpus) -> Draft:
    """A newspaper's own investigation, copied and retold, and its follow-up."""
    story = read_story("wire/meters.txt")
    first = made.add(
        "meters",
        COURIER,
        story.title,
        story.body(),
        at="2023-01-16T05:00:00Z",
        slug="phantom-meters",
    )
    made.add(
        "meters-estuary",
        ESTUARY,
        first.title,
        edited(
            first.body,
            drop(1, 6),
            replaced("an investigation by The Harbour Courier has found", "it has emerged"),
        )
        + made.own("meters-estuary", "This article first appeared in The Harbour Courier."),
        at="2023-01-16T09:40:00Z",
        stated=None,
        parents=(Parent(first, "copy"),),
        slug="water-meters-never-fitted",
    )
    made.add(
        "meters-sentinel",
        SENTINEL,
        "Thousands paid for water meters they never had",
        edited(
            first.body,
            drop(1),
            replaced("seen by this newspaper", "seen by The Harbour Courier"),
            replaced("We visited", "The newspaper visited"),
            replaced("would not let us in", "would not let it in"),
            keep(7),
        ),
        at="2023-01-17T10:00:00Z",
        stated="2023-01-17",
        parents=(Parent(first, "excerpt"),),
        slug="85522",
    )
    made.add(
        "meters-lantern",
        LANTERN,
        "Form follows fiction",
        story.rewritten("lantern"),
        at="2023-01-18T12:00:00Z",
        parents=(Parent(first, "rewrite"),),
        slug="form-follows-fiction",
    )
    made.add(
        "meters-kestrel",
        KESTREL,
        "Estuary Waterworks: the risk is the licence",
        story.body("kestrel") + edited(first.body, only(3, 7, 8, 10)),
        at="2023-01-16T17:15:00Z",
        stated="2023-01-16T18:15:00+01:00",
        parents=(Parent(first, "excerpt"),),
        slug="waterworks-licence",
    )
    title, body = story.titled("followup")
    made.add(
        "meters-followup",
        COURIER,
        title,
        body + edited(first.body, only(3, 7)) + story.body("followup-end"),
        at="2023-01-27T05:00:00Z",
        stated="2023-01-27",
        parents=(Parent(first, "excerpt"),),
        slug="waterworks-chief-resigns",
    )
    return first
