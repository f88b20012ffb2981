"""The stages in order: from documents to the whole result of an audit."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from provenance.compiled import can_compile, processors
from provenance.config import Config
from provenance.errors import InputError
from provenance.filed_texts import Filing, text_length
from provenance.model import (
    Cluster,
    Cue,
    Document,
    DocumentReport,
    Lineage,
    Match,
    Pair,
    Passage,
    Skipped,
)
from provenance.readers import Note, Reading, gather_notes
from provenance.stages import Stages

if TYPE_CHECKING:
    from provenance.match.boilerplate import Common
    from provenance.match.collapse import Corpus
    from provenance.match.pairs import VerifiedPairs
    from provenance.match.postings import Occurrences, Postings
    from provenance.match.search import Reuse
    from provenance.storage import Storage

MIN_TOKENS_OF_A_PAIR = 15
COMPILING = "compiling, once"
COMPILE_FROM = 400_000  # characters from which compiled kernels earn their start-up
_TINY = 1 << 30

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Audit:
    """The whole result of one scan.

    Documents and clusters are sorted by id, pairs and matches by the ids of both documents.
    `counts` has everything that was counted, sampled, capped or left out.
    """

    documents: Sequence[DocumentReport]
    pairs: Sequence[Pair]
    matches: Sequence[Match]
    passages: Sequence[Passage]
    clusters: tuple[Cluster, ...]
    lineage: Lineage
    counts: Mapping[str, int]
    skipped: tuple[Skipped, ...]
    notes: "tuple[Note, ...]"
    config: Config


@dataclass(frozen=True, slots=True)
class _Traced:
    """What the stage of lineage finds."""

    lineage: Lineage
    cues: tuple[tuple[Cue, ...], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two documents have in common."""

    pair: Pair
    matches: tuple[Match, ...]


def scan(  # noqa: PLR0913 - all but the first are optional and have names
    documents: "Iterable[Document | Skipped | Note]",
    config: Config | None = None,
    *,
    progress: Progress | None = None,
    compile_kernels: bool | None = None,
    keep_texts: bool = True,
    workers: int | None = None,
    stages: Stages | None = None,
    storage: "Storage | None" = None,
) -> Audit:
    """Return the audit of the documents; it does not depend on their order.

    `documents` may hold what `read` yields beside documents: skipped input and notes. `progress`
    is called with a stage, the stages done, and the number of stages. `compile_kernels` forces
    the compiled or the plain path; both give the same result, and so does any number of `workers`
    (threads that run kernels, by default one for each processor that may be used). Without
    passages, and where texts need not be kept (the documents of the audit then say what the
    result folder says), files are read in bulk. `stages` keeps what is finished, and what it has
    of an earlier scan of the same documents is not done again. `storage` bounds the memory; what
    does not fit goes to temporary files.

    Raises `InputError` where two documents have one id, `StorageError` where a temporary file
    cannot be written.
    """
    from provenance.storage import Storage

    config, storage, workers = config or Config(), storage or Storage(), workers or processors()
    tell = progress or (lambda _stage, _done, _of: None)
    tell("read", 0, 5)
    bulky = not keep_texts and not config.passages and compile_kernels is not False
    if bulky and isinstance(documents, Reading) and can_compile():
        always = compile_kernels is True
        found = _scan_in_bulk(documents, config, workers, storage, tell, always=always)
        if found is not None:
            if stages:
                stages.forget()
            tell("done", 5, 5)
            return found
    kept, skipped, notes = _sort_out(documents, storage)
    from provenance.match.clusters import find_clusters
    from provenance.match.passages import find_passages
    from provenance.match.results import document_matches, document_pairs
    from provenance.reports import report_documents

    if compile_kernels is None:
        compile_kernels = can_compile() and sum(map(text_length, kept)) >= COMPILE_FROM
    if stages:
        stages.begin(kept, config)
    corpus = _tokens(kept, workers, storage, tell, compile_kernels=compile_kernels)
    verified, reuse = _compare_all(corpus, config, stages, storage, tell)
    pairs = document_pairs(corpus, verified)
    clusters = find_clusters(corpus, verified, config)
    counts = {
        "documents": len(kept),
        "distinct_texts": len(corpus.members),
        "tokens": int(corpus.tokens.counts.sum()),
        "characters": sum(map(text_length, kept)),
        "skipped": len(skipped),
        "pairs": len(pairs),
        "clusters": len(clusters),
        "sampled_buckets": verified.sampled_buckets,
    }
    matches: Sequence[Match] = ()
    passages: Sequence[Passage] = ()
    cues: Sequence[tuple[Cue, ...]] = [()] * len(kept)
    lineage = Lineage((), ())
    if reuse is not None:
        storage.release()
        matches = document_matches(corpus, reuse, config.min_tokens)
        passages = find_passages(corpus, reuse, config.min_tokens)
        tell("lineage", 4, 5)
        storage.release()
        traced = _traced(corpus, reuse, config, stages)
        lineage, cues = traced.lineage, traced.cues
        counts |= {
            "candidates": reuse.candidates,
            "matches": len(matches),
            "passages": len(passages),
            "derivations": len(lineage.derivations),
            "hidden_sources": len(lineage.hidden_sources),
            "sampled_shingles": reuse.sampled,
            "capped_pairs": reuse.capped,
        }
    reports = report_documents(corpus, pairs, clusters, lineage, cues, config)
    tell("done", 5, 5)
    return Audit(
        reports,
        pairs,
        matches,
        passages,
        clusters,
        lineage,
        counts,
        tuple(sorted(skipped, key=lambda s: (s.place, s.reason))),
        gather_notes(notes),
        config,
    )


