"""A story that spread without a credit; nobody has its original."""

from composition import Corpus, Parent, drop, edited, insert, keep, only, read_story, replaced

from recipes.outlets import COURIER, ESTUARY, GAZETTE, LANTERN, LOWLAND, NORDHAVEN


def tell(made: Corpus) -> None:
    """A story that spread without a credit; nobody has its original."""
    story = read_story("wire/lens.txt")
    first = made.unseen("~unseen#lens", "unseen", story.title, story.body())
    made.add(
        "lens-courier",
        COURIER,
        "Lost lighthouse lens found in island barn",
        edited(first.body, drop(5, 6), keep(7)),
        at="2022-08-11T06:30:00Z",
        stated="2022-08-11",
        parents=(Parent(first, "excerpt"),),
        slug="lighthouse-lens",
    )
    nordhaven = made.add(
        "lens-nordhaven",
        NORDHAVEN,
        first.title,
        edited(
            first.body,
            drop(4),
            replaced("an electric lamp in its place", "an electric bulb to replace it"),
        ),
        at="2022-08-11T09:00:00Z",
        parents=(Parent(first, "copy"),),
        slug="lens-minna",
    )
    made.add(
        "lens-estuary",
        ESTUARY,
        "Century-old lighthouse lens turns up under hay",
        edited(nordhaven.body, keep(6), replaced("the neighbours' bell", "my neighbour's bell")),
        at="2022-08-12T08:00:00Z",
        stated="2022-08-12T08:00:00Z",
        parents=(Parent(nordhaven, "excerpt"),),
        slug="lens-under-hay",
    )
    made.add(
        "lens-lowland",
        LOWLAND,
        "It rang like a church",
        edited(
            first.body,
            only(2, 3, 4, 5, 10),
            replaced("Farmer Joss Ettrick", "Joss Ettrick, a farmer on the island of Minna,"),
        ),
        at="2022-08-10T17:00:00Z",
        stated=None,
        parents=(Parent(first, "excerpt"),),
        slug="rang-like-a-church",
    )
    made.add(
        "lens-gazette",
        GAZETTE,
        "Search your barns, says coast",
        edited(first.body, insert(0, story.body("gazette-lead")), drop(4, 8, 9), keep(7)),
        at="2022-08-13T10:00:00Z",
        stated="2022-08-13",
        parents=(Parent(first, "expansion"),),
        slug="search-your-barns",
    )
    made.add(
        "lens-lantern",
        LANTERN,
        "Hay, there's a lighthouse in my barn",
        story.rewritten("lantern"),
        at="2022-08-12T14:00:00Z",
        parents=(Parent(first, "rewrite"),),
        slug="hay-theres-a-lighthouse",
    )
