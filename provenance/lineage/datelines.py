"""Datelines: the place, date and agency with which wire copy begins, "OSLO, Sept 20 (NTB) -".

An agency of the lexicon is read wherever the form allows; one that is not in it is read where
the place stands in capitals, the head holds a date, or the name says that it is a newsroom.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from provenance.calendar_names import months
from provenance.lineage.agencies import Agency, AgencyKind, find_agency, namings
from provenance.lineage.kernels import BRACKETED, HEADED, INLINE, SLASHED
from provenance.lineage.names import has_news_word, is_name, strip_name
from provenance.lineage.page import Page
from provenance.lineage.phrases import word_list

FARTHEST_NAME: Final = 70
MOST_BRACKETS: Final = 2000
LONGEST_BRACKET: Final = 200
LONGEST_PLACE: Final = 5
LONGEST_BARE_PLACE: Final = 4
MOST_PLACES: Final = 5
LONGEST_STATE: Final = 4

DASH: Final = r"(?:[-–—―‒−~]{1,3}|&(?:amp;)?(?:mdash|ndash|#821[12]|#x201[34]);|â€[“”\"]|=)"
_BRACKETED: Final = re.compile(
    r"[ *_>\"“«]{0,4}(?P<head>[^()（）\n]{0,90}?)[(（]\s?(?:<[^<>\n]{0,120}>)?"
    r"(?P<name>[^()（）<>\n]{2,60})(?:</[a-z]{1,5}>)?\s?[)）](?P<tail>[.,]?\s{0,2}"
    rf"(?:{DASH}|[:：])|\s?\.-|)",
)
_PARTS: Final = re.compile(r"[\s,،;:/–—\-|•]+")
_AFTER_BRACKET: Final = re.compile(r"[.,]?\s{0,2}(?:[-–—―‒−~&=:]|â€)|\s?\.-")
_CAPITAL: Final = re.compile(r"[A-ZА-ЯЁ]")
_INLINE_HEAD: Final = re.compile(r"[.!?…”\"] {1,2}(?P<place>[A-Z][A-Z]+(?:[ ,.'-][A-Z]+){0,4})$")
_INLINE_NAME: Final = re.compile(rf"\((?P<name>[A-Z][^()\n]{{1,50}})\) {{0,3}}{DASH}")
_IN_BRACKETS: Final = re.compile(
    r"[ ]{0,4}[【\[(（](?P<inside>[^】\]）()（\n]{2,40})[】\]）)](?P<tail>[^\n]{2,8})"
)
_CHINESE: Final = re.compile(
    r"[ (（【\[]{0,4}(?P<body>[^ ，。,（）()【】\n]{0,36}[0-9０-９一二三四五六七八九十]{1,3}\s?日)"
    r"[^ ，。,（）()【】\n]{0,6}?(?P<wire>电|電|讯|訊)",
)
_PIPED: Final = re.compile(
    r"[ *_]{0,4}(?P<head>[^|\n()]{2,60}?) \| "
    r"(?P<name>[A-Z][A-Z.]{1,7}|[^|\n()]{2,40} News) ?\| (?=\S)"
)
_SLASHED: Final = re.compile(
    r"[ *_\"“«]{0,4}(?P<head>[^/\n()]{2,60})/(?P<name>[A-ZА-ЯЁ][^/\n()]{1,30})/\.?(?=\s)",
)
_OPENING_DASH: Final = re.compile(rf"\s{{0,2}}(?:{DASH}|[:：])")
_AFTER_BARE_NAME: Final = re.compile(rf"\.?\s{{0,2}}(?:{DASH}|[:：])|/\.?\s|\.\s|،|,\s{{0,1}}-")
_HEAD_BREAKS: Final = re.compile(r"[,،.;:/–—\-|•]+|\s{2,}")
_NO_PLACE: Final = re.compile(r"^\s*[-–—•]|[\"”?!].*[^\s\"”?!]|[^\s][\"”?!]\s*$")
_DIGIT: Final = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Dateline:
    """An agency dateline that begins a line; `value` is the agency, as the lexicon has it.

    It is empty where the form says that this is wire copy, but not whose ("北京9月20日电").
    """

    value: str
    start: int
    end: int
    known: bool


def read_datelines(page: Page) -> list[Dateline]:
    """Every agency dateline in the text, in order and without overlaps."""
    kept: list[Dateline] = []
    for dateline in sorted(_candidates(page), key=lambda found: (found.start, -found.end)):
        if not kept or dateline.start >= kept[-1].end:
            kept.append(dateline)
    return kept


def _candidates(page: Page) -> Iterator[Dateline]:
    for mark in ("(" if page.narrow else "(（") if page.shows(BRACKETED) else "":
        for match in _bracketed(page, mark):
            value = _bracketed_agency(match["head"], match["name"], dash=bool(match["tail"]))
            if value:
                yield _dateline(value, match)
    if page.shows(INLINE):
        yield from _inline(page)
    for mark in ("[(" if page.narrow else "【[(（") if page.shows(HEADED) else "":
        for match in _matches(page, _IN_BRACKETS, mark, 4):
            agency = _agency_inside(match["inside"], match["tail"])
            if agency:
                dash = _OPENING_DASH.match(match["tail"])
                end = match.start("tail") + (dash.end() if dash else 0)
                yield Dateline(agency.id, match.start("inside"), end, known=True)
    for match in _matches(page, _PIPED, "|", 80):
        place, known = place_head(match["head"]), find_agency(match["name"])
        if place and (place.certain or known) and (known or _may_be_agency(match["name"])):
            value = known.id if known else match["name"]
            yield Dateline(value, match.start("head"), match.end(), known=known is not None)
    for match in () if page.narrow else _matches(page, _CHINESE, "日", 50):
        agencies = namings(match["body"])
        value = agencies[0].agency.id if agencies else ""
        yield Dateline(value, match.start("body"), match.end(), known=bool(agencies))
    slashed = _matches(page, _SLASHED, "/", 70, _CAPITAL) if page.shows(SLASHED) else ()
    for match in slashed:
        known = find_agency(match["name"])
        if known and known.kind is not AgencyKind.PHOTO and place_head(match["head"]):
            yield Dateline(known.id, match.start("head"), match.end(), known=True)
    yield from _bare(page)


def _inline(page: Page) -> Iterator[Dateline]:
    """Datelines in the middle of a line, in text that lost its line breaks."""
    view = page.view
    at = view.find(" (")
    for _ in range(MOST_BRACKETS):
        if at < 0:
            return
        rest = _INLINE_NAME.match(view, at + 1) if "A" <= view[at + 2 : at + 3] <= "Z" else None
        head = rest and _INLINE_HEAD.search(view, max(0, at - FARTHEST_NAME), at)
        if head and rest:
            name = strip_name(rest["name"])
            known = find_agency(name)
            if known or has_news_word(name):
                value = known.id if known else name
                yield Dateline(value, head.start("place"), rest.end(), known=known is not None)
        at = view.find(" (", at + 1)


def _matches(
    page: Page,
    pattern: re.Pattern[str],
    mark: str,
    within: int,
    follows: re.Pattern[str] | None = None,
) -> Iterator[re.Match[str]]:
    for line_start, at in page.lines_with(mark, within):
        if follows is None or follows.match(page.view, at + 1):
            match = pattern.match(page.view, line_start)
            if match:
                yield match


def _bracketed(page: Page, mark: str) -> Iterator[re.Match[str]]:
    """Names in brackets near the head of a line."""
    view = page.view
    for line_start, at in page.lines_with(mark, 100):
        if not page.glanced or _may_be_dateline(page, line_start, at):
            match = _BRACKETED.match(view, line_start)
            if match:
                yield match


def _may_be_dateline(page: Page, line_start: int, bracket: int) -> bool:
    """Whether a dash may stand behind a bracket, or a date before it; cheap, never wrongly no."""
    view = page.view
    farthest = bracket + LONGEST_BRACKET
    at = view.find(")", bracket, farthest)
    while at >= 0:
        if _AFTER_BRACKET.match(view, at + 1):
            return True
        at = view.find(")", at + 1, farthest)
    head = view[line_start:bracket]
    if _DIGIT.search(head):
        return True
    return any(_is_month(word.strip("*_>\"“«'.")) for word in _PARTS.split(head))


def month_words() -> frozenset[str]:
    """The names of months that are one word."""
    return frozenset(month for month in months() if month.isalnum())


def _agency_inside(inside: str, tail: str) -> Agency | None:
    """The agency in brackets that open a line: "【共同】", "(서울=연합뉴스)", "(ANSA) - ROMA"."""
    if inside.isascii() and not _OPENING_DASH.match(tail):
        return None
    found = namings(inside)
    if not found and not inside.isascii():
        ends = (find_agency(inside[-length:]) for length in (4, 3, 2))
        return next((agency for agency in ends if agency), None)
    if not found or found[0].agency.kind is AgencyKind.PHOTO:
        return None
    if inside.isascii():
        whole = strip_name(inside) == inside[found[0].start : found[0].end]
        return found[0].agency if whole else None
    return found[0].agency


def _dateline(value: str, match: re.Match[str]) -> Dateline:
    start = match.start("head")
    while match.string[start] in " (（【[":
        start += 1
    return Dateline(value, start, match.end(), find_agency(value) is not None)


def _bare(page: Page) -> Iterator[Dateline]:
    """Datelines without brackets: "МОСКВА, 20 сен - РИА Новости.", "PARIS, Reuters -"."""
    view = page.view
    for naming in page.namings:
        if naming.agency.kind is AgencyKind.PHOTO:
            continue
        start = view.rfind("\n", max(0, naming.start - FARTHEST_NAME), naming.start) + 1
        if naming.start - start > FARTHEST_NAME or (start == 0 and naming.start > FARTHEST_NAME):
            continue
        head = view[start : naming.start]
        if not head.strip() or head.rstrip()[-1:] not in "-–—,./،:":
            continue
        end = _AFTER_BARE_NAME.match(view, naming.end)
        place = place_head(head.rstrip(" -–—,./،:"))
        words = [word for word in re.findall(r"[^\W\d_]+", head) if not _is_month(word)]
        if len(words) > LONGEST_BARE_PLACE:
            continue
        if end and place and not view[end.end() : end.end() + 3].isspace():
            uncased = not any(letter.isupper() or letter.islower() for letter in head)
            if place.certain or (uncased and not naming.short):
                at = start + len(head) - len(head.lstrip())
                yield Dateline(naming.agency.id, at, end.end(), known=True)


def _bracketed_agency(head: str, name: str, *, dash: bool) -> str | None:
    plain = strip_name(name)
    place = place_head(head)
    if (head.strip() and place is None) or not (dash or (place and place.dated)):
        return None
    known = find_agency(plain) or _only_agency(plain)
    if known:
        return known.id if known.kind is not AgencyKind.PHOTO else None
    if place is None or not dash or not _may_be_agency(plain):
        return None
    newsroom = has_news_word(plain)
    if not newsroom and (_DIGIT.search(plain) or not place.certain or _is_cut(name, plain)):
        return None
    return " ".join(plain.split())


def _is_cut(name: str, plain: str) -> bool:
    """Whether a bracket holds common words or a cut one: "(Source locale)", "(Corr.)"."""
    if not is_name(plain):
        return True
    return name.rstrip().endswith(".") and not plain.isupper()


def _is_month(word: str) -> bool:
    return word.lower().rstrip(".") in months()


def _only_agency(name: str) -> Agency | None:
    """The agency of "dpa/lby", "AFP/Reuters", "Reuters/Vale TV": the first name before a slash."""
    found = namings(name)
    if found and found[0].start == 0 and name[found[0].end :][:1] in ("/", "-", ",", " "):
        return found[0].agency
    return None


def _may_be_agency(name: str) -> bool:
    low = name.lower()
    words = low.split()
    if low.rstrip(".") in word_list("not_agencies") or not 0 < len(words) <= LONGEST_PLACE:
        return False
    if words[0] in ("a", "an") or words[0].strip(".,:") in word_list("not_agencies"):
        return False
    if not name[0].isupper() or (_is_month(low.split()[0]) and _DIGIT.search(low)):
        return False
    letters = sum(letter.isalpha() for letter in name)
    return letters >= 2 and letters > len(name) // 2 and not low.startswith(("d-", "r-", "i-"))


@dataclass(frozen=True, slots=True)
class PlaceHead:
    """The head of a dateline; `certain` where capitals or a date show that it is one."""

    certain: bool
    dated: bool


def place_head(head: str) -> PlaceHead | None:
    """Whether words are places and a date, as before an agency's name; None where they are not."""
    if _NO_PLACE.search(head):
        return None
    parts = [part.strip() for part in _HEAD_BREAKS.split(head.strip(" *_\"“«'")) if part.strip()]
    if not parts or len(parts) > MOST_PLACES:
        return None
    capitals = dated = False
    for number, part in enumerate(parts):
        words = part.split()
        if len(words) > LONGEST_PLACE:
            return None
        if _DIGIT.search(part) or any(_is_month(word) for word in words if number):
            if number == 0 and len(parts) == 1 and not any(_is_month(w) for w in words):
                return None
            dated = True
            continue
        for word in words:
            first = word[0]
            if not (
                first.isupper() or word.lower() in word_list("small_words") or not first.islower()
            ):
                return None
        if number == 0:
            letters = [letter for letter in part if letter.isalpha()]
            capitals = len(letters) > 1 and all(letter.isupper() for letter in letters)
    first_words = parts[0].split()
    if len(first_words[0]) > LONGEST_STATE and first_words[0].lower() in word_list("not_agencies"):
        return None
    if not any(letter.isalpha() for letter in first_words[0]):
        return None
    return PlaceHead(certain=capitals or (dated and len(parts) > 1), dated=dated)
