"""Names and addresses as they stand beside a cue: "on The Vale Herald and is republished"."""

import re
from typing import Final

from provenance.lineage.agencies import find_agency, namings
from provenance.lineage.phrases import word_list

LONGEST_NAME: Final = 90
MOST_WORDS: Final = 8
MOST_WORDS_UNCASED: Final = 5
MOST_NAMES: Final = 12

URL: Final = re.compile(r"(?:https?://|www\.)[^\s<>\"'“”()\[\]{}|，。；、）】»]{3,500}")
_DOMAIN: Final = re.compile(
    r"(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,12}(?:/[^\s<>()\[\]]{0,300})?", re.IGNORECASE
)
_DATE_OR_PREPOSITION: Final = re.compile(
    r"(?:на сайте|на портале|в издании|в газете|сайта|агентства|издания|on|in|at|by|from|to|via"
    r"|here|with|under|of|as|(?-i:the)|the (?:website|site|blog|newspaper) of"
    r"|von|bei|auf|im|am|unter|dans|sur|par|chez|le site|en|por|el sitio|el portal|no|na|em|pelo"
    r"|pela|su|da|dal|dalla|il|на|в|w|na stronie"
    r"|op|bij|tarafından|على|في|موقع|于|於|在|：)\b[ :]{0,2}"
    r"|[:：–—\-\"“«„'‘(\[*_]\s{0,2}"
    r"|(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?"
    r"(?:\d{1,2}(?:st|nd|rd|th|\.)? )?(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?"
    r"|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b"
    r"\.?(?: \d{1,2}(?:st|nd|rd|th)?)?,?(?: \d{4})?,? ",
    re.IGNORECASE,
)
_NAME_ENDS: Final = re.compile(
    r"(?<=[^\W\d_]{3})\.(?=\s|$)|\.$|[,;|()\[\]{}!?。，；！？।؛،\n\"“”»<>]"
    r"|\s(?:on|under|with|here|as|is|was|through|via|where|last|this|at|for|before|when|who|which"
    r"|and (?:is|was|has|then|appears|republished|edited))\b"
    r"|\s(?:am|le|el|il|em|den|vom|du|в|and|und|et|y|e)\s+(?=\d)|\s[–—-]\s"
)
_BETWEEN_NAMES: Final = re.compile(r"\s*(?:[,;/|、，]|\s(?:and|und|et|y|e|и|ve|en|i|&)\s)\s*")
_PLACE: Final = re.compile(r"\s(?:in|en|à|aus|из)\s")
_ABBREVIATION: Final = re.compile(r"[A-Z]{2,6}")
_WORD: Final = re.compile(r"\w+")
_CHUNK: Final = re.compile(r"\S+")


def strip_name(text: str) -> str:
    """A name without the marks, articles and dots around it."""
    return " ".join(text.strip(" \t\n.,;:：!*•·_–—-\"'“”‘’«»„()[]{}<>|/©").split())


def address_at(text: str) -> str | None:
    """The URL or host name with which a text begins, without the stop after it."""
    match = URL.match(text) or _DOMAIN.match(text)
    return match.group().rstrip(".,;:!?'\"…*_") if match else None


def name_after(view: str, start: int) -> tuple[str, int] | None:
    """The name or address that follows a phrase on its line, and where it ends."""
    end = view.find("\n", start, start + 4 * LONGEST_NAME)
    tail = view[start : end if end >= 0 else start + 4 * LONGEST_NAME]
    at = len(tail) - len(tail.lstrip(" :："))
    for _ in range(6):
        address = address_at(tail[at:])
        if address:
            return address, start + at + len(address)
        lead = _DATE_OR_PREPOSITION.match(tail, at)
        if not lead or lead.end() == at:
            break
        at = lead.end() + len(tail[lead.end() :]) - len(tail[lead.end() :].lstrip(" "))
    piece = tail[at : at + LONGEST_NAME]
    stop = _NAME_ENDS.search(piece)
    read = piece[: stop.start()] if stop else piece
    name = strip_name(read)
    return (name, start + at + len(read.rstrip())) if is_name(name) else None


def name_before(view: str, end: int) -> tuple[str, int] | None:
    """The name that ends where a phrase begins ("which AFP" gives "AFP"), and where it starts."""
    floor = max(view.rfind("\n", max(0, end - LONGEST_NAME), end) + 1, end - LONGEST_NAME, 0)
    piece = view[floor:end].rstrip()
    agencies = namings(piece)
    if agencies and agencies[-1].end == len(piece):
        return piece[agencies[-1].start :], floor + agencies[-1].start
    words = list(_CHUNK.finditer(piece))
    first = len(words)
    for number in range(len(words) - 1, max(-1, len(words) - MOST_WORDS), -1):
        word = words[number].group()
        bare = word.strip("“\"'‘«(")
        if word.endswith((".", ",", ";", ":", "!", "?", "”", '"')) and number < len(words) - 1:
            break
        if bare[:1].isupper() or bare[:1].isdigit():
            first = number
        elif bare.lower() not in word_list("connectors"):
            break
    if first == len(words):
        return None
    start = words[first].start()
    name = strip_name(piece[start:])
    return (
        (name.removeprefix("The ") if name.count(" ") > 1 else name, floor + start)
        if name
        else None
    )


def is_name(text: str) -> bool:
    """Whether a few words look like a name: each begins with a capital, or has no case."""
    words = text.split()
    if not words or len(words) > MOST_WORDS or len(text) > LONGEST_NAME:
        return False
    if not any(letter.isalpha() for letter in text):
        return False
    if find_agency(text):
        return True
    content = [
        word.lstrip("(“\"'‘«") for word in words if word.lower() not in word_list("connectors")
    ]
    cased = [word for word in content if word[:1].isupper() or word[:1].islower()]
    if not cased:
        return 0 < len(content) <= MOST_WORDS_UNCASED
    if not (words[0][:1].isupper() or words[0][:1].isdigit() or not words[0][:1].islower()):
        return len(words) == 1 and "." in words[0]
    return all(word[:1].isupper() or any(c.isupper() for c in word) for word in cased)


def has_news_word(name: str, *, papers: bool = False) -> bool:
    """Whether a name says that it is a newsroom: "Vale News Service", "Northwire".

    With `papers` the words of mastheads count too, which also are plain words: "Star", "Mail".
    """
    news = word_list("news_words") | (word_list("paper_words") if papers else frozenset())
    for word in _WORD.findall(name.lower()):
        if word in news or word.endswith(("wire", "news", "press", "media")):
            return True
    return any(word in name for word in news if not word.isascii())


def is_newsroom(name: str, *, abbreviations: bool = False) -> bool:
    """Whether a name is that of a newsroom and not of a person: "The Vale Star", "Vale News".

    With `abbreviations` a few capitals count too, as in a list of contributors.
    """
    words = name.split()
    if find_agency(name) or not is_name(name):
        return bool(words) and find_agency(name) is not None
    if has_news_word(name) or (abbreviations and _ABBREVIATION.fullmatch(name)):
        return True
    if not has_news_word(words[-1], papers=True):
        return False
    return words[0] == "The" or (len(words) > 2 and not any(w.endswith(".") for w in words))


def split_names(text: str) -> list[str]:
    """The names of a list, "Ann Roe in Oslo, Vale News and B. Doe", as far as it is only names."""
    found = []
    for piece in _BETWEEN_NAMES.split(text[: LONGEST_NAME * 4]):
        name = strip_name(_PLACE.split(piece)[0])
        if not name:
            continue
        if not is_name(name):
            return []
        found.append(name)
    return found[:MOST_NAMES]
