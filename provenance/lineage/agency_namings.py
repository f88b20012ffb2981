"""What an agency named in a text stands for: a credit, a byline, a photo credit or a mention.

The words and marks around the name decide, and whether the text ends there.
"""

import re
from functools import cache
from typing import Final

from provenance.lineage.agencies import AgencyKind, Naming, abbreviates
from provenance.lineage.page import Page
from provenance.lineage.phrases import part_of, word_list
from provenance.lineage.reading import Reading

NEAR: Final = 44
LONGEST_BYLINE: Final = 110
MOST_NAMINGS_OF_A_TEXT: Final = 400
MOST_BYLINE_WORDS: Final = 12
LEAST_WRAPPED: Final = 40

_SHORT_ON_PHOTOS: Final = frozenset({"AP", "EPA", "PA Media"})
_BY: Final = r"(?:by|from|von|par|por|di|da|de|door|av|od|przez|от|автор|بقلم|द्वारा)"
_BYLINE: Final = re.compile(
    rf"[ *_]{{0,4}}{_BY}[:\s]\s{{0,2}}(?P<who>\S[^\n]{{0,100}})", re.IGNORECASE
)
_PHOTOGRAPHER: Final = re.compile(r"[^\W\d_][^\W\d_]*[a-z][^\W\d_]* ?/$|^ ?/$|(?:AFP|EPA|AP) ?/$")
_POLL: Final = re.compile(r"^[^.\n]{0,40}\b(?:poll|polls|polling|survey)\b", re.IGNORECASE)
_LAST_WORD: Final = re.compile(r"[^\W\d_]+$")
_PLACE_BEFORE: Final = re.compile(r"\b(?:in|at|near|outside|around|bei|aus)$")
_BYLINE_WORD: Final = re.compile(r"[^\s,|/.;:·•–—-]+")
_VERIFIED: Final = re.compile(r"(?:could|was|has|is|had) (?:not|been|unable)[^.]{0,30}verif")
_AFTER_BYLINE: Final = re.compile(
    r"\s?(?:staff|news|staff and agencies|and staff|correspondents?)?\s?$", re.IGNORECASE
)
PHOTO_WORD: Final = re.compile(
    r"photo|picture|image|\bpic\b|file|foto|video|graphic|bild|фото|写真|사진|图|صورة|handout"
    r"|courtesy|screengrab|screenshot",
    re.IGNORECASE,
)


def read_namings(
    page: Page, parts: list[tuple[int, int]], covered: list[tuple[int, int]]
) -> list[Reading]:
    """What each agency that is named stands for; those inside `covered` spans are left out.

    `covered` is sorted. At most the first 400 namings of a text are read.
    """
    found: list[Reading] = []
    at = 0
    reach = -1
    for naming in page.namings[:MOST_NAMINGS_OF_A_TEXT]:
        while at < len(covered) and covered[at][0] <= naming.start:
            reach = max(reach, covered[at][1])
            at += 1
        if naming.start < reach:
            continue
        reading = _place(page, parts, naming)
        if reading:
            found.append(reading)
    return found


def _place(page: Page, parts: list[tuple[int, int]], naming: Naming) -> Reading | None:
    view = page.view
    value = naming.agency.id
    line_start, line_end = page.line_at(naming.start)
    before, after = view[line_start : naming.start], view[naming.end : line_end]
    head, tail = before.strip(" *_>"), after.strip(" *_.")
    bracket = _bracket(before, after)
    if bracket is not None:
        short = naming.short and _spelled_out(before, view[naming.start : naming.end])
        return None if short else _bracketed(page, parts, naming, bracket)
    whole_photo = naming.agency.kind is AgencyKind.PHOTO
    if (
        after.startswith((" Photo", " photo", " Pic", " pic", " Images", " via Getty", " File"))
        or (
            after.startswith("/")
            and len(after) <= NEAR
            and (not naming.short or value in _SHORT_ON_PHOTOS)
        )
        or (before.endswith("/") and (not naming.short or _PHOTOGRAPHER.search(before)))
        or before.endswith(("©", "© ", "via ", "photo by ", "Photo by "))
        or (whole_photo and not naming.short and (not tail or not head))
    ) and not (before.endswith("told ") or _POLL.search(after)):
        slash = after.startswith("/") and not head
        if not (slash and not whole_photo and _BYLINE.match(before)):
            return Reading("photo_credit", value, naming.start, naming.end, of_part=False)
    if whole_photo:
        return None
    if _wrapped(page, line_start, before):
        return _mention(page, naming)
    if not tail.strip("-–—~") and (not head or head[-1:] in "-–—~"):
        return _at_line_end(page, parts, naming, head)
    if _follows_quotation(page, line_start):
        return _mention(page, naming)
    if line_end - line_start <= LONGEST_BYLINE and _is_byline(before, after, head, tail):
        return Reading("byline_agency", value, naming.start, naming.end)
    return _mention(page, naming)


def _follows_quotation(page: Page, line_start: int) -> bool:
    """Whether a line stands below one that ends a quotation: it says who is quoted."""
    return page.view[max(0, line_start - 8) : line_start].rstrip().endswith(("”", '"', "»", "“"))


def _spelled_out(before: str, name: str) -> bool:
    """Whether a bracket only shortens the words before it: "alternative provision (AP)"."""
    words = before.rstrip(" ([（［【").split()
    return any(abbreviates(name, " ".join(words[-count:])) for count in (2, 3, 4))


