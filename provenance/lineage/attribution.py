"""Whom a document credits, and by what names it is credited itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from provenance.lineage.agencies import canonical_name, host_of, is_own, name_key
from provenance.lineage.cues import CREDITS
from provenance.model import Cue, Document

SOURCE_SIGNALS = CREDITS - {"copyright_line"} | {"self_naming"}
"""Signals that say where the text, or the part it covers, was taken from."""


@dataclass(frozen=True, slots=True)
class Credits:
    """The keys that a document credits, with the cue of each, and the keys that name it."""

    given: dict[str, Cue]
    own: frozenset[str]

    def credit_to(self, other: "Credits") -> Cue | None:
        """Return the first cue of this document that credits the other one."""
        found = [self.given[key] for key in self.given.keys() & other.own]
        return min(found, key=lambda cue: (cue.start, cue.end, cue.signal), default=None)


def credited_keys(value: str) -> frozenset[str]:
    """Return the keys under which a name or an address can be met: itself, and its host."""
    if "://" in value:
        return frozenset([_address(value), host_of(value)]) - {""}
    return frozenset([name_key(canonical_name(value))]) - {""}


def read_credits(document: Document, cues: Sequence[Cue]) -> Credits:
    """Return whom a document credits for text, its own outlet left out."""
    own: set[str] = set()
    if document.source:
        own |= credited_keys(document.source)
        own.add(document.source.lower())
    for url in (document.url, document.canonical_url):
        if url:
            own.add(_address(url))
    host = host_of(document.url)
    if host:
        own.add(host)
    given: dict[str, Cue] = {}
    for cue in cues:
        if cue.signal in SOURCE_SIGNALS and cue.value and not is_own(cue.value, document):
            for key in sorted(credited_keys(cue.value) - own):
                given.setdefault(key, cue)
    return Credits(given, frozenset(own))


def _address(url: str) -> str:
    """Return an address without its scheme, `www.`, fragment and closing slash."""
    plain = url.split("://", 1)[-1].split("#", 1)[0].rstrip("/")
    host, slash, rest = plain.partition("/")
    return f"{host.lower().removeprefix('www.')}{slash}{rest}"
