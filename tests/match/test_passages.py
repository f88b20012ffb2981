"""Passages: one wording, all its carriers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.config import Config
from provenance.match.passages import SHOWN, _nodes, find_passages
from provenance.match.postings import build_postings
from provenance.match.search import find_reuse
from provenance.model import Document, MatchClass
from provenance.text.tokens import tokenize

spans = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 30), st.integers(1, 20)), max_size=30)


def nodes_plainly(rows, overlap=0.6, look_back=8):
    """Return the nodes of spans, taken by text and start, the longest first, and each span's."""
    nodes = []
    node_of = {}
    for text, start, end in sorted(set(rows), key=lambda row: (row[0], row[1], -row[2])):
        near = [at for at in range(len(nodes))[::-1][:look_back] if nodes[at][0] == text]
        for at in near:
            _, first, last = nodes[at]
            if min(last, end) - max(first, start) >= overlap * max(last - first, end - start):
                nodes[at] = (text, first, max(last, end))
                node_of[text, start, end] = at
                break
        else:
            node_of[text, start, end] = len(nodes)
            nodes.append((text, start, end))
    return nodes, [node_of[row] for row in rows]


@pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "plain"])
@given(rows=spans)
def test_spans_that_overlap_by_most_of_the_longer_are_one_node(compiled, rows):
    """Each span belongs to the last node of its text that it overlaps so much, or to a new one."""
    rows = [(text, start, start + size) for text, start, size in rows]
    columns = np.array(rows, np.int32).reshape(-1, 3).T
    found, node_of = _nodes(*columns, compile_kernels=compiled)
    assert ([tuple(node) for node in found.T.tolist()], node_of.tolist()) == nodes_plainly(rows)


def passages_of(corpus):
    """Return the passages of a corpus."""
    config = Config()
    reuse = find_reuse(corpus, build_postings(corpus.table), config)
    return find_passages(corpus, reuse, config.min_tokens)


def wording(corpus, span):
    """Return the folded tokens under a span."""
    text = {d.id: d.text for d in corpus.documents}[span.document]
    return [token.folded for token in tokenize(text[span.start : span.end])]


def test_one_wording_is_one_passage_with_every_carrier(corpus_of, story, filler):
    """A paragraph in four texts is one passage of four spans, and each carries the wording."""
    corpus = corpus_of(*(f"{filler(i, 40)}\n\n{story[1]}\n\n{filler(-i, 40)}" for i in range(1, 5)))
    (passage,) = passages_of(corpus)
    assert [span.document for span in passage.spans] == ["d0", "d1", "d2", "d3"]
    expected = [token.folded for token in tokenize(story[1])]
    assert all(wording(corpus, span) == expected for span in passage.spans)
    assert (passage.documents, passage.tokens) == (4, len(expected))
    assert passage.passage_class is MatchClass.REUSE


def test_two_wordings_are_two_passages(corpus_of, story, filler):
    """Paragraphs that different texts share are passages of their own."""
    corpus = corpus_of(
        f"{story[0]}\n\n{filler(1, 40)}\n\n{story[2]}",
        f"{filler(2, 40)}\n\n{story[0]}",
        f"{story[2]}\n\n{filler(3, 40)}",
    )
    found = {tuple(s.document for s in p.spans): p for p in passages_of(corpus)}
    assert set(found) == {("d0", "d1"), ("d0", "d2")}
    assert found["d0", "d1"].text == story[0].rstrip(".")[:SHOWN]


def test_wordings_that_overlap_stay_apart(corpus_of, story):
    """Spans that overlap by less than most of the longer one are different wordings."""
    corpus = corpus_of(
        f"{story[0]} {story[1]} {story[2]}", f"{story[0]} {story[1]}", f"{story[1]} {story[2]}"
    )
    found = [[span.document for span in passage.spans] for passage in passages_of(corpus)]
    assert sorted(found) == [["d0", "d1"], ["d0", "d2"], ["d1", "d2"]]


def test_sources_are_counted_once(corpus_of, story, filler):
    """A passage counts the known sources of its documents, each once."""
    sources = ["Gazette", "Gazette", "Courier", None]
    corpus = corpus_of(
        *(
            Document(f"d{i}", f"{filler(i, 40)}\n\n{story[1]}", source=source)
            for i, source in enumerate(sources)
        )
    )
    (passage,) = passages_of(corpus)
    assert (passage.documents, passage.sources) == (4, 2)


def test_identical_documents_are_one_passage(corpus_of, filler):
    """Documents of the same tokens are one passage where these are enough for a passage."""
    words = filler(1, 12)
    corpus = corpus_of(f"{words}.", f"  {words.upper()}", f"{filler(2, 11)}.", filler(2, 11))
    (passage,) = passages_of(corpus)
    end = len(words)
    spans = [(s.document, s.start, s.end) for s in passage.spans]
    assert spans == [("d0", 0, end), ("d1", 2, end + 2)]
    assert passage.text in (words, words.upper())


def test_boilerplate_is_a_passage_of_its_own_class(corpus_of, filler):
    """A line that one source puts under all its unrelated texts is boilerplate, with all spans."""
    line = (
        "The Vale Herald is set in lead by six patient people in the old mill by the river and is"
        " carried to your door before the milk"
    )
    corpus = corpus_of(
        *(Document(f"d{i}", f"{filler(i, 120)}\n\n{line}", source="Vale Herald") for i in range(8))
    )
    (passage,) = passages_of(corpus)
    assert passage.passage_class is MatchClass.BOILERPLATE
    assert (passage.documents, passage.sources) == (8, 1)
    expected = [token.folded for token in tokenize(line)]
    assert all(wording(corpus, span) == expected for span in passage.spans)


def test_a_long_wording_is_shown_from_its_beginning(corpus_of, story):
    """A passage shows the first two hundred characters of its longest span."""
    whole = "\n\n".join(story)
    (passage,) = passages_of(corpus_of(whole, f"Pellan. {whole}"))
    assert passage.text == whole[:SHOWN]


def test_ids_are_unique_and_passages_sorted(corpus_of, story, filler):
    """Passages are sorted by ids that no two of them share."""
    texts = [f"{story[i]}\n\n{filler(i, 40)}\n\n{story[(i + 1) % 4]}" for i in range(4)]
    ids = [passage.id for passage in passages_of(corpus_of(*texts))]
    assert ids == sorted(set(ids))
    assert len(ids) >= 4
