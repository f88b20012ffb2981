"""Whom a document credits, and by what names it is credited itself."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from provenance.lineage.agencies import canonical_name, host_of, is_own, name_key, short_keys
from provenance.lineage.cues import CREDITS
from provenance.model import Cue, Document

SOURCE_SIGNALS = CREDITS - {"copyright_line"} | {"self_naming"}
"""Signals that say where the text, or the part it covers, was taken from."""

_OWN_FORMS = frozenset(["dateline", "byline_agency"])  # what an agency's own page has, too
LEAD = 8  # words of a paragraph that make it a lead
SENTENCE_END = re.compile(r"[.!?。…][\"'”’»)]*\s*$")
PARTIAL_SIGNALS = frozenset({"contributor_line"})
"""Those of them that speak of an unknown part of what they cover."""

LEAST_OF_A_DATELINE = 0.5


@dataclass(frozen=True, slots=True)
class Credits:
    """The keys that a document credits, with the cue of each, and the keys that name it."""

    given: dict[str, Cue]
    own: frozenset[str]

    def credit_to(self, other: "Credits") -> Cue | None:
        """Return the first cue of this document that credits the other one."""
        found = [self.given[key] for key in self.given.keys() & other.own]
        return min(found, key=lambda cue: (cue.start, cue.end, cue.signal), default=None)

    def times_credited(self, given: Counter[str]) -> int:
        """Return how many documents credit this one, by the name that most of them use."""
        return max((given[key] for key in self.own), default=0)


def count_given(credit: Iterable[Credits]) -> Counter[str]:
    """Return how many documents credit each key."""
    return Counter(key for names in credit for key in names.given)


def credited_keys(value: str) -> frozenset[str]:
    """Return the keys under which a name or an address can be met: itself, and its host."""
    if "://" in value:
        return frozenset([plain_address(value), host_of(value)]) - {""}
    return frozenset([name_key(canonical_name(value))]) - {""}


def read_credits(document: Document, cues: Sequence[Cue]) -> Credits:
    """Return whom a document credits for text, its own outlet left out.

    A page of an unknown outlet that begins as an agency's own pages do may be one, and is credited
    by that name.
    """
    own = set(_names_of(document.source)) if document.source else set()
    for url in (document.url, document.canonical_url):
        if url:
            own.add(plain_address(url))
    host = host_of(document.url)
    if host:
        own.add(host)
    nowhere = document.source is None and document.url is None
    given: dict[str, Cue] = {}
    maybe_own: set[str] = set()
    for cue in cues:
        if cue.signal in SOURCE_SIGNALS and cue.value and not is_own(cue.value, document):
            keys = credited_keys(cue.value)
            if nowhere and cue.signal in _OWN_FORMS and _stands_first(document.text, cue):
                maybe_own |= keys
                continue
            for key in sorted(keys - own):
                given.setdefault(key, cue)
    return Credits(given, frozenset(own | (maybe_own - given.keys())))


@lru_cache(maxsize=4096)
def _names_of(outlet: str) -> frozenset[str]:
    return credited_keys(outlet) | {outlet.lower()} | short_keys(outlet)


def _stands_first(text: str, cue: Cue) -> bool:
    above = text[: cue.start].splitlines()
    return not any(len(line.split()) >= LEAD and SENTENCE_END.search(line) for line in above)


def taking_credits(document: Document, cues: Sequence[Cue]) -> list[Cue]:
    """Return the cues that say that the text they cover was taken, all of it, from another outlet.

    Left out are contributors and owners of copyright; datelines that speak for less than half of
    the text, where a quoted paragraph can bring them along; and each dateline and byline of a page
    that stands in a dateline itself, where they are left over from what that outlet carried.
    """
    at_home = any(cue.signal == "self_naming" and _heads_its_text(cue) for cue in cues)
    least = LEAST_OF_A_DATELINE * len(document.text)
    found = []
    for cue in cues:
        if cue.signal not in SOURCE_SIGNALS - PARTIAL_SIGNALS or not cue.value:
            continue
        if cue.signal == "dateline" and cue.covers_end - cue.covers_start < least:
            continue
        if at_home and cue.signal in ("dateline", "byline_agency"):
            continue
        if not is_own(cue.value, document):
            found.append(cue)
    return found


def _heads_its_text(cue: Cue) -> bool:
    """Whether a cue covers the text from its own place on, as a dateline does."""
    return cue.covers_start == cue.start < cue.end


def plain_address(url: str) -> str:
    """Return an address without its scheme, `www.`, fragment and closing slash."""
    plain = url.split("://", 1)[-1].split("#", 1)[0].rstrip("/")
    host, slash, rest = plain.partition("/")
    return f"{host.lower().removeprefix('www.')}{slash}{rest}"
