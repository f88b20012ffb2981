"""From a corpus to classified alignments: the order of the steps."""

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from provenance.config import Config
from provenance.match.alignment import align
from provenance.match.boilerplate import Common, find_common
from provenance.match.classes import classify_alignments
from provenance.match.collapse import Corpus
from provenance.match.excerpts import tell_excerpts
from provenance.match.kinship import find_kinship
from provenance.match.postings import CARRIERS, Occurrences, Postings, count_shared, post
from provenance.match.spans import Alignments

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SHARED = 2  # winnowed shingles that make a pair worth aligning


@dataclass(frozen=True, slots=True)
class Reuse:
    """What the texts of a corpus share: aligned spans with their classes, and what is common.

    `classes` holds indexes of `provenance.match.classes.CLASSES`, a row each; `postings` leave
    boilerplate and all places out. `sampled` counts shingles that were compared with some of
    their carriers only, `capped` pairs whose runs were.
    """

    alignments: Alignments
    classes: "NDArray[np.int8]"
    common: Common
    postings: Postings
    candidates: int
    sampled: int
    capped: int


@dataclass(frozen=True, slots=True)
class FoundReuse:
    """The fields of `Reuse` that took long to find; its postings follow from them."""

    alignments: Alignments
    classes: "NDArray[np.int8]"
    common: Common
    candidates: int
    sampled: int
    capped: int

    @classmethod
    def of(cls, reuse: Reuse) -> "FoundReuse":
        """Return reuse without its postings."""
        return cls(**{field.name: getattr(reuse, field.name) for field in fields(cls)})

    def reuse(self, corpus: Corpus, occurrences: Occurrences) -> Reuse:
        """Return reuse with the postings of its corpus again."""
        clear = _clear(corpus, occurrences, self.common).without_places()
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return Reuse(postings=clear, **found)


def find_reuse(corpus: Corpus, postings: Postings, config: Config) -> Reuse:
    """Return the shared passages of a corpus, pair by pair.

    Boilerplate is learned first, and then equals nothing.
    """
    common = learn_common(corpus, postings, config)
    return find_passages_beside(corpus, postings.occurrences, common, config)


def learn_common(corpus: Corpus, postings: Postings, config: Config) -> Common:
    """Return the boilerplate of a corpus, told by kinship over all shingles."""
    compiled = corpus.compile_kernels
    return find_common(
        corpus.table,
        corpus.texts,
        corpus.sources,
        postings,
        find_kinship(postings, corpus.sources, compile_kernels=compiled),
        documents=config.boilerplate_documents,
        of_source=config.boilerplate_of_source,
        compile_kernels=compiled,
    )


def find_passages_beside(
    corpus: Corpus, occurrences: Occurrences, common: Common, config: Config
) -> Reuse:
    """Return the shared passages of a corpus whose boilerplate is known."""
    table, compiled = corpus.table, corpus.compile_kernels
    clear = _clear(corpus, occurrences, common)
    pairs = count_shared(clear, least=_SHARED, share=0.0, compile_kernels=compiled)
    clear = clear.without_places()
    alignments, capped = align(
        table,
        corpus.texts,
        pairs.a,
        pairs.b,
        common.boilerplate,
        min_tokens=config.min_tokens,
        min_run=config.min_run,
        compile_kernels=compiled,
        workers=corpus.workers,
    )
    classes = classify_alignments(table, corpus.texts, alignments, common.widely_shared)
    classes = tell_excerpts(alignments, classes, compile_kernels=compiled)
    sampled = int((clear.carriers > CARRIERS).sum())
    return Reuse(alignments, classes, common, clear, len(pairs), sampled, capped)


def _clear(corpus: Corpus, occurrences: Occurrences, common: Common) -> Postings:
    """Return the postings that touch no boilerplate."""
    return post(
        corpus.table, occurrences, common.boilerplate, compile_kernels=corpus.compile_kernels
    )
