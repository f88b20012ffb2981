"""One sentence for each signal: what the features of an arc say, in words."""

from collections.abc import Callable

import numpy as np

from provenance.lineage.arcs import Arcs
from provenance.model import Document

_Value = Callable[[str], float]


def in_words(arcs: Arcs, arc: int, signal: str, source: Document, derived: Document) -> str:
    """Return what a signal says of `derived` having its text from `source`."""

    def value(feature: str) -> float:
        return arcs.value(arc, feature)

    return _SENTENCES[signal](value, source, derived)


def _shared_text(value: _Value, source: Document, derived: Document) -> str:
    passed = value("explained") - value("contained")
    taken = f"{value('explained'):.0%} of {derived.id} stands in {source.id}"
    return f"{taken}, {passed:.0%} of {source.id} in {derived.id}"


def _closest(value: _Value, source: Document, derived: Document) -> str:
    between = round(float(np.expm1(value("texts_between"))))
    if value("closest_to_child"):
        return f"no other text is as close to {derived.id}"
    if between:
        texts = "one other text stands" if between == 1 else f"{between} other texts stand"
        return f"{texts} between {source.id} and {derived.id}"
    return f"another text is closer to {derived.id}"


def _third_witness(value: _Value, source: Document, derived: Document) -> str:
    if not value("third_witness"):
        ends = (derived.id, source.id) if value("more_central") < 0 else (source.id, derived.id)
        return f"{ends[0]} is closer than {ends[1]} to the other texts of the story"
    ends = (derived.id, source.id) if value("third_witness") < 0 else (source.id, derived.id)
    return f"what only {ends[0]} has of the two is found in other texts, more than of {ends[1]}"


def _contained_in(value: _Value, source: Document, derived: Document) -> str:
    if not value("contained"):
        ends = (derived.id, source.id) if value("longer") > 0 else (source.id, derived.id)
        return f"{ends[0]} is longer than {ends[1]}, and as much of each stands in the other"
    ends = (derived.id, source.id) if value("contained") > 0 else (source.id, derived.id)
    return f"more of {ends[0]} stands in {ends[1]} than the other way"


def _edit_kind(value: _Value, source: Document, derived: Document) -> str:
    grown = value("inserted_more") + value("inserted_words_more") > 0
    ends = (derived.id, source.id) if grown else (source.id, derived.id)
    return f"{ends[0]} has the insertions, {ends[1]} lacks them"


def _dates_in_text(value: _Value, source: Document, derived: Document) -> str:
    later = value("later_date_in_text") or value("later_year_in_text")
    if not later and value("later_wording_of_dates"):
        late = derived.id if value("later_wording_of_dates") > 0 else source.id
        return f"{late} puts a date as one does later"
    return f"{derived.id if later > 0 else source.id} names the later date"


def _correction_notice(value: _Value, source: Document, derived: Document) -> str:
    corrected = derived.id if value("more_corrections") > 0 else source.id
    return f"{corrected} says that it was corrected or updated"


def _new_lead(value: _Value, source: Document, derived: Document) -> str:
    new = derived.id if value("lead_above_dateline") >= 0 else source.id
    return f"{new} has a lead above its dateline, the other has none"


def _published_first(value: _Value, source: Document, derived: Document) -> str:
    if value("dates_known"):
        return f"{source.id} is dated {_date(source)}, {derived.id} {_date(derived)}"
    if source.published is None or derived.published is None:
        return "a date is missing"
    return "a date is far from all others of the story"


def _same_source(value: _Value, source: Document, derived: Document) -> str:
    if value("same_source"):
        return f"both are from {source.source}"
    return f"{source.id} and {derived.id} are not known to be from one outlet"


def _title(value: _Value, source: Document, derived: Document) -> str:
    if value("titles_known"):
        return f"{value('titles_alike'):.0%} of the words of their titles are the same"
    return f"{source.id} or {derived.id} has no title"


def _date(document: Document) -> str:
    return "" if document.published is None else document.published.text[:16].replace("T", " ")


_SENTENCES: dict[str, Callable[[_Value, Document, Document], str]] = {
    "shared_text": _shared_text,
    "closest": _closest,
    "third_witness": _third_witness,
    "contained_in": _contained_in,
    "edit_kind": _edit_kind,
    "dates_in_text": _dates_in_text,
    "correction_notice": _correction_notice,
    "new_lead": _new_lead,
    "published_first": _published_first,
    "same_source": _same_source,
    "title": _title,
}
