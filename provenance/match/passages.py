"""Passages: one wording with all the spans that carry it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from provenance.fingerprint.shingles import shingle_hash
from provenance.match.classes import CLASSES
from provenance.match.clusters import content_id
from provenance.match.collapse import Corpus
from provenance.match.joining import join
from provenance.match.results import long_texts
from provenance.match.search import Reuse
from provenance.model import MatchClass, Passage, Span

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHOWN = 200  # characters of a passage's text that are kept with it
_OVERLAP = 0.6
_LOOK_BACK = 8


@dataclass(slots=True)
class _Node:
    """Spans of one text that overlap so much that they are one wording; tokens of the text."""

    text: int
    start: int
    end: int


def find_passages(corpus: Corpus, reuse: Reuse, min_tokens: int) -> tuple[Passage, ...]:
    """Return the passages, sorted by id: wordings that alignments join, and boilerplate lines."""
    found = [*_reused(corpus, reuse, min_tokens), *_boilerplate(corpus, reuse.common.boilerplate)]
    return tuple(sorted(found, key=lambda passage: passage.id))


def _reused(corpus: Corpus, reuse: Reuse, min_tokens: int) -> Iterator[Passage]:
    rows = reuse.alignments
    nodes, node_of = _nodes(
        np.concatenate([rows.a, rows.b]),
        np.concatenate([rows.a_start, rows.b_start]),
        np.concatenate([rows.a_end, rows.b_end]),
    )
    size, count = len(rows), max(len(nodes), 1)
    joined = np.unique(node_of[:size] * count + node_of[size:])
    wording = join(
        len(nodes), zip((joined // count).tolist(), (joined % count).tolist(), strict=True)
    )
    # the equal tokens of each class, a wording each
    of_row = np.array(wording, np.int64)[node_of[:size]] * len(CLASSES) + reuse.classes
    weight = np.bincount(of_row, rows.equal, minlength=len(nodes) * len(CLASSES))
    heaviest = weight.reshape(-1, len(CLASSES)).argmax(axis=1).tolist()
    groups: dict[int, list[_Node]] = {}
    for i, node in enumerate(nodes):
        groups.setdefault(wording[i], []).append(node)
    alone = {
        int(corpus.text_of[group[0]]) for group in long_texts(corpus, min_tokens) if len(group) > 1
    }
    for number, group in groups.items():
        alone.difference_update(node.text for node in group)
        yield _passage(corpus, group, CLASSES[heaviest[number]])
    lengths = np.diff(corpus.table.bounds)
    for text in sorted(alone):
        yield _passage(corpus, [_Node(text, 0, int(lengths[text]))], MatchClass.REUSE)


def _nodes(
    text: "NDArray[np.int32]", start: "NDArray[np.int32]", end: "NDArray[np.int32]"
) -> tuple[list[_Node], "NDArray[np.int64]"]:
    """Return one node for spans that overlap by most of the longer, and each span's node."""
    order = np.lexsort((-end, start, text))
    spans = np.stack([text, start, end])[:, order]
    fresh = np.ones(len(order), np.bool_)
    fresh[1:] = (spans[:, 1:] != spans[:, :-1]).any(axis=0)
    nodes: list[_Node] = []
    node_of: list[int] = []
    for own, first, last in zip(*spans[:, fresh].tolist(), strict=True):
        for at in range(len(nodes) - 1, max(-1, len(nodes) - 1 - _LOOK_BACK), -1):
            node = nodes[at]
            if node.text != own:
                continue
            overlap = min(node.end, last) - max(node.start, first)
            if overlap >= _OVERLAP * max(node.end - node.start, last - first):
                node.end = max(node.end, last)
                node_of.append(at)
                break
        else:
            node_of.append(len(nodes))
            nodes.append(_Node(own, first, last))
    every = np.empty(len(order), np.int64)
    every[order] = np.array(node_of, np.int64)[np.cumsum(fresh) - 1]
    return nodes, every


def _boilerplate(corpus: Corpus, marked: "NDArray[np.bool_]") -> Iterator[Passage]:
    """Yield the marked parts of lines, equal ones together."""
    table = corpus.table
    starts = table.breaks > 0
    starts[table.bounds[:-1][table.bounds[:-1] < len(starts)]] = True
    begins = marked.copy()
    begins[1:] &= ~marked[:-1] | starts[1:]
    first = np.flatnonzero(begins)
    stops = np.append(first, len(marked))[1:]
    text = np.searchsorted(table.bounds, first, "right") - 1
    hashes = table.vocabulary[table.ids]
    groups: dict[int, list[_Node]] = {}
    for i, begin, stop in zip(text.tolist(), first.tolist(), stops.tolist(), strict=True):
        end = begin + int(np.argmin(np.append(marked[begin:stop], False)))
        base = int(table.bounds[i])
        node = _Node(i, begin - base, end - base)
        groups.setdefault(shingle_hash(hashes[begin:end].tolist()), []).append(node)
    for group in groups.values():
        yield _passage(corpus, group, MatchClass.BOILERPLATE)


def _passage(corpus: Corpus, group: list[_Node], passage_class: MatchClass) -> Passage:
    spans = []
    documents, sources = set(), set()
    for node in group:
        for document in corpus.members[node.text]:
            base = int(corpus.tokens.firsts[document])
            spans.append(
                (
                    corpus.documents[document].id,
                    int(corpus.tokens.starts[base + node.start]),
                    int(corpus.tokens.ends[base + node.end - 1]),
                    document,
                )
            )
            documents.add(document)
            sources.add(corpus.documents[document].source)
    spans.sort()
    _, low, high, shown = min(spans, key=lambda span: (span[1] - span[2], span))
    key = content_id(
        "p", passage_class, *(f"{name}:{start}:{end}" for name, start, end, _ in spans)
    )
    return Passage(
        key,
        passage_class,
        tuple(Span(name, start, end) for name, start, end, _ in spans),
        len(documents),
        len(sources - {None}),
        max(node.end - node.start for node in group),
        corpus.documents[shown].text[low : min(high, low + SHOWN)],
    )
