"""One event, told by nine writers who share names, stock phrases and what was said aloud."""

from composition import Corpus, Outlet, read_story

ARTICLES: tuple[tuple[str, Outlet, str, str | None], ...] = (
    (
        "sarnholt-times",
        Outlet(
            "Sarnholt Times",
            "https://www.sarnholttimes.example/nation/",
            below_title=("By our staff",),
            tail=("© Sarnholt Times",),
        ),
        "2022-02-13T23:55:00+01:00",
        "",
    ),
    (
        "valley-echo",
        Outlet(
            "Valley Echo",
            "https://valleyecho.example/",
            tail=(
                "Leave a Reply",
                "Your email address will not be published. Required fields are marked *",
            ),
        ),
        "2022-02-15T06:00:00+01:00",
        "2022-02-15",
    ),
    (
        "northern-wire",
        Outlet("Northline Agency", "https://northline.example/story/", title_in_text=False),
        "2022-02-14T11:20:00Z",
        "",
    ),
    (
        "engineers-weekly",
        Outlet("Engineers' Weekly", "https://engineersweekly.example/analysis/"),
        "2022-02-18T08:00:00Z",
        "2022-02-18",
    ),
    (
        "crown-business",
        Outlet("Crown Business", "https://crownbusiness.example/", below_title=("Share", "Print")),
        "2022-02-14T17:45:00+01:00",
        "",
    ),
    (
        "glacier-gazette",
        Outlet(
            "Glacier Gazette",
            "https://glaciergazette.example/",
            tail=(
                "Leave a Reply",
                "Your email address will not be published. Required fields are marked *",
            ),
            between="\n",
        ),
        "2022-02-16T07:00:00Z",
        None,
    ),
    (
        "later-report",
        Outlet("Public Radio One", "https://radioone.example/news/", above=("Listen live",)),
        "2022-03-17T14:00:00Z",
        "2022-03-17",
    ),
    (
        "later-reopening",
        Outlet("Valley Echo", "https://valleyecho.example/", tail=("Leave a Reply",)),
        "2022-05-07T18:30:00+02:00",
        "2022-05-07",
    ),
    (
        "later-profile",
        Outlet("The Long Weekend", "https://longweekend.example/portraits/"),
        "2022-06-04T05:00:00Z",
        None,
    ),
)


def corpus() -> Corpus:
    """The independent corpus: nothing in it derives from anything else."""
    made = Corpus("i")
    made.quotations += [
        (
            "Every passenger is down, every passenger is safe, and nobody goes back up until we "
            "know why that brake closed"
        ),
        (
            "What I saw on that mountain tonight was fear on one end of a rope and patience on the "
            "other"
        ),
    ]
    for name, outlet, at, stated in ARTICLES:
        story = read_story(f"independent/{name}.txt")
        made.add(
            name, outlet, story.title, story.body(), at=at, stated=stated, slug=f"corrin-{at[5:10]}"
        )
    return made
