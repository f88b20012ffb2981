"""Credits of a text by its own words: labels, phrases, copyright lines, sign-offs."""

import re
from functools import cache
from typing import Final

from provenance.lineage.agencies import canonical_name, find_agency
from provenance.lineage.agency_namings import PHOTO_WORD, read_namings
from provenance.lineage.bylines import read_bylines
from provenance.lineage.contributors import (
    AGENCIES,
    read_assistance,
    read_contributed,
    read_material,
    read_unnamed,
)
from provenance.lineage.kernels import COPYRIGHT, DASHED
from provenance.lineage.names import (
    LONGEST_NAME,
    address_at,
    has_news_word,
    is_name,
    is_newsroom,
    name_after,
    name_before,
    split_names,
    strip_name,
)
from provenance.lineage.page import Page
from provenance.lineage.phrases import (
    Found,
    Label,
    find_phrases,
    whole_lines,
    word_list,
)
from provenance.lineage.reading import Reading

LONGEST_PHOTO_CREDIT: Final = 10
MOST_COPYRIGHTS: Final = 1000

_DASHES: Final = "-–—~"
_EDGES: Final = " -–—.()[]*_（）"
_SPACED_EDGES: Final = f"{_EDGES}\n"

_SENTENCE_BREAK: Final = re.compile(r"[.!?…。！？](?:[”\")]?\s|$)|[。！？(（]")
_REFLECT: Final = re.compile(r" (?P<name>[^\n.;]{2,70}?)(?: or | and its |,|\.|;|$)")
_NOTE_ENDS: Final = re.compile(r"\s[|–—]\s|[.](?:\s|$)")
_SIGN_OFF: Final = re.compile(
    r"(?:^|[.!?…”\"’')\]]\s{1,3})[-–—~]{1,3} ?(?P<name>[^\W\d_][^\n.!?()–—]{1,60})\.?$"
)
_COPYRIGHT: Final = re.compile(
    r"(?:copyright(?:ed)?|©|\(c\)|ⓒ|&copy;|版权所有|版權所有|авторские права)"
    r"(?:\s{0,2}(?:copyright|©|\(c\)|ⓒ|by|:|：|,|，|\d{4}(?: ?[-–] ?\d{2,4})?)){0,5}[ ,.:：]{0,3}",
    re.IGNORECASE,
)
_YEAR_OR_SIGN: Final = re.compile(r"\d{4}|©|\(c\)|ⓒ|&copy;", re.IGNORECASE)
_RIGHTS: Final = re.compile(
    r"\s*(?:all rights reserved|alle rechte|tous droits|todos los derechos|todos os direitos"
    r"|tutti i|все права|جميع الحقوق|保留|tüm hakları|wszelkie|via\b|\d{4}).*",
    re.IGNORECASE,
)
_FOLLOW_ON: Final = re.compile(
    r" (?P<name>[^\s,.;:!?][^\n,.;:!?]{1,60}?) (?:on|auf|bei|sur|en|no|na|su|в|için) "
    r"(?:@|facebook|twitter|instagram|x\b|youtube|telegram|whatsapp|linkedin|tiktok|social|google"
    r"|threads|bluesky|вконтакте|телеграм)",
    re.IGNORECASE,
)


def read_credits(
    page: Page,
    labels: list[Label],
    parts: list[tuple[int, int]],
    taken: list[tuple[int, int]],
) -> list[Reading]:
    """Credits, bylines, copyright lines, photo credits, mentions and namings, in no set order.

    `taken` are spans that another reader has explained; agencies named there are left out.
    """
    found = [
        *_labelled(page, labels),
        *_phrased(page),
        *_copyrights(page),
        *_alone(page),
        *_signed(page),
    ]
    found += [reading for reading in read_bylines(page) if not _among(found, reading)]
    covered = sorted([*taken, *((r.start, r.end) for r in found)])
    found.extend(read_namings(page, parts, covered))
    return found


def _among(found: list[Reading], reading: Reading) -> bool:
    return any(other.start <= reading.start < other.end for other in found)


