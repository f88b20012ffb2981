"""Documents of the same folded tokens are one text."""

import random

import pytest

from provenance.match.collapse import collapse, precedence
from provenance.model import Document
from provenance.text.tokens import tokenize
from provenance.timestamps import parse


def test_documents_of_equal_tokens_are_one_text(corpus_of):
    """Case, spaces and punctuation make no text of their own; no tokens, no text."""
    corpus = corpus_of("Gulls cried.", "gulls, CRIED", "Gulls slept.", "", " ... ")
    assert sorted(map(sorted, corpus.members)) == [[0, 1], [2]]
    assert corpus.text_of[0] == corpus.text_of[1] != corpus.text_of[2]
    assert corpus.text_of[3:].tolist() == [-1, -1]


@pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "plain"])
def test_texts_do_not_depend_on_ids(compiled):
    """Texts are ordered by their tokens, so other ids or another order change nothing."""
    texts = ["gulls cried", "gulls slept", "boats came home", "the lamp burned", "gulls cried"]
    orders = []
    for seed in range(3):
        shuffled = random.Random(seed).sample(texts, len(texts))
        documents = [Document(f"{i}", text) for i, text in enumerate(shuffled)]
        corpus = collapse(documents, compile_kernels=compiled)
        orders.append(list(corpus.texts))
        for text, group in enumerate(corpus.members):
            assert {documents[i].text for i in group} == {corpus.texts[text]}
            hashes = corpus.table.vocabulary[corpus.table.ids[corpus.table.slice(text)]]
            assert hashes.tolist() == [token.hash for token in tokenize(corpus.texts[text])]
            for document in group:
                found = list(tokenize(documents[document].text))
                first, count = corpus.tokens.firsts[document], corpus.tokens.counts[document]
                assert corpus.tokens.starts[first : first + count].tolist() == [
                    token.start for token in found
                ]
                assert corpus.tokens.ends[first : first + count].tolist() == [
                    token.end for token in found
                ]
    assert orders[0] == orders[1] == orders[2]


def test_the_bearer_is_the_earliest_then_the_longest():
    """A text is borne by its earliest document, of these by the longest, then by content."""
    documents = [
        Document("a", "gulls cried"),
        Document("b", "Gulls cried!!", published=parse("2031-05-02")),
        Document("c", "gulls cried", published=parse("2031-05-01")),
        Document("d", "Gulls   cried", published=parse("2031-05-01")),
    ]
    corpus = collapse(documents, compile_kernels=False)
    assert [corpus.documents[i].id for i in corpus.members[0]] == ["d", "c", "b", "a"]
    assert precedence(documents[2]) < precedence(documents[1]) < precedence(documents[0])


def test_a_text_has_a_source_where_its_documents_have_one():
    """A text of several sources, or of an unknown one, has none."""
    documents = [
        Document("a", "gulls cried", source="Gazette"),
        Document("b", "gulls slept", source="Gazette"),
        Document("c", "gulls cried", source="Courier"),
        Document("d", "boats came home"),
        Document("e", "gulls slept", source="Gazette"),
        Document("f", "the lamp burned", source="Courier"),
    ]
    corpus = collapse(documents, compile_kernels=False)
    source = {i: int(corpus.sources[corpus.text_of[i]]) for i in range(6)}
    assert source[0] == source[2] == source[3] == -1
    assert source[1] == source[4] >= 0
    assert source[5] >= 0
    assert source[5] != source[1]
