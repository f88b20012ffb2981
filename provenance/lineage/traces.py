"""Traces of how a page was made: shortcodes, a page clock, notices, links, unlisted names."""

import re
from typing import Final

from provenance.calendar_names import months, weekdays
from provenance.lineage.agencies import find_agency, host_of, same_site
from provenance.lineage.names import URL, has_news_word, is_name, name_before, strip_name
from provenance.lineage.page import Page
from provenance.lineage.phrases import Label, word_list
from provenance.lineage.reading import Reading

MOST_LINKS: Final = 50
MOST_SHORTCODES: Final = 50
MOST_MENTIONS: Final = 50
LONGEST_CLOCK: Final = 60
LONGEST_NOTICE: Final = 120

_LINK_WORDS: Final = frozenset({"http", "https", "www"})
_TELLING: Final = frozenset({"told", "reported", "reports"})
TRACE_WORDS: Final = _LINK_WORDS | _TELLING | {"agency"}

_SHORTCODE: Final = re.compile(
    r"\[/?(?P<name>[a-z][a-z0-9_-]{2,40})(?P<rest>(?=[\s\]/=])[^\[\]\n]{0,300})\]"
)
_REVISION: Final = re.compile(
    r"\n[ ]{0,4}(?P<notice>(?:UPDATE|WRAPUP|REFILE|CORRECTED|RPT|CORRECTION|RECAST|WRITETHRU|LEAD)"
    r" ?\d{0,2} ?-(?=\S)|(?:CORRECTION|CORRECTED|REFILE|RPT|WRITETHRU) ?\d{0,2} - "
    r"|\((?:UPDATE[SD]?|Updates?|Updated|Adds|Recasts|Corrects|Refiles|Rewrites"
    r"|ADDS|RECASTS|CORRECTS|Actualiza|Atualiza|Aktualisiert|Corrige|Обновлено)\b[^()\n]{0,110}\)?)"
)
_CHANGE: Final = re.compile(
    r"correct|updat|clarif|misstat|misspel|misidentif|mistak|error|erroneous|earlier version"
    r"|previous version|original version|has been changed|amended|revised|retract|removed"
)
_TOLD: Final = re.compile(r"(?P<name>The (?:[A-Z][\w’'-]*)(?: (?:of |and )?[A-Z][\w’'-]*){0,3})")
_CLOCK_PART: Final = re.compile(
    r"[0-9]{1,4}(?:st|nd|rd|th)?|[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?|[ap]m|a|p|m|de|of|at|gmt|utc|г"
    r"|[a-z]{2}t|(?:mon|tues?|wed|thu(?:rs?)?|fri|sat|sun|segunda|terça|quarta|quinta|sexta|feira)",
    re.IGNORECASE,
)
_CJK_CLOCK: Final = re.compile(
    r"\d{2,4}年\d{1,2}月\d{1,2}日(?:\s?[（(]?(?:星期|周|週)?.[)）]?)?(?:\s?\d{1,2}:\d{2})?"
)
_TOKEN: Final = re.compile(r"[^\s,./()|–—-]+")
_CLOCK_HINT: Final = re.compile(r"[^\W\d_]{3}")


def read_traces(page: Page, labels: list[Label]) -> list[Reading]:
    """Shortcodes, a page clock, correction notices, links and outlets that are only mentioned."""
    return [
        *_page_clock(page),
        *_shortcodes(page),
        *_revisions(page, labels),
        *_links(page),
        *_unlisted(page),
    ]


def _page_clock(page: Page) -> list[Reading]:
    """A date that is the whole first line: the page's clock, not the day of publication."""
    start = len(page.view) - len(page.view.lstrip("\ufeff \n"))
    end = page.view.find("\n", start, start + LONGEST_CLOCK + 1)
    end = end if end >= 0 else page.end
    if not start < end <= start + LONGEST_CLOCK:
        return []
    line = page.view[start:end].rstrip()
    tokens = _TOKEN.findall(line)
    is_date = (
        len(tokens) > 1
        and any(character.isdigit() for character in line)
        and _CLOCK_HINT.search(line)
        and all(map(_is_of_clock, tokens))
    )
    if not is_date and not _CJK_CLOCK.fullmatch(line):
        return []
    return [Reading("page_clock", line, start, start + len(line), of_part=False)]


def _is_of_clock(token: str) -> bool:
    low = token.lower()
    return low in months() or low in weekdays() or _CLOCK_PART.fullmatch(token) is not None


def _shortcodes(page: Page) -> list[Reading]:
    found: list[Reading] = []
    if "[" not in page.view:
        return found
    for match in _SHORTCODE.finditer(page.view):
        name = match["name"]
        known = name in word_list("shortcodes") or match.group().startswith("[/")
        if known or "=" in match["rest"]:
            found.append(Reading("shortcode", name, match.start(), match.end(), of_part=False))
            if len(found) == MOST_SHORTCODES:
                break
    return found


def _revisions(page: Page, labels: list[Label]) -> list[Reading]:
    top = _REVISION.match(f"\n{page.view[:LONGEST_NOTICE]}")
    spans = [(top.start("notice") - 1, top.end("notice") - 1)] if top else []
    spans += [match.span("notice") for match in _REVISION.finditer(page.view)]
    found = [
        Reading("correction_notice", page.view[start:end].strip(), start, end)
        for start, end in spans
    ]
    for label in labels:
        if label.signal == "correction_notice" and _corrects(page, label):
            end = min(label.end, label.start + LONGEST_NOTICE)
            text = " ".join(page.view[label.start : end].split())
            found.append(Reading("correction_notice", text, label.start, end))
    return found


def _corrects(page: Page, label: Label) -> bool:
    """Whether an editor's note speaks of a change to the text; other labels say so themselves."""
    if "note" not in page.low[label.start : label.value_start]:
        return True
    return _CHANGE.search(page.low, label.start, min(label.end, label.start + 400)) is not None


def _links(page: Page) -> list[Reading]:
    found: list[Reading] = []
    if _LINK_WORDS.isdisjoint(page.low_words):
        return found
    own = host_of(page.document.url)
    for match in URL.finditer(page.view):
        address = match.group().rstrip(".,;:!?'\"…*_")
        if not same_site(host_of(address), own) and host_of(address):
            found.append(
                Reading("link", address, match.start(), match.start() + len(address), of_part=False)
            )
            if len(found) == MOST_LINKS:
                break
    return found


def _unlisted(page: Page) -> list[Reading]:
    """Outlets outside the lexicon: "reported The Insider", "Vale news agency said"."""
    found: list[Reading] = []
    for verb in _TELLING & page.low_words:
        at = page.view.find(f"{verb} The ")
        while at >= 0 and len(found) < MOST_MENTIONS:
            match = _TOLD.match(page.view, at + len(verb) + 1)
            if match:
                name = strip_name(match["name"])
                closed = page.view[match.end() : match.end() + 1] in (".", ",", ";", "\n", "")
                if (closed or has_news_word(name)) and find_agency(name) is None:
                    found.append(Reading("mention", name, *match.span("name"), of_part=False))
            at = page.view.find(f"{verb} The ", at + 1)
    if "agency" in page.low_words:
        at = page.view.find(" news agency")
        while at >= 0 and len(found) < MOST_MENTIONS:
            named = name_before(page.view, at)
            if named and is_name(named[0]) and find_agency(named[0]) is None:
                found.append(Reading("mention", named[0], named[1], at, of_part=False))
            at = page.view.find(" news agency", at + 1)
    return found