def _labelled(page: Page, labels: list[Label]) -> list[Reading]:
    found = []
    for label in labels:
        text = page.view[label.value_start : label.end].strip()
        address = address_at(text.lstrip("<([\"'"))
        value: str | None = None
        if label.signal == "photo_credit":
            value = _agency_in(page, label.value_start, label.end) or strip_name(text)
            if len(value.split()) > LONGEST_PHOTO_CREDIT or not value:
                continue
        elif label.signal in ("originally_published", "credit_line"):
            names = split_names(_NOTE_ENDS.split(text)[0])
            value = address or (canonical_name(names[0]) if names else None)
            if label.signal == "credit_line" and not (value and find_agency(value)):
                continue
        if value:
            of_part = label.signal != "photo_credit"
            found.append(Reading(label.signal, value, label.start, label.end, of_part))
    return found


def _agency_in(page: Page, start: int, end: int) -> str | None:
    named = page.namings_between(start, end)
    return named[0].agency.id if named else None


def _phrased(page: Page) -> list[Reading]:
    found: list[Reading] = []
    for phrase in find_phrases(page):
        found.extend(_READERS[phrase.signal](page, phrase))
    return found


def _published(page: Page, phrase: Found) -> list[Reading]:
    named = name_after(page.view, phrase.end)
    if named is None:
        return []
    value, end = named
    if not _speaks_of_text(page, phrase, end):
        return []
    if page.low.startswith("distributed", phrase.start) and not is_newsroom(value):
        return []
    if (address_at(value) is None and len(value) < 2) or value.lower() in word_list("pronouns"):
        return []
    return [Reading("originally_published", canonical_name(value), phrase.start, end)]


def _speaks_of_text(page: Page, phrase: Found, end: int) -> bool:
    """Whether "first appeared in X" is said of an article, and not of a play or a book."""
    said = page.low[max(0, phrase.start - 160) : phrase.start].rpartition("\n\n")[2]
    breaks = [stop.end() for stop in _SENTENCE_BREAK.finditer(said)]
    said = said[breaks[-1] :] if breaks else said
    heads_line = said.endswith("\n") and page.view[phrase.start].isupper()
    if heads_line or not said.strip(' \n(*_[-–—>|"“'):
        return page.view[end : end + 1] != ","
    words = word_list("text_words")
    sentence = said + page.low[phrase.start : phrase.end]
    return any(word in words for word in re.findall(r"\w+", sentence)) or any(
        word in sentence for word in words if not word.isascii()
    )


def _verified(page: Page, phrase: Found) -> list[Reading]:
    named = name_before(page.view, phrase.start)
    if named is None or address_at(named[0]):
        return []
    return [Reading("self_naming", canonical_name(named[0]), named[1], phrase.end)]


def _verified_by(page: Page, phrase: Found) -> list[Reading]:
    named = name_after(page.view, phrase.end)
    if named is None or not is_name(named[0]):
        return []
    return [Reading("self_naming", canonical_name(named[0]), phrase.start, named[1])]


def _corrected(page: Page, phrase: Found) -> list[Reading]:
    text = page.view[phrase.start : phrase.end]
    return [Reading("correction_notice", text, phrase.start, phrase.end)]


def _outlet(page: Page, phrase: Found) -> list[Reading]:
    disclaims = "not" in page.low[phrase.start : phrase.end]
    if not disclaims and not page.view[phrase.start].isupper():
        return []
    if disclaims:
        named = _REFLECT.match(page.view[phrase.end : phrase.end + 90])
    else:
        named = _FOLLOW_ON.match(page.view, phrase.end, phrase.end + 100)
    if named is None:
        return []
    name = strip_name(named["name"])
    end = page.view.find(named["name"], phrase.end) + len(named["name"])
    if (
        not is_name(name)
        or name.lower().split()[0] in word_list("pronouns")
        or name.startswith("@")
    ):
        return []
    masthead = name.startswith("The ") or name.isupper() or has_news_word(name, papers=True)
    if not (masthead or find_agency(name)) and name != page.document.source:
        return []
    return [Reading("outlet_naming", canonical_name(name), phrase.start, end)]


_READERS: Final = {
    "originally_published": _published,
    "material": read_material,
    "assistance": read_assistance,
    "contributed": read_contributed,
    "unnamed_agencies": read_unnamed,
    "verified": _verified,
    "verified_by": _verified_by,
    "correction_notice": _corrected,
    "outlet_naming": _outlet,
}


