"""Passages: one wording with all the spans that carry it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import xxhash

from provenance.match.candidates import distinct
from provenance.match.classes import CLASSES
from provenance.match.clusters import content_id
from provenance.match.collapse import Corpus
from provenance.match.joining import join
from provenance.match.kernels import node_kernel
from provenance.match.results import repeated_texts
from provenance.match.search import Reuse
from provenance.model import MatchClass, Passage, Span

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHOWN = 200  # characters of a passage's text that are kept with it
_OVERLAP = 0.6
_LOOK_BACK = 8


@dataclass(frozen=True, slots=True)
class _Wordings:
    """Spans of texts by the wording that they carry, numbered from 0; tokens of the text.

    `classes` has the class of each wording.
    """

    wording: "NDArray[np.int64]"
    text: "NDArray[np.int32]"
    start: "NDArray[np.int64] | NDArray[np.int32]"
    end: "NDArray[np.int64] | NDArray[np.int32]"
    classes: Sequence[MatchClass]


def find_passages(corpus: Corpus, reuse: Reuse, min_tokens: int) -> tuple[Passage, ...]:
    """Return the passages, sorted by id: wordings that alignments join, and boilerplate lines."""
    reused = _reused(corpus, reuse)
    found = [
        *_passages(corpus, reused),
        *_passages(corpus, _whole_texts(corpus, reused, min_tokens)),
        *_passages(corpus, _boilerplate(corpus, reuse.common.boilerplate)),
    ]
    return tuple(sorted(found, key=lambda passage: passage.id))


def _reused(corpus: Corpus, reuse: Reuse) -> _Wordings:
    """Return the wordings that alignments join."""
    rows = reuse.alignments
    (text, start, end), node_of = _nodes(
        np.concatenate([rows.a, rows.b]),
        np.concatenate([rows.a_start, rows.b_start]),
        np.concatenate([rows.a_end, rows.b_end]),
        compile_kernels=corpus.compile_kernels,
    )
    size, count = len(rows), max(len(text), 1)
    joined = distinct((node_of[:size] * count + node_of[size:]).astype(np.uint64)).astype(np.int64)
    pairs = zip((joined // count).tolist(), (joined % count).tolist(), strict=True)
    wording = np.array(join(len(text), pairs), np.int64)
    # the equal tokens of each class, a wording each
    of_row = wording[node_of[:size]] * len(CLASSES) + reuse.classes
    weight = np.bincount(of_row, rows.equal, minlength=len(text) * len(CLASSES))
    heaviest = weight.reshape(-1, len(CLASSES)).argmax(axis=1).tolist()
    return _Wordings(wording, text, start, end, [CLASSES[i] for i in heaviest])


def _nodes(
    text: "NDArray[np.int32]",
    start: "NDArray[np.int32]",
    end: "NDArray[np.int32]",
    *,
    compile_kernels: bool,
) -> tuple["NDArray[np.int32]", "NDArray[np.int64]"]:
    """Return one node for spans that overlap by most of the longer, and each span's node.

    A node is a text, its first token and the token behind its last.
    """
    order = np.lexsort((-end, start, text))
    spans = np.stack([text, start, end]).astype(np.int32)[:, order]
    fresh = np.ones(len(order), np.bool_)
    fresh[1:] = (spans[:, 1:] != spans[:, :-1]).any(axis=0)
    nodes = np.ascontiguousarray(spans[:, fresh])
    node_of = np.empty(nodes.shape[1], np.int64)
    run = node_kernel if compile_kernels else node_kernel.plain
    count = run(nodes, _OVERLAP, _LOOK_BACK, node_of)
    every = np.empty(len(order), np.int64)
    every[order] = node_of[np.cumsum(fresh) - 1]
    return nodes[:, :count], every


def _whole_texts(corpus: Corpus, reused: _Wordings, min_tokens: int) -> _Wordings:
    """Return the texts that several documents have and no wording is a part of."""
    groups = repeated_texts(corpus, min_tokens)
    texts = np.array([corpus.text_of[group[0]] for group in groups], np.int32)
    used = np.zeros(len(corpus.members), np.bool_)
    used[reused.text] = True
    texts = texts[~used[texts]]
    lengths = np.diff(corpus.table.bounds)[texts]
    classes = [MatchClass.REUSE] * len(texts)
    return _Wordings(np.arange(len(texts)), texts, np.zeros_like(lengths), lengths, classes)


def _boilerplate(corpus: Corpus, marked: "NDArray[np.bool_]") -> _Wordings:
    """Return the marked parts of lines, equal ones together."""
    table = corpus.table
    place = np.flatnonzero(marked)
    text = np.searchsorted(table.bounds, place, "right") - 1
    begins = (table.breaks[place] > 0) | (place == table.bounds[text])
    begins[1:] |= place[1:] != place[:-1] + 1
    begins[:1] = True
    first = np.flatnonzero(begins)
    low, high = place[first], place[np.append(first, len(place))[1:] - 1] + 1
    numbers: dict[int, int] = {}
    wording = np.array(
        [
            numbers.setdefault(xxhash.xxh3_64_intdigest(table.ids[i:j].tobytes()), len(numbers))
            for i, j in zip(low.tolist(), high.tolist(), strict=True)
        ],
        np.int64,
    )
    own = text[first]
    base = table.bounds[own]
    classes = [MatchClass.BOILERPLATE] * len(numbers)
    return _Wordings(wording, own.astype(np.int32), low - base, high - base, classes)


def _passages(corpus: Corpus, found: _Wordings) -> Iterator[Passage]:
    """Yield a passage for each wording, with the spans of all documents."""
    if not len(found.text):
        return
    sizes = np.array([len(group) for group in corpus.members])
    ends = np.cumsum(sizes)
    documents = np.fromiter(chain.from_iterable(corpus.members), np.int64, int(ends[-1]))
    times = sizes[found.text]
    node = np.repeat(np.arange(len(times)), times)
    nth = np.arange(len(node)) - np.repeat(np.cumsum(times) - times, times)
    document = documents[(ends - sizes)[found.text][node] + nth]
    first = corpus.tokens.firsts[document]
    low = corpus.tokens.starts[first + found.start[node]]
    high = corpus.tokens.ends[first + found.end[node] - 1]
    wording = found.wording[node]
    order = np.lexsort((high, low, document, wording))  # documents are sorted by id
    wording, document, low, high = wording[order], document[order], low[order], high[order]
    starts = np.flatnonzero(np.diff(wording, prepend=-1))
    tokens = np.maximum.reduceat((found.end - found.start)[node[order]], starts)
    columns = document.tolist(), low.tolist(), high.tolist()
    for begin, stop, number, most in zip(
        starts.tolist(),
        [*starts[1:].tolist(), len(order)],
        wording[starts].tolist(),
        tokens.tolist(),
        strict=True,
    ):
        rows = list(zip(*(column[begin:stop] for column in columns), strict=True))
        yield _passage(corpus, rows, found.classes[number], most)


def _passage(
    corpus: Corpus, rows: list[tuple[int, int, int]], passage_class: MatchClass, tokens: int
) -> Passage:
    """Return the passage of some spans: documents with the places of a wording, rising."""
    carriers = {row[0]: corpus.documents[row[0]] for row in rows}
    spans = tuple(Span(carriers[document].id, low, high) for document, low, high in rows)
    key = content_id("p", passage_class, *(f"{s.document}:{s.start}:{s.end}" for s in spans))
    shown, low, high = max(rows, key=lambda row: row[2] - row[1])
    return Passage(
        key,
        passage_class,
        spans,
        len(carriers),
        len({document.source for document in carriers.values()} - {None}),
        tokens,
        carriers[shown].text[low : min(high, low + SHOWN)],
    )
