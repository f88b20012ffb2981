"""Notes on who else worked on a text, and whose material it holds.

"The Associated Press contributed to this report" speaks of an unknown part of the text; "With
inputs from PTI" of its matter; "AP writer Ann Roe contributed" says whose staff wrote it.
"""

import re
from typing import Final

from provenance.lineage.agencies import canonical_name, find_agency
from provenance.lineage.names import (
    LONGEST_NAME,
    has_news_word,
    is_name,
    is_newsroom,
    name_before,
    split_names,
    strip_name,
)
from provenance.lineage.page import Page
from provenance.lineage.phrases import Found, word_list
from provenance.lineage.reading import Reading

LONGEST_BARE_PHRASE: Final = 4
AGENCIES: Final = "agencies"

_LIST_ENDS: Final = re.compile(r"[)\]]|\.(?=\s|$)(?<![A-Z]\.)|; ")
_ARTICLE: Final = re.compile(r"^\s*(?:the|la|el|der|:)\s+")
_STOP: Final = re.compile(r"(?<!\s[A-Z])[.!?;](?:[”\")]?\s)")
_JOB: Final = re.compile(
    r"^(?:the|writers?|reporters?|correspondents?|staff writers?|also)\s+"
    r"|^[\w’' ]{0,40}? (?:writers?|reporters?|correspondents?)\s+|\s(?:also|have|has)$",
    re.IGNORECASE,
)
_POSSESSIVE: Final = re.compile(r"^(?P<outlet>[^,]{2,40})[’'‘]s? (?=[A-Z])")
_BETWEEN: Final = re.compile(r", | and ")
_NEXT_NAME: Final = re.compile(
    r"\s*(?:$|[,;&]|(?:and|or|also|have|has|und|et|y|e)\b)", re.IGNORECASE
)


def read_material(page: Page, phrase: Found) -> list[Reading]:
    """A list of names after "with inputs from": newsrooms are credited, people contributed."""
    return _listed(page, phrase, "credit_line")


def read_assistance(page: Page, phrase: Found) -> list[Reading]:
    """A list of names after "additional reporting by": newsrooms and people contributed."""
    return _listed(page, phrase, "contributor_line")


def _listed(page: Page, phrase: Found, signal: str) -> list[Reading]:
    """A list of names that closes its line, after a phrase that begins a sentence."""
    view = page.view
    before = view[max(0, phrase.start - 8) : phrase.start].rstrip(" -–—(*_[|•·")
    if view[phrase.start - 1 : phrase.start] == ".":
        return []
    if before and before[-1] not in "\n.!?”\"’';:]":
        return []
    line_end = view.find("\n", phrase.end, phrase.end + 3 * LONGEST_NAME)
    text = view[phrase.end : line_end if line_end >= 0 else phrase.end + 3 * LONGEST_NAME]
    sentence = _LIST_ENDS.split(text)[0]
    end = phrase.end + len(sentence)
    if sentence.strip(" :").lower() in word_list("unnamed_agencies"):
        return [Reading(signal, AGENCIES, phrase.start, end)]
    names = split_names(_ARTICLE.sub("", sentence))
    agencies = [name for name in names if find_agency(name)]
    newsrooms = [name for name in names if is_newsroom(name, abbreviations=True)]
    people = [name for name in names if name not in newsrooms]
    if not names or (
        phrase.end - phrase.start <= LONGEST_BARE_PHRASE and len(agencies) < len(names)
    ):
        return []
    found = [Reading(signal, canonical_name(n), phrase.start, end) for n in newsrooms]
    if people:
        found.append(Reading("contributor_credit", ", ".join(people), phrase.start, end))
    return found


def read_contributed(page: Page, phrase: Found) -> list[Reading]:
    """Names before "contributed to this report": newsrooms, people, and whose staff they are."""
    start, text = _sentence_before(page, phrase.start)
    names = split_names(_JOB.sub("", text.strip(" —–-*_(•·")))
    staff = _staff_of(page, start, phrase.start, text)
    if not names:
        named = name_before(page.view, phrase.start)
        names, start = ([named[0]], named[1]) if named and not staff else ([], start)
    names = [_POSSESSIVE.sub("", name) for name in names]
    newsrooms = [name for name in names if is_newsroom(name, abbreviations=True)]
    people = [name for name in names if name not in newsrooms]
    found = [Reading("contributor_line", canonical_name(n), start, phrase.end) for n in newsrooms]
    found += [Reading("staff_line", outlet, start, phrase.end) for outlet in staff]
    if people:
        found.append(Reading("contributor_credit", ", ".join(people), start, phrase.end))
    return found


def _sentence_before(page: Page, end: int) -> tuple[int, str]:
    """Where the words of the sentence before a phrase begin, and those words."""
    start = page.view.rfind("\n", max(0, end - 2 * LONGEST_NAME), end) + 1
    start = max(start, end - 2 * LONGEST_NAME, 0)
    stops = [stop.end() for stop in _STOP.finditer(page.view[start:end])]
    start += stops[-1] if stops else 0
    text = page.view[start:end]
    return start + len(text) - len(text.lstrip(" —–-*_(•·")), text.lstrip(" —–-*_(•·")


def _staff_of(page: Page, start: int, end: int, text: str) -> list[str]:
    """The outlets whose people are named: "CNN's Ann Roe", "Associated Press writer Ann Roe"."""
    found = {
        naming.agency.id: None
        for naming in page.namings_between(start, end)
        if not _NEXT_NAME.match(page.view[naming.end : end])
    }
    for piece in _BETWEEN.split(text):
        owner = _POSSESSIVE.match(piece.strip())
        name = strip_name(owner["outlet"]) if owner else ""
        if is_name(name) and has_news_word(name, papers=True):
            found.setdefault(canonical_name(name), None)
    return list(found)


def read_unnamed(_page: Page, phrase: Found) -> list[Reading]:
    """A sentence that says that agency material was used, but not whose."""
    return [Reading("contributor_line", AGENCIES, phrase.start, phrase.end)]