def _wrapped(page: Page, line_start: int, before: str) -> bool:
    """Whether a line only goes on with the sentence of the line above it."""
    above = page.view[max(0, line_start - LONGEST_BYLINE) : max(0, line_start - 1)]
    if line_start == 0 or not above or above[-1].isspace() or len(above) < LEAST_WRAPPED:
        return False
    last = _LAST_WORD.search(above)
    if last is None or "\n" in above[-LEAST_WRAPPED:]:
        return False
    word = before.lstrip()[:1]
    return word.islower() or last.group() in word_list("connectors") or last.group() in ("by", "to")


def _bracket(before: str, after: str) -> str | None:
    """The whole of the bracket around a name that closes its line, else None."""
    opening = max(before.rfind(mark) for mark in "([（［【")
    closing = min((at for mark in ")]）］】" if (at := after.find(mark)) >= 0), default=-1)
    if opening < 0 or closing < 0 or after[closing + 1 :].strip(" .*_|"):
        return None
    if any(before.rfind(mark) > opening for mark in ")]）］】"):
        return None
    return before[opening + 1 :] + "\0" + after[:closing]


def _bracketed(
    page: Page, parts: list[tuple[int, int]], naming: Naming, bracket: str
) -> Reading | None:
    """An agency in brackets that end a line: of the text if the text ends there, or a picture."""
    left, right = bracket.split("\0")
    line_start, _ = page.line_at(naming.start)
    alone = not page.view[line_start : naming.start].strip(" ([（［【*_")
    photo = (
        naming.agency.kind is AgencyKind.PHOTO
        or PHOTO_WORD.search(left + right)
        or "/" in right[:2]
        or "/" in left[-1:]
        or "via" in (left + right).lower().split()
    )
    if photo:
        return Reading("photo_credit", naming.agency.id, naming.start, naming.end, of_part=False)
    if len(left.split()) > 4 or len(right.split()) > 4:
        return _mention(page, naming)
    start, end = part_of(parts, naming.start)
    if naming.end >= page.last_prose(start, end) - 4:
        return Reading("credit_line", naming.agency.id, naming.start, naming.end)
    if alone and naming.end <= page.first_prose(start, end):
        return Reading("byline_agency", naming.agency.id, naming.start, naming.end)
    if left.strip() and not right.strip():
        return Reading("credit_line", naming.agency.id, naming.start, naming.end)
    return Reading("photo_credit", naming.agency.id, naming.start, naming.end, of_part=False)


def _at_line_end(
    page: Page, parts: list[tuple[int, int]], naming: Naming, head: str
) -> Reading | None:
    """A name alone on its line, or after a dash that closes it."""
    start, end = part_of(parts, naming.start)
    text = head.rstrip("-–—~ ")
    if text and text[-1] not in ".!?…”\"’')]。！？»":
        return None
    closes = naming.end >= page.last_prose(start, end) - 4
    if head:
        return Reading("credit_line", naming.agency.id, naming.start, naming.end)
    name = page.view[naming.start : naming.end]
    if naming.short and name != "AP" and not (len(name) > 2 and name.isupper()):
        return None
    signal = "credit_line" if closes and page.last_prose(start, end) > start else "byline_agency"
    return Reading(signal, naming.agency.id, naming.start, naming.end)


def _is_byline(before: str, after: str, head: str, tail: str) -> bool:
    """Names and an agency: "By Ann Roe, Reuters", "Staff Writers, AFP", "Reuters | 3 May"."""
    by = _BYLINE.match(before + "X")
    if by:
        rest = f"{by['who'][:-1]} {after}"
        return _only_names(rest)
    if not tail and head[-1:] in ",|/·•":
        return _only_names(head) and len(head.split()) <= 6
    if not head:
        if _AFTER_BYLINE.match(tail):
            return True
        return after.lstrip()[:1] in "|•·" and len(after.split()) <= 8
    return False


def _only_names(text: str) -> bool:
    words = _BYLINE_WORD.findall(text)
    small = word_list("byline_words")
    return len(words) <= MOST_BYLINE_WORDS and all(
        word.lower() in small or not word[0].islower() for word in words
    )


def _mention(page: Page, naming: Naming) -> Reading | None:
    """Somebody spoke to an agency, or it said something: "told AFP", "Reuters reported"."""
    low_before = page.low[max(0, naming.start - NEAR) : naming.start].rstrip(" \"'“‘«")
    low_after = page.low[naming.end : naming.end + NEAR].lstrip(" ,\"'”’»")
    raw_after = page.low[naming.end : naming.end + 2]
    if _PLACE_BEFORE.search(low_before):
        return None
    told = _ends(low_before) or _starts(low_after) or raw_after in ("'s", "’s")
    if not told:
        return None
    signal = "self_naming" if _VERIFIED.match(low_after) else "mention"
    return Reading(signal, naming.agency.id, naming.start, naming.end, of_part=False)


@cache
def _told() -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(sorted(word_list("told_before"))), tuple(sorted(word_list("told_after")))


def _ends(text: str) -> bool:
    words, _ = _told()
    if not text.endswith(words):
        return False
    return any(
        text.endswith(word)
        and (len(text) == len(word) or not text[-len(word) - 1].isalnum() or not word.isascii())
        for word in words
    )


def _starts(text: str) -> bool:
    _, words = _told()
    if not text.startswith(words):
        return False
    return any(
        text.startswith(word)
        and (len(text) == len(word) or not text[len(word)].isalnum() or word > "\u0590")
        for word in words
    )