def _copyrights(page: Page) -> list[Reading]:
    found: list[Reading] = []
    for start in sorted(_copyright_signs(page)):
        match = _COPYRIGHT.match(page.view, start)
        if match is None or (found and start < found[-1].end):
            continue
        if not _YEAR_OR_SIGN.search(match.group()):
            line_start = page.view.rfind("\n", max(0, start - 4), start) + 1
            if line_start == 0 and start > 4:
                continue
        if match.group().startswith("(") and page.view[start - 1 : start].isalnum():
            continue
        named = name_after(page.view, match.end())
        if named is None or "/" in named[0]:
            continue
        value = strip_name(_RIGHTS.sub("", named[0])) or named[0]
        if value and value[0].isalnum() and not _RIGHTS.match(value):
            found.append(Reading("copyright_line", canonical_name(value), start, named[1]))
    return found


def _copyright_signs(page: Page) -> set[int]:
    found: set[int] = set()
    if not page.shows(COPYRIGHT):
        return found
    for mark in ("copyright", "©", "(c)", "ⓒ", "&copy;", "版权所有", "版權所有", "авторские права"):
        at = page.low.find(mark) if mark[0] in page.document.text or mark[0] == "c" else -1
        while at >= 0 and len(found) < MOST_COPYRIGHTS:
            found.add(at)
            at = page.low.find(mark, at + len(mark))
    return found


@cache
def alone_words() -> frozenset[str]:
    """The words with which such lines end."""
    return frozenset(
        line.rpartition(" ")[2] for line, signal in whole_lines().items() if signal == "credit_line"
    )


def _lines_ending_in(page: Page, words: frozenset[str]) -> list[tuple[int, int]]:
    """The lines that end in one of the words."""
    found = set()
    for word in words:
        at = page.low.find(word)
        while at >= 0:
            behind = at + len(word)
            end = page.view.find("\n", behind)
            if not page.view[behind : end if end >= 0 else page.end].strip(_SPACED_EDGES):
                found.add(page.stripped_line(at))
            at = page.low.find(word, behind)
    return sorted(found)


def _alone(page: Page) -> list[Reading]:
    """Lines, or the last words of one, that credit agencies without a name: "(Agencies)"."""
    words = alone_words() & page.low_words
    if not page.joined and not words:
        return []
    known = whole_lines()
    found = []
    lines = _lines_ending_in(page, alone_words() & page.parts) if page.glanced else page.lines
    for start, end in lines:
        cut = max(start, end - LONGEST_NAME)
        tail = page.low[cut:end]
        if tail.rstrip(_EDGES).rpartition(" ")[2].lstrip(_EDGES) not in alone_words():
            continue
        opening = max(0 if cut == start else -1, *(tail.rfind(mark) for mark in "(—（"))
        line = tail[opening:].strip(_EDGES) if opening >= 0 else ""
        if known.get(line) != "credit_line":
            continue
        at = cut + tail.index(line, opening)
        if not page.view[at].islower() or page.view[cut + opening] in "(—（":
            found.append(Reading("credit_line", AGENCIES, cut + opening, end))
    return found


def _lines_with_dash(page: Page) -> list[tuple[int, int]]:
    """The lines in which a dash begins a word not far from the end."""
    view = page.view
    found = set()
    for dash in _DASHES:
        at = view.find(dash)
        while at >= 0:
            if at == 0 or view[at - 1].isspace():
                end = view.find("\n", at, at + 2 * LONGEST_NAME)
                if end >= 0 or at + 2 * LONGEST_NAME >= page.end:
                    found.add(page.stripped_line(at))
            at = view.find(dash, at + 1)
    return sorted(found)


def _signed(page: Page) -> list[Reading]:
    """Sign-offs of newsrooms that the lexicon does not know: "— Vale News Service"."""
    found: list[Reading] = []
    if not page.shows(DASHED):
        return found
    for start, end in _lines_with_dash(page):
        cut = max(start, end - LONGEST_NAME)
        tail = page.view[cut:end]
        match = _SIGN_OFF.search(tail)
        if match is None or (cut > start and match.start("name") < len(tail) - LONGEST_NAME + 10):
            continue
        name = strip_name(match["name"])
        if PHOTO_WORD.search(name) or find_agency(name) or not is_newsroom(name):
            continue
        if page.goes_on(end) or name.split()[-1].lower() in word_list("connectors"):
            continue
        found.append(Reading("credit_line", canonical_name(name), cut + match.start("name"), end))
    return found
