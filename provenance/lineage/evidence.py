"""Reasons in words: the weighted features of an arc, gathered into pieces for people to read."""

from provenance.lineage.arcs import Arcs
from provenance.lineage.attribution import Credits
from provenance.lineage.features import FEATURES, SIGNALS
from provenance.model import Document, Evidence, Span

_SLIGHT = 0.05  # weights below are not worth a reader's time


def explain_arc(
    arcs: Arcs, arc: int, source: Document, derived: Document, given: Credits, taken: Credits
) -> tuple[Evidence, ...]:
    """Return the reasons for and against `derived` having its text from `source`.

    `given` are the credits of the derived document, `taken` those of the source. Weights add up
    to the arc's log-odds against having no source, but for slight ones that are left out.
    """
    weight = dict(zip(FEATURES, arcs.terms[arc].tolist(), strict=True))
    found = []
    for signal, features in SIGNALS.items():
        total = sum(weight[name] for name in features)
        if abs(total) < _SLIGHT:
            continue
        name, detail = signal, ""
        spans: tuple[Span, ...] = ()
        if signal == "credit":
            name, detail, spans = _credit(source, derived, given, taken)
        elif signal == "published_first" and arcs.value(arc, "published_later"):
            name = "published_later"
        found.append(
            Evidence(name, total, detail or _words(arcs, arc, signal, source, derived), spans)
        )
    return tuple(sorted(found, key=lambda e: (-abs(e.weight), e.signal, e.detail)))


def _credit(
    source: Document, derived: Document, given: Credits, taken: Credits
) -> tuple[str, str, tuple[Span, ...]]:
    for one, other, cue in (
        (derived, source, given.credit_to(taken)),
        (source, derived, taken.credit_to(given)),
    ):
        if cue is not None:
            detail = f"{one.id} credits {cue.value}, which {other.id} comes from"
            return cue.signal, detail, (Span(one.id, cue.start, cue.end),)
    both = sorted(given.given.keys() & taken.given.keys())
    if both:
        cues = given.given[both[0]], taken.given[both[0]]
        spans = tuple(
            Span(document.id, cue.start, cue.end)
            for document, cue in zip((derived, source), cues, strict=True)
        )
        return "same_credit", f"both credit {cues[0].value}", spans
    return "credit", "neither credits the other", ()


def _words(  # noqa: PLR0911 - one sentence a signal
    arcs: Arcs, arc: int, signal: str, source: Document, derived: Document
) -> str:
    def value(feature: str) -> float:
        return arcs.value(arc, feature)

    more = derived.id, source.id
    if signal == "shared_text":
        closest = (
            "no other text is as close"
            if value("closest_to_child")
            else "others are closer or stand between"
        )
        return f"{value('explained'):.0%} of {derived.id} stands in {source.id}; {closest}"
    if signal == "third_witness" and not value("third_witness"):
        first, second = more if value("more_central") < 0 else reversed(more)
        return f"{first} is closer than {second} to the other texts of the story"
    if signal == "third_witness":
        first, second = more if value("third_witness") < 0 else reversed(more)
        return f"what only {first} has of the two is found in other texts, more than of {second}"
    if signal == "contained_in" and not value("contained"):
        first, second = more if value("longer") > 0 else reversed(more)
        return f"{first} is longer than {second}, and as much of each stands in the other"
    if signal == "contained_in":
        first, second = more if value("contained") > 0 else reversed(more)
        return f"more of {first} stands in {second} than the other way"
    if signal == "edit_kind":
        grown = value("inserted_more") + value("inserted_words_more") > 0
        first, second = more if grown else reversed(more)
        return f"{first} has the insertions, {second} lacks them"
    if signal == "dates_in_text":
        later = value("later_date_in_text") or value("later_year_in_text")
        return f"{derived.id if later > 0 else source.id} names the later date"
    if signal == "correction_notice":
        corrected = derived.id if value("more_corrections") > 0 else source.id
        return f"{corrected} says that it was corrected or updated"
    if signal == "published_first":
        if not value("dates_known"):
            missing = source.published is None or derived.published is None
            return "a date is missing" if missing else "a date is far from all others of the story"
        return f"{source.id} is dated {source.published}, {derived.id} {derived.published}"
    if signal == "same_source":
        return f"both are from {source.source}"
    return f"{source.id if value('parent_is_agency') else derived.id} names itself or an agency"