def _tokens(
    documents: Sequence[Document],
    workers: int,
    storage: "Storage",
    tell: Progress,
    *,
    compile_kernels: bool,
) -> "Corpus":
    from provenance.match.collapse import collapse

    if compile_kernels:
        _warm_up(workers, tell, in_bulk=False)
    tell("tokens", 1, 5)
    return collapse(documents, compile_kernels=compile_kernels, storage=storage, workers=workers)


def _warm_up(workers: int, tell: Progress, *, in_bulk: bool) -> None:
    from provenance.warm_up import IN_BULK, OF_AN_AUDIT, make_missing

    make_missing(IN_BULK if in_bulk else OF_AN_AUDIT, workers, lambda: tell(COMPILING, 0, 5))


def _compare_all(
    corpus: "Corpus",
    config: Config,
    stages: Stages | None,
    storage: "Storage",
    tell: Progress,
) -> "tuple[VerifiedPairs, Reuse | None]":
    """Return near-duplicates and, if they are asked for, passages; postings end with their use."""
    from provenance.match.postings import build_postings
    from provenance.match.search import FoundReuse, learn_common

    postings = build_postings(corpus.table, compile_kernels=corpus.compile_kernels)
    tell("near-duplicates", 2, 5)
    storage.release()
    verified = _near_duplicates(corpus, postings, config, stages)
    if not config.passages:
        return verified, None
    tell("passages", 3, 5)
    known = stages.recall("passages", FoundReuse) if stages else None
    common = known.common if known else learn_common(corpus, postings, config)
    occurrences = postings.occurrences
    del postings
    storage.release()
    if known:
        return verified, known.reuse(corpus, occurrences)
    return verified, _reuse(corpus, occurrences, common, config, stages)


def _near_duplicates(
    corpus: "Corpus", postings: "Postings", config: Config, stages: Stages | None
) -> "VerifiedPairs":
    from provenance.match.pairs import SLACK, VerifiedPairs, find_near_duplicates, likely_share
    from provenance.match.postings import count_shared

    found = stages.recall("near-duplicates", VerifiedPairs) if stages else None
    if found is None:
        share, compiled = SLACK * likely_share(config), corpus.compile_kernels
        others = count_shared(postings, least=_TINY, share=share, compile_kernels=compiled)
        found = find_near_duplicates(corpus.table, config, others, compile_kernels=compiled)
        if stages:
            stages.keep("near-duplicates", found)
    return found


def _reuse(
    corpus: "Corpus",
    occurrences: "Occurrences",
    common: "Common",
    config: Config,
    stages: Stages | None,
) -> "Reuse":
    from provenance.match.search import FoundReuse, find_passages_beside

    reuse = find_passages_beside(corpus, occurrences, common, config)
    if stages:
        stages.keep("passages", FoundReuse.of(reuse))
    return reuse


