"""What two texts say of whom they are from: credits, outlets, notes of correction, dates named."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np

from provenance.filed_texts import encoded_text
from provenance.lineage.attribution import LEAD, SENTENCE_END, Credits, count_given
from provenance.lineage.cues import DOCUMENTS_OF_A_PROCESS
from provenance.lineage.glance import Glance, Glancer
from provenance.lineage.signals.likeness import both_ways
from provenance.lineage.text_dates import (
    UNREAD,
    TextDates,
    day_words,
    later_named,
    later_wording,
    read_text_dates,
)
from provenance.match.collapse import Corpus
from provenance.model import Cue, Document
from provenance.processes import shared_out

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Columns = dict[str, NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Notes:
    """What is read once from each text: dates, corrections, where an agency names itself.

    `dates` are read from texts that are related to others. `lead_above_dateline` says that a
    paragraph stands above the first dateline, at the character `dateline`; `dateline_at_head`
    that none does.
    """

    dates: TextDates
    corrections: int = 0
    agency: Cue | None = None
    lead_above_dateline: bool = False
    dateline_at_head: bool = False
    dateline: int = 0


def take_all_notes(
    documents: Sequence[Document],
    cues: Sequence[Sequence[Cue]],
    related: Sequence[bool],
    *,
    compile_kernels: bool,
    workers: int = 1,
) -> list[Notes]:
    """Return the notes of documents, of which are told the cues and whether others are related."""
    glancer = Glancer((), day_words()) if compile_kernels else None

    def take(share: slice) -> list[Notes]:
        glances: Iterator[Glance | None] = repeat(None)
        if glancer:
            own = zip(documents[share], related[share], strict=True)
            glances = glancer.look(encoded_text(document) for document, some in own if some)
        return [
            take_notes(document, own, related=some, glance=next(glances) if some else None)
            for document, own, some in zip(
                documents[share], cues[share], related[share], strict=True
            )
        ]

    return shared_out(take, len(documents), workers, DOCUMENTS_OF_A_PROCESS)


def take_notes(
    document: Document, cues: Sequence[Cue], *, related: bool = True, glance: Glance | None = None
) -> Notes:
    """Return the notes of a document, whose cues are given, and whether others are related.

    A glance at it may be given that asked for `day_words`.
    """
    dates = UNREAD
    if related:
        dates = read_text_dates(document.text, 0, glance.parts if glance else None)
    if not cues:
        return Notes(dates)
    corrections = sum(cue.signal == "correction_notice" for cue in cues)
    agency = next((cue for cue in cues if cue.signal == "self_naming"), None)
    datelines = [cue.start for cue in cues if cue.signal in ("dateline", "self_naming")]
    above = document.text[: min(datelines, default=0)].splitlines()
    lead = any(len(line.split()) >= LEAD and SENTENCE_END.search(line) for line in above)
    at_head = bool(datelines) and not lead
    return Notes(dates, corrections, agency, lead, at_head, min(datelines, default=0))


def note_columns(
    notes: Sequence[Notes], parent: "NDArray[np.int32]", child: "NDArray[np.int32]"
) -> "Columns":
    """Return which text names the later date and which says that it was corrected."""
    year = np.array([note.dates.year for note in notes])
    corrections = np.array([note.corrections for note in notes])
    half = len(parent) // 2
    ends = list(zip(parent[:half].tolist(), child[:half].tolist(), strict=True))
    named = np.array([later_named(notes[p].dates, notes[c].dates) for p, c in ends], np.float64)
    worded = np.array([later_wording(notes[p].dates, notes[c].dates) for p, c in ends], np.float64)
    leads = np.array([note.lead_above_dateline for note in notes], np.float64)
    return {
        "later_year_in_text": np.sign(year[child] - year[parent])
        * ((year[child] > 0) & (year[parent] > 0)),
        "later_date_in_text": both_ways(named),
        "later_wording_of_dates": both_ways(worded),
        "lead_above_dateline": leads[child] - leads[parent],
        "more_corrections": np.sign(corrections[child] - corrections[parent]).astype(np.float64),
    }


def credit_columns(
    corpus: Corpus,
    credit: Sequence[Credits],
    notes: Sequence[Notes],
    parent: "NDArray[np.int32]",
    child: "NDArray[np.int32]",
) -> "Columns":
    """Return who credits whom, and whether either end looks like an agency's own page."""
    source = [corpus.documents[group[0]].source for group in corpus.members]
    frequency = Counter(source)
    number = {name: i for i, name in enumerate(frequency)}
    rarity = np.array([np.log(len(source) / count) for count in frequency.values()])
    outlet = np.array([number[name] for name in source], np.int64)
    known = np.array([name is not None for name in source], np.bool_)
    same = (known[parent] & (outlet[parent] == outlet[child])).astype(np.float64)
    given = count_given(credit)
    times = np.zeros(len(source))
    for text in set(parent.tolist()):
        times[text] = credit[text].times_credited(given)
    credited = np.log1p(times)
    naming = _credits_given(credit, parent, child)
    titled, alike = _titles_alike(corpus, parent, child)
    agency = np.array([note.agency is not None for note in notes], np.float64)
    return {
        "credited": naming[:, 0],
        "crediting": naming[:, 1],
        "same_credit": naming[:, 2],
        "same_source": same,
        "child_credits_others": naming[:, 3],
        "same_rare_source": same * rarity[outlet[parent]],
        "titles_known": titled,
        "titles_alike": alike,
        "parent_is_agency": agency[parent],
        "child_is_agency": agency[child],
        "parent_often_credited": credited[parent],
        "child_often_credited": credited[child],
    }


def _credits_given(
    credit: Sequence[Credits], parent: "NDArray[np.int32]", child: "NDArray[np.int32]"
) -> "NDArray[np.float64]":
    """Return a row an arc: child credits parent, parent child, both the same, child others."""
    rows = np.zeros((len(parent), 4))
    gives = np.array([bool(names.given) for names in credit], np.bool_)
    arcs = np.flatnonzero(gives[parent] | gives[child])
    for arc, p, c in zip(arcs.tolist(), parent[arcs].tolist(), child[arcs].tolist(), strict=True):
        above, below = credit[p], credit[c]
        to_parent = not below.given.keys().isdisjoint(above.own)
        rows[arc] = (
            to_parent,
            not above.given.keys().isdisjoint(below.own),
            not above.given.keys().isdisjoint(below.given),
            bool(below.given) and not to_parent,
        )
    return rows


def _titles_alike(
    corpus: Corpus, parent: "NDArray[np.int32]", child: "NDArray[np.int32]"
) -> tuple["NDArray[np.float64]", "NDArray[np.float64]"]:
    """Return of each arc whether both ends have titles, and the Jaccard of their words."""
    titles = {
        text: _title_words(corpus.documents[corpus.members[text][0]])
        for text in set(parent.tolist())
    }
    titled = np.zeros(len(corpus.members), np.bool_)
    titled[[text for text, words in titles.items() if words]] = True
    both = titled[parent] & titled[child]
    half = len(parent) // 2  # the other half are the same arcs turned round
    arcs = np.flatnonzero(both[:half])
    alike = np.zeros(half)
    alike[arcs] = [
        len(titles[p] & titles[c]) / len(titles[p] | titles[c])
        for p, c in zip(parent[arcs].tolist(), child[arcs].tolist(), strict=True)
    ]
    return both.astype(np.float64), np.tile(alike, 2)


def _title_words(document: Document) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", (document.title or "").casefold()))
