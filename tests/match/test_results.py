"""Matches and pairs of documents: sequences whose rows are made when they are looked at."""

import numpy as np
import pytest

from provenance.config import Config
from provenance.match import results
from provenance.match.pairs import compare_texts
from provenance.match.postings import build_postings
from provenance.match.results import document_matches, document_pairs
from provenance.match.search import find_reuse
from provenance.model import MatchClass, MatchKind, Pair


def matches_of(corpus):
    """Return the matches of a corpus."""
    config = Config()
    reuse = find_reuse(corpus, build_postings(corpus.table), config)
    return document_matches(corpus, reuse, config.min_tokens)


def pairs_of(corpus):
    """Return the pairs of documents whose texts share a shingle."""
    every = np.triu_indices(len(corpus.members), 1)
    a, b = (column.astype(np.int32) for column in every)
    exact = compare_texts(corpus.table, Config(), a, b, compile_kernels=False)
    return document_pairs(corpus, exact)


@pytest.fixture
def corpus(corpus_of, story, filler):
    """Two texts of one story, of which one is borne by three documents, and a stranger."""
    whole = "\n\n".join(story)
    lead = f"{filler(1, 30)}\n\n{story[0]} {story[1]}"
    return corpus_of(lead, whole, filler(2, 60), whole.upper(), whole.replace(" ", "  "), "")


def test_tables_behave_as_sequences(corpus):
    """Length, items, slices and iteration of both tables agree."""
    for table in (matches_of(corpus), pairs_of(corpus)):
        rows = list(table)
        assert len(rows) == len(table) > 3
        assert [table[i] for i in range(len(table))] == rows
        assert table[1:-1] == rows[1:-1]
        assert table[-1] == rows[-1]


def test_rows_are_sorted_and_named_once(corpus):
    """The first document's id is lower, rows rise, and no pair of spans stands twice."""
    pairs = [(p.a, p.b) for p in pairs_of(corpus)]
    assert pairs == sorted(set(pairs))
    assert all(a < b for a, b in pairs)
    spans = [
        (m.a.document, m.b.document, m.a.start, m.b.start, m.a.end, m.b.end)
        for m in matches_of(corpus)
    ]
    assert spans == sorted(set(spans))
    assert all(row[0] < row[1] for row in spans)


def test_documents_of_one_text_match_from_end_to_end(corpus):
    """Documents of equal tokens match wholly and exactly, each in its own offsets."""
    text = {d.id: d.text for d in corpus.documents}
    found = [m for m in matches_of(corpus) if {m.a.document, m.b.document} <= {"d1", "d3", "d4"}]
    assert len(found) == 3
    for match in found:
        assert (match.kind, match.match_class) == (MatchKind.EXACT, MatchClass.REUSE)
        assert (match.similarity, match.a_containment, match.b_containment) == (1.0, 1.0, 1.0)
        for span in (match.a, match.b):
            assert text[span.document][span.start : span.end] == text[span.document].rstrip(".")
    same = [p for p in pairs_of(corpus) if {p.a, p.b} <= {"d1", "d3", "d4"}]
    assert same == [
        Pair(a, b, 1.0, 1.0, 1.0) for a, b in [("d1", "d3"), ("d1", "d4"), ("d3", "d4")]
    ]


@pytest.mark.parametrize(("words", "matches"), [(12, 1), (11, 0)])
def test_short_texts_match_as_a_whole_from_the_limit(corpus_of, filler, words, matches):
    """Documents of equal tokens are a pair however short, and a match from `min_tokens` on."""
    text = filler(1, words)
    corpus = corpus_of(text, text.upper())
    assert len(matches_of(corpus)) == matches
    assert list(pairs_of(corpus)) == [Pair("d0", "d1", 1.0, 1.0, 1.0)]


def test_two_characters_weigh_as_one_word(corpus_of):
    """In scripts without spaces twice as many characters as words make a text long enough."""
    sentence = "旧灯塔的看守人提着风灯一直摇到天亮才肯回家吃一碗热汤"
    assert len(sentence) == 26
    assert len(matches_of(corpus_of(sentence, f"{sentence}。"))) == 1
    assert len(matches_of(corpus_of(sentence[:22], f"{sentence[:22]}。"))) == 0


def test_every_document_of_a_text_has_its_matches(corpus, story):
    """A match of texts is a match of each of their documents, with its own words under it."""
    text = {d.id: d.text for d in corpus.documents}
    found = {m.b.document: m for m in matches_of(corpus) if m.a.document == "d0"}
    assert set(found) == {"d1", "d3", "d4"}
    shared = f"{story[0]} {story[1]}".rstrip(".").lower().split()
    for match in found.values():
        assert text["d0"][match.a.start : match.a.end].lower().split() == shared
        own = text[match.b.document][match.b.start : match.b.end]
        assert own.lower().split() == shared
        assert match.tokens == len(shared)
        assert match.b_containment < 1.0


def test_sides_keep_their_values_whichever_text_comes_first(corpus):
    """Containments belong to the document they are named for."""
    tokens = dict(zip([d.id for d in corpus.documents], corpus.tokens.counts.tolist(), strict=True))
    for match in matches_of(corpus):
        longest = max(match.a_containment * tokens[match.a.document], match.tokens)
        assert match.a_containment <= 1.0
        assert match.b_containment <= 1.0
        assert longest >= match.tokens > 0
        assert match.similarity * longest == pytest.approx(match.tokens, rel=0.2)
    for pair in pairs_of(corpus):
        if pair.jaccard and tokens[pair.a] > tokens[pair.b]:
            assert pair.a_containment <= pair.b_containment


@pytest.mark.parametrize("swapped", [False, True])
def test_containment_follows_the_names(corpus_of, story, swapped):
    """The short text is contained in the long one, whichever has the lower id."""
    long, short = " ".join(story), f"{story[0]} {story[1]}"
    corpus = corpus_of(*((short, long) if swapped else (long, short)))
    (pair,) = pairs_of(corpus)
    (match,) = matches_of(corpus)
    for row in (pair, match):
        shares = [row.a_containment, row.b_containment]
        assert (shares[0] if swapped else shares[1]) == 1.0
        assert (shares[1] if swapped else shares[0]) < 0.6


def test_many_copies_are_paired_with_the_bearer_only(corpus_of, story, monkeypatch):
    """Above the limit of documents, copies are listed with the bearer and not with each other."""
    monkeypatch.setattr(results, "ALL_PAIRS", 4)
    whole, cut = "\n\n".join(story), story[0]
    corpus = corpus_of(*[whole + "!" * i for i in range(6)], cut)
    (bearer,) = {group[0] for group in corpus.members if len(group) == 6}
    names = [f"d{i}" for i in range(6)]
    leader = names[bearer]
    expected = {tuple(sorted((leader, name))) for name in names if name != leader}
    expected |= {(name, "d6") for name in names}
    assert {(m.a.document, m.b.document) for m in matches_of(corpus)} == expected
    assert {(p.a, p.b) for p in pairs_of(corpus)} == expected


def test_nothing_shared_is_an_empty_table(corpus_of):
    """A corpus without documents, or without shared text, has tables without rows."""
    for corpus in (
        corpus_of(),
        corpus_of("", ""),
        corpus_of("Gulls cried."),
        corpus_of("one", "two"),
    ):
        assert list(matches_of(corpus)) == []
        assert [p for p in pairs_of(corpus) if p.jaccard > 0] == []
