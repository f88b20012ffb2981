"""The invented outlets of the wire corpus and the furniture of their pages."""

from composition import Outlet

REPLY = ("Leave a Reply", "Your email address will not be published. Required fields are marked *")

MPA = Outlet("Meridian Press Agency", "https://mpa.example/wire/")
NLA = Outlet("Northline Agency", "https://northline.example/story/")
COURIER = Outlet(
    "The Harbour Courier",
    "https://www.harbourcourier.example/news/",
    above=("Home | News | Harbour | Opinion",),
    tail=(
        (
            "The Harbour Courier has reported from the estuary since 1887. Sign up for our free "
            "morning letter and read the five stories you need before the first ferry leaves."
        ),
        "© The Harbour Courier. All rights reserved.",
    ),
)
GAZETTE = Outlet(
    "Tarrow Vale Gazette",
    "https://tarrowvalegazette.example/",
    tail=(*REPLY, "Save my name and email in this browser for the next time I comment."),
    between="\n",
)
SENTINEL = Outlet(
    "Sentinel Online",
    "https://sentinel.example/a/",
    below_title=("Share on Chatter", "Share by email", "Print this page"),
    tail=(
        (
            "Copyright Sentinel Online. This material may not be published, broadcast, rewritten "
            "or redistributed without our written permission."
        ),
    ),
)
TRIBUNE = Outlet(
    "Inland Tribune",
    "https://inlandtribune.example/",
    tail=("Inland Tribune is paid for by its readers. Become a member.",),
    title_in_text=False,
)
NORDHAVEN = Outlet(
    "Nordhaven Post",
    "https://www.nordhavenpost.example/artikel/",
    tail=("Follow the Nordhaven Post on Chatter and Pictogram.",),
)
LOWLAND = Outlet(
    "Lowland Radio",
    "https://lowlandradio.example/news/",
    above=("Listen live",),
    tail=("Lowland Radio: the news on the hour, on 94.2",),
)
LANTERN = Outlet(
    "The Daily Lantern",
    "https://dailylantern.example/p/",
    tail=("Get the Lantern's evening letter in your inbox at five.",),
)
LEDGER = Outlet("Civic Ledger", "https://civicledger.example/digest/")
KESTREL = Outlet(
    "Kestrel Markets",
    "https://kestrelmarkets.example/notes/",
    tail=(
        (
            "This note is for information only and is not investment advice. Kestrel Markets and "
            "its staff may hold positions in the companies that it mentions."
        ),
    ),
)
ESTUARY = Outlet(
    "Estuary Today",
    "https://estuarytoday.example/read/",
    middle=("Story continues below",),
    tail=(*REPLY, "Estuary Today gathers the best of the coast in one place. Get our app."),
)
CAMPUS = Outlet("Campus Observer", "https://campusobserver.example/")
WEXMOOR = Outlet("Wexmoor Herald", "https://wexmoorherald.example/")

AMERICAN = {
    "metres": "meters",
    "kilometres": "kilometers",
    "centimetres": "centimeters",
    "colour": "color",
    "labour": "labor",
    "harbour": "harbor",
    "harbours": "harbors",
    "neighbours": "neighbors",
    "favour": "favor",
    "programme": "program",
    "catalogued": "cataloged",
    "grey": "gray",
    "lorries": "trucks",
    "unlabelled": "unlabeled",
}
