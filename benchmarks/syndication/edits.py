"""What newsrooms do to a text: edits of words, of sentences and of the order of paragraphs."""

import re
from collections.abc import Callable
from dataclasses import replace
from random import Random

from composition import Body, Paragraph

TextEdit = Callable[[str], str]

AMERICAN = {
    "kilometres": "kilometers", "kilometre": "kilometer", "metres": "meters",
    "centimetres": "centimeters", "harbour": "harbor", "honoured": "honored",
    "organised": "organized", "labour": "labor", "rumour": "rumor", "defence": "defense",
    "licence": "license", "meagre": "meager", "tonnes": "tons", "neighbour": "neighbor",
    "jeweller": "jeweler", "sulphur": "sulfur", "cheque": "check", "theatres": "theaters",
    "car-park": "parking lot", "travellers": "travelers", "lorries": "trucks",
    "lorry-drivers": "truck-drivers", "railway": "railroad", "motorway": "highway",
    "grey": "gray", "apologise": "apologize", "coloured": "colored", "autumn": "fall",
    "half-year": "six-month", "dismissed": "fired", "ground": "field",
}  # fmt: skip
SYNONYMS = {
    "about": "around", "roughly": "approximately", "nearly": "almost", "quietly": "discreetly",
    "shortly": "soon", "began": "started", "start": "begin", "asked": "requested",
    "bought": "purchased", "found": "discovered", "showed": "revealed", "near": "close to",
    "people": "persons", "hospital": "the infirmary", "former": "one-time", "old": "ageing",
    "whether": "if", "although": "though", "while": "as", "because of": "owing to",
    "despite": "notwithstanding", "build": "construct", "told": "informed", "cost": "price",
    "stopped": "halted", "reporters": "journalists", "warned": "cautioned",
    "promised": "pledged", "police": "officers", "arrested": "detained", "end": "close",
    "killed": "claimed the lives of", "wanted": "sought", "ordered": "instructed",
    "last": "final", "meeting": "session", "review": "reassess", "publish": "release",
    "families": "households", "beside": "next to", "outside": "in front of",
    "behind": "at the back of", "employs": "has on its payroll", "demanded": "called for",
    "opposed": "fought", "quickly": "rapidly", "suddenly": "without warning",
    "repeatedly": "again and again", "praised": "applauded", "kept": "retained",
    "repaired": "fixed", "lost": "mislaid", "examined": "studied", "noticed": "spotted",
    "awkward": "clumsy", "costly": "expensive", "modest": "unassuming", "gloomy": "bleak",
}  # fmt: skip
SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve",
)  # fmt: skip
MONTHS = {
    "January": "Jan.", "February": "Feb.", "August": "Aug.", "September": "Sept.",
    "October": "Oct.", "November": "Nov.", "December": "Dec.",
}  # fmt: skip
SAID_FIRST = re.compile(r'(,"|,”) ([A-Z][\w’\'-]*(?: [\w’\'-]+){0,4}) said(?=[.,])')
NAME_FIRST = re.compile(r'(,"|,”) said ((?:[\w’\'-]+ ){0,4}[A-Z][\w’\'-]+)(?=[.,])')
WEEKDAY = re.compile(r" on ((?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b")
TAIL = re.compile(r"^(.{40,}?\w), ([a-z][^\"“]{20,})\.$")
CONFUSED = {
    "e": "co", "o": "0ec", "l": "1I", "i": "1l", "s": "5", "n": "ri", "m": "n", "h": "b",
    "c": "eo", "u": "n", "t": "lf", "a": "o", "r": "f", "d": "cl", "g": "q", "b": "h",
    "f": "t", "v": "y", "y": "v", "w": "v",
}  # fmt: skip


def each(body: Body, change: TextEdit) -> Body:
    """Every sentence as `change` writes it."""
    return tuple(
        tuple(p if p.furniture else replace(p, text=change(p.text)) for p in paragraph)
        for paragraph in body
    )


def substituted(words: dict[str, str], random: Random | None = None, share: float = 1) -> TextEdit:
    """A change of these words wherever they stand, or of a share of them; capitals are kept."""
    pattern = re.compile(r"\b(" + "|".join(map(re.escape, words)) + r")\b", re.IGNORECASE)

    def swap(found: re.Match[str]) -> str:
        if random and random.random() > share:
            return found.group()
        new = words.get(found.group()) or words[found.group().lower()]
        return new[0].upper() + new[1:] if found.group()[0].isupper() else new

    return lambda text: pattern.sub(swap, text)


