"""Cues: every place where a document says, or seems to say, where its text comes from.

Credits of the text, mentions of a newsroom and credits of a picture are told apart; none of them
decides anything here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeGuard

from provenance.filed_texts import encoded_text
from provenance.lineage.agencies import (
    AgencyKind,
    canonical_name,
    find_agency,
    host_of,
    is_own,
    naming_words,
    same_name,
    same_site,
)
from provenance.lineage.agency_namings import PHOTO_WORD
from provenance.lineage.bylines import BY
from provenance.lineage.credits import alone_words, read_credits
from provenance.lineage.datelines import Dateline, month_words, read_datelines
from provenance.lineage.invisible import place_back, without_invisible
from provenance.lineage.page import Page
from provenance.lineage.phrases import capital_words, find_labels, last_words, part_of, phrase_words
from provenance.lineage.reading import Reading
from provenance.lineage.source_lines import SourceLine, lost_words, read_source_lines
from provenance.lineage.traces import TRACE_WORDS, read_traces
from provenance.model import Cue, Document
from provenance.processes import shared_out

if TYPE_CHECKING:
    from provenance.lineage.glance import Glance

MOST_OF_A_SIGNAL: Final = 50
MOST_DECLARED: Final = 10
DEEPEST_HOLDER: Final = 3
DOCUMENTS_OF_A_PROCESS: Final = 10_000

# Signals that credit somebody for the text itself.
CREDITS: Final = frozenset(
    {
        "source_line",
        "originally_published",
        "credit_line",
        "contributor_line",
        "staff_line",
        "dateline",
        "byline_agency",
        "copyright_line",
        "declared_source",
        "canonical_link",
    }
)
_CAPPED: Final = frozenset({"mention", "photo_credit", "link", "shortcode", "correction_notice"})
_DECLARED_KEYS: Final = frozenset(
    {
        "isbasedon",
        "isbasedonurl",
        "credittext",
        "provider",
        "sourceorganization",
        "syndicationsource",
        "originalsource",
        "dcsource",
        "dctermssource",
        "ogurl",
    }
)
# Where crawlers keep a page's structured data and tags.
_HOLDERS: Final = frozenset(
    {
        *("jsonld", "ldjson", "applicationldjson", "graph", "schemaorg", "structureddata"),
        *("meta", "metatags", "metadata", "opengraph", "microdata"),
    }
)


def read_all_cues(
    documents: Sequence[Document], *, compile_kernels: bool, workers: int = 1
) -> list[tuple[Cue, ...]]:
    """The cues of each document, as `read_cues` gives them."""
    if not compile_kernels:
        return [read_cues(document) for document in documents]
    from provenance.lineage.glance import Glancer

    glancer = Glancer(
        BY | naming_words(),
        phrase_words() | lost_words() | alone_words() | TRACE_WORDS,
        capital_words(),
        ends_of_labels=last_words(),
        months=month_words(),
    )

    def read(share: slice) -> list[tuple[Cue, ...]]:
        own = documents[share]
        glances = glancer.look(map(encoded_text, own))
        return [read_cues(d, glance) for d, glance in zip(own, glances, strict=True)]

    return shared_out(read, len(documents), workers, DOCUMENTS_OF_A_PROCESS)


def read_cues(document: Document, glance: "Glance | None" = None) -> tuple[Cue, ...]:
    """Every cue of a document, by start, end and signal; at most 50 of each that only mentions.

    A credit that names the document's own outlet or host is given as `self_naming`, and where
    neither is known, one of the outlet that the page calls its own as `outlet_naming`: it says
    who publishes, not where the text was taken from. Cues of metadata stand at 0:0 and cover
    the text.
    """
    found = set(_declared(document))
    shown = without_invisible(document.text) if glance is None else None
    if shown:
        text, places = shown
        page = Page(replace(document, text=text))
        found.update(place_back(cue, places) for cue in _read_text(page))
    elif document.text:
        found.update(_read_text(Page(document, glance)))
    if not found:
        return ()
    named = _outlets_named(document, found)
    renamed = (_at_home(cue, document, named) if cue.signal in CREDITS else cue for cue in found)
    return tuple(_capped(sorted(set(renamed), key=_order)))


def _outlets_named(document: Document, found: Iterable[Cue]) -> list[str]:
    """The outlets that a page of unknown origin calls its own: "Follow the Vale Herald on"."""
    if document.source or document.url:
        return []
    return sorted({cue.value for cue in found if cue.signal == "outlet_naming"})


def _at_home(cue: Cue, document: Document, named: list[str]) -> Cue:
    """The cue, or what is left of a credit that the outlet gives to itself: its name."""
    if cue.value and is_own(cue.value, document):
        return replace(cue, signal="self_naming")
    if any(same_name(cue.value, outlet) for outlet in named):
        return replace(cue, signal="outlet_naming")
    return cue


def _order(cue: Cue) -> tuple[int, int, str, str]:
    return cue.start, cue.end, cue.signal, cue.value


def _capped(cues: Iterable[Cue]) -> Iterator[Cue]:
    counts: dict[str, int] = {}
    for cue in cues:
        counts[cue.signal] = counts.get(cue.signal, 0) + 1
        if cue.signal not in _CAPPED or counts[cue.signal] <= MOST_OF_A_SIGNAL:
            yield cue


def _read_text(page: Page) -> Iterator[Cue]:
    datelines = read_datelines(page)
    labels = find_labels(page)
    sources, parts = read_source_lines(page, labels, datelines)
    taken = [(d.start, d.end) for d in datelines] + [(line.start, line.end) for line in sources]
    yield from _source_cues(sources)
    yield from _dateline_cues(page, datelines, parts)
    readings = [*read_credits(page, labels, parts, taken), *read_traces(page, labels)]
    if not readings:
        return
    declared = _spans_of(taken, readings)
    for reading in _without_echoes(readings):
        if reading.signal == "link" and _within(declared, reading.start):
            continue
        start, end = (
            part_of(parts, reading.start) if reading.of_part else (reading.start, reading.end)
        )
        yield Cue(reading.signal, reading.value, reading.start, reading.end, start, end)


def _spans_of(taken: list[tuple[int, int]], readings: list[Reading]) -> list[tuple[int, int]]:
    """Spans in which a URL is already part of a stronger cue."""
    strong = ("originally_published", "copyright_line", "credit_line")
    return sorted([*taken, *((r.start, r.end) for r in readings if r.signal in strong)])


def _without_echoes(readings: list[Reading]) -> Iterator[Reading]:
    """The readings but for a notice of a correction that stands within another one."""
    reach = -1
    for reading in sorted(readings, key=lambda r: (r.start, -r.end)):
        if reading.signal == "correction_notice":
            if reading.end <= reach:
                continue
            reach = reading.end
        yield reading


def _within(spans: list[tuple[int, int]], position: int) -> bool:
    return any(start <= position < end for start, end in spans)


def _source_cues(sources: list[SourceLine]) -> Iterator[Cue]:
    for line in sources:
        signal = "source_line" if line.value else "source_link_lost"
        if line.mention:
            photo = find_agency(line.value)
            signal = "photo_credit" if photo and photo.kind == "photo" else "mention"
        yield Cue(signal, line.value, line.start, line.end, line.covers_start, line.covers_end)


def _dateline_cues(
    page: Page, datelines: list[Dateline], parts: list[tuple[int, int]]
) -> Iterator[Cue]:
    """A dateline speaks for the text from its own line to the next dateline or end of its part."""
    ends = [following.start for following in datelines[1:]] + [page.end]
    for dateline, end in zip(datelines, ends, strict=False):
        covers_end = min(end, part_of(parts, dateline.start)[1])
        start, stop = dateline.start, dateline.end
        signal = "dateline" if dateline.value else "dateline_unnamed"
        yield Cue(signal, dateline.value or page.view[start:stop], start, stop, start, covers_end)


def _declared(document: Document) -> Iterator[Cue]:
    whole = (0, 0, 0, len(document.text))
    canonical, host = host_of(document.canonical_url), host_of(document.url)
    if document.canonical_url and canonical and host and not same_site(canonical, host):
        yield Cue("canonical_link", document.canonical_url, *whole)
    for author in document.authors[:MOST_DECLARED]:
        agency = find_agency(author.removeprefix("By ").removeprefix("by "))
        if agency:
            yield Cue("byline_agency", agency.id, *whole)
    for key, value in _statements(document.metadata):
        if key == "ogurl":
            address = value.strip() if isinstance(value, str) else ""
            if host and host_of(address) and not same_site(host_of(address), host):
                yield Cue("canonical_link", address, *whole)
            continue
        for name in _names_in(value):
            agency = find_agency(name)
            if not PHOTO_WORD.search(name) and not (agency and agency.kind is AgencyKind.PHOTO):
                yield Cue("declared_source", canonical_name(name), *whole)


def _statements(metadata: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """Every value of metadata that names a source, with its key; structured data is entered."""
    todo: list[tuple[Mapping[str, object], int]] = [(metadata, 0)]
    while todo:
        fields, depth = todo.pop(0)
        for name, value in fields.items():
            key = "".join(filter(str.isalnum, str(name).lower()))
            if key in _DECLARED_KEYS:
                yield key, value
            elif key in _HOLDERS and depth < DEEPEST_HOLDER:
                inner = value if isinstance(value, list | tuple) else [value]
                todo += [(part, depth + 1) for part in inner[:MOST_DECLARED] if _is_fields(part)]


def _is_fields(value: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(value, Mapping)


def _names_in(value: object) -> list[str]:
    """The names or addresses in a metadata value: text, an object with one, or a list of them."""
    if isinstance(value, str):
        return [value.strip()[:1000]] if value.strip() else []
    if isinstance(value, Mapping):
        for key in ("url", "@id", "name", "sameAs"):
            if isinstance(value.get(key), str) and value[key].strip():
                return [value[key].strip()[:1000]]
        return []
    if isinstance(value, list | tuple):
        return [name for item in value[:MOST_DECLARED] for name in _names_in(item)]
    return []
