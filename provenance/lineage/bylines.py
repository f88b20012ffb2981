"""Bylines that name a newsroom outside the lexicon: "By Ann Roe, HPU", "By Vale Post staff"."""

import re
from typing import Final

from provenance.lineage.agencies import canonical_name, find_agency
from provenance.lineage.names import has_news_word, is_name, is_newsroom, strip_name
from provenance.lineage.page import Page
from provenance.lineage.phrases import word_list
from provenance.lineage.reading import Reading

BY: Final = frozenset(["By", "BY", "Von", "Par", "Por", "Di", "Door", "Av", "Od", "Przez", "Автор"])
_LINE: Final = re.compile(
    r"[ *_>]{0,4}(?P<by>[^\W\d_]{2,6})[: ]\s?(?P<who>\S[^\n]{2,86}?)[ *_.…]*$"
)
_STAFF: Final = re.compile(
    r"(?P<name>.{3,60}?) (?:staff(?: writers?| reporters?| reports?)?|newsroom|Staff(?: Writers?"
    r"| Reporters?)?|correspondents?|Newsroom)$"
)
_LAST: Final = re.compile(r"(?P<names>.{3,60}?)(?:, | \| | / |; )(?P<outlet>[^,|/;]{2,50})$")
_ABBREVIATION: Final = re.compile(r"[A-Z]{3,6}")


def read_bylines(page: Page) -> list[Reading]:
    """Newsrooms that bylines name, by their form alone; those of the lexicon are left out."""
    if not BY & page.words:
        return []
    found: list[Reading] = []
    lines = page.lines
    for number, (start, end) in enumerate(lines):
        match = _LINE.match(page.view, start, end) if end - start <= 100 else None
        if match is None or match["by"] not in BY:
            continue
        named = _outlet(match["who"])
        if named:
            at = page.view.index(named, match.start("who"))
            found.append(Reading("byline_agency", named, at, at + len(named)))
        if named or is_name(match["who"].split(",")[0].split(" and ")[0]):
            for beside in (number - 1, number + 1):
                if 0 <= beside < len(lines) and _is_masthead(page, *lines[beside]):
                    name = page.view[slice(*lines[beside])]
                    found.append(Reading("byline_agency", canonical_name(name), *lines[beside]))
    return found


def _outlet(who: str) -> str | None:
    """The outlet of "Ann Roe, HPU", "Ann Roe | Vale News Agency" or "Vale Post staff"."""
    staff = _STAFF.match(who)
    if staff:
        name = staff["name"]
        plain = is_name(name) and len(name.split()) > 1 and find_agency(name) is None
        return name if plain and name.split()[0].lower() not in word_list("pronouns") else None
    last = _LAST.match(who)
    if last is None or not is_name(last["names"].split(" and ")[0]):
        return None
    outlet = last["outlet"].strip()
    if find_agency(outlet):
        return None
    if _ABBREVIATION.fullmatch(outlet):
        return None if outlet.lower() in word_list("not_agencies") else outlet
    return outlet if is_newsroom(outlet) else None


def _is_masthead(page: Page, start: int, end: int) -> bool:
    """Whether a line beside a byline is the name of an agency: "Norvane News Service"."""
    line = page.view[start:end]
    words = strip_name(line).split()
    if not 2 <= len(words) <= 5 or find_agency(line) or strip_name(line) != line:
        return False
    last = words[-1].lower()
    return is_name(line) and has_news_word(line) and last in word_list("agency_words")