def months_shortened(text: str) -> str:
    """Long months shortened where a day follows."""
    return re.sub(r"\b(" + "|".join(MONTHS) + r")(?= \d{1,2}\b)", lambda m: MONTHS[m.group()], text)


def spelled_numbers(text: str) -> str:
    """Whole numbers up to twelve in words, except prices, scores, shares and times."""
    return re.sub(
        r"(?<![\d.,:–-])\b(\d|1[0-2])\b(?![\d.,:–%-]|th| percent| per cent| million| thousand)",
        lambda m: SMALL[int(m[1])],
        text,
    )


def bare_weekdays(text: str) -> str:
    """`said Tuesday` for `said on Tuesday`."""
    return WEEKDAY.sub(r" \1", text)


def said_first(text: str) -> str:
    """`," said X` for `," X said`."""
    return SAID_FIRST.sub(r"\1 said \2", text)


def name_first(text: str) -> str:
    """`," X said` for `," said X`."""
    return NAME_FIRST.sub(r"\1 \2 said", text)


def in_miles(text: str) -> str:
    """Kilometres followed by miles, degrees Celsius by Fahrenheit."""
    text = re.sub(
        r"\b(\d+) (kilometres|kilometers|km)\b(?! an hour| \()",
        lambda m: f"{m.group()} ({round(int(m[1]) * 0.621)} miles)",
        text,
    )
    return re.sub(
        r"\b(\d+) degrees Celsius",
        lambda m: f"{m.group()} ({round(int(m[1]) * 1.8 + 32)} Fahrenheit)",
        text,
    )


def curly(text: str) -> str:
    """Typographic quotation marks and apostrophes."""
    text = re.sub(r'(^|[\s(])"', r"\1“", text).replace('"', "”")
    return re.sub(r"(?<=\w)'", "’", text)


def tail_dropped(text: str) -> str:
    """The sentence up to its last clause."""
    return TAIL.sub(r"\1.", text)


def scanned(random: Random, rate: float) -> TextEdit:
    """A text read by a machine: this share of the letters misread, lost or parted."""

    def read(text: str) -> str:
        out = []
        for char in text:
            if random.random() >= rate:
                out.append(char)
                continue
            roll = random.random()
            if roll < 0.7 and char.lower() in CONFUSED:
                out.append(random.choice(CONFUSED[char.lower()]))
            elif roll < 0.8:
                out.append(char + random.choice(".,'- "))
            elif roll > 0.9:
                out.append(char)
        return "".join(out).strip() or text

    return read


def some(random: Random, share: float, change: TextEdit) -> TextEdit:
    """A change made to a share of the sentences."""
    return lambda text: change(text) if random.random() < share else text


def cut_to(body: Body, words: int) -> Body:
    """The paragraphs that fit in so many words; never none."""
    kept: list[Paragraph] = []
    for paragraph in body:
        words -= sum(len(piece.text.split()) for piece in paragraph)
        if words < 0 and kept:
            break
        kept.append(paragraph)
    return tuple(kept)


def thinned(body: Body, random: Random, share: float) -> Body:
    """Without a share of the paragraphs between the third and the last."""
    last = len(body) - 1
    return tuple(p for n, p in enumerate(body) if n < 2 or n == last or random.random() > share)


def merged(body: Body, random: Random, share: float) -> Body:
    """A share of the paragraphs joined to the one before."""
    joined: list[Paragraph] = []
    for paragraph in body:
        if len(joined) > 1 and not paragraph[0].furniture and random.random() < share:
            joined[-1] += paragraph
        else:
            joined.append(paragraph)
    return tuple(joined)


def split(body: Body) -> Body:
    """A paragraph a sentence."""
    return tuple((piece,) for paragraph in body for piece in paragraph)


def reordered(body: Body, random: Random, share: float) -> Body:
    """A share of the paragraphs with their last sentence first, the opening one left alone."""

    def turn(number: int, paragraph: Paragraph) -> Paragraph:
        if number == 0 or len(paragraph) < 2 or random.random() > share:
            return paragraph
        return (paragraph[-1], *paragraph[:-1])

    return tuple(turn(n, p) for n, p in enumerate(body))


def moved(body: Body, random: Random) -> Body:
    """One paragraph of the lower half moved up behind the second."""
    if len(body) < 6:
        return body
    at = random.randrange(len(body) // 2, len(body))
    return (*body[:2], body[at], *body[2:at], *body[at + 1 :])


def inserted(body: Body, at: int, new: Body) -> Body:
    """New paragraphs before the one at this place."""
    return body[:at] + new + body[at:]


def without_tails(body: Body, random: Random, share: float) -> Body:
    """A share of the sentences without their last clause."""
    return each(body, some(random, share, tail_dropped))