def _traced(corpus: "Corpus", reuse: "Reuse", config: Config, stages: Stages | None) -> _Traced:
    from provenance.lineage.cues import read_all_cues
    from provenance.lineage.graph import trace_lineage

    found = stages.recall("lineage", _Traced) if stages else None
    if found is None:
        cues = read_all_cues(
            corpus.documents, compile_kernels=corpus.compile_kernels, workers=corpus.workers
        )
        found = _Traced(trace_lineage(corpus, reuse, cues, config), tuple(cues))
        if stages:
            stages.keep("lineage", found)
    return found


def _scan_in_bulk(
    reading: Reading,
    config: Config,
    workers: int,
    storage: "Storage",
    tell: Progress,
    *,
    always: bool,
) -> Audit | None:
    """Return the audit of files without documents; None where they have to be read one by one."""
    size = reading.size()
    if not size or (size < COMPILE_FROM and not always):
        return None
    from provenance.bulk import find, gather
    from provenance.readers.bulk import NotInBulkError

    _warm_up(workers, tell, in_bulk=True)
    try:
        gathered = gather(reading.bulk(), config, size, workers, storage)
        found = find(gathered, config, storage)
    except NotInBulkError:
        return None
    if found is None:
        return None
    return Audit(
        found.documents,
        found.pairs,
        (),
        (),
        found.clusters,
        Lineage((), ()),
        found.counts,
        tuple(sorted(found.skipped, key=lambda s: (s.place, s.reason))),
        gather_notes(found.notes),
        config,
    )


def _sort_out(
    items: "Iterable[Document | Skipped | Note]",
    storage: "Storage | None" = None,
) -> "tuple[list[Document], list[Skipped], list[Note]]":
    filing = Filing(storage)
    documents = filing.documents
    skipped: list[Skipped] = []
    notes: list[Note] = []
    for item in items:
        if isinstance(item, Document):
            if item.id in documents:
                message = f"two documents have the id {item.id!r}; ids must be unique in a scan"
                raise InputError(message)
            filing.add(item)
        elif isinstance(item, Skipped):
            skipped.append(item)
        else:
            notes.append(item)
    return [documents[name] for name in sorted(documents)], skipped, notes


def compare(a: Document, b: Document, config: Config | None = None) -> Comparison:
    """Return the passages that two documents share, and how alike they are as a whole.

    Nothing can be learned of boilerplate from two texts, so without a config a passage needs 15
    equal tokens, three more than in a scan.

    Raises `InputError` where both have one id.
    """
    import numpy as np

    from provenance.match.alignment import align
    from provenance.match.boilerplate import Common, furniture_tokens
    from provenance.match.classes import classify_alignments
    from provenance.match.collapse import collapse
    from provenance.match.pairs import compare_texts
    from provenance.match.postings import build_postings
    from provenance.match.results import document_matches, document_pairs
    from provenance.match.search import Reuse

    config = config or Config(min_tokens=MIN_TOKENS_OF_A_PAIR)
    kept, _, _ = _sort_out([a, b])
    compiled = can_compile() and len(a.text) + len(b.text) >= COMPILE_FROM
    corpus = collapse(kept, compile_kernels=compiled)
    table = corpus.table
    marked = furniture_tokens(table, corpus.texts, compile_kernels=compiled)
    first, second = np.array([0], np.int32), np.array([1], np.int32)
    if len(corpus.members) < 2:
        first = second = np.empty(0, np.int32)
    rows, capped = align(
        table,
        corpus.texts,
        first,
        second,
        marked,
        min_tokens=config.min_tokens,
        min_run=config.min_run,
        compile_kernels=compiled,
    )
    classes = classify_alignments(table, corpus.texts, rows, np.zeros_like(marked))
    common = Common(marked, np.zeros_like(marked))
    reuse = Reuse(
        rows, classes, common, build_postings(table, marked, compile_kernels=compiled), 1, 0, capped
    )
    pairs = document_pairs(
        corpus, compare_texts(table, config, first, second, compile_kernels=compiled)
    )
    nothing = Pair(kept[0].id, kept[1].id, 0.0, 0.0, 0.0)
    return Comparison(
        pairs[0] if len(pairs) else nothing,
        tuple(document_matches(corpus, reuse, config.min_tokens)),
    )
