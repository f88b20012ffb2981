"""From a corpus to classified alignments."""

import pytest

from provenance.config import Config
from provenance.match.classes import CLASSES
from provenance.match.postings import CARRIERS, build_postings
from provenance.match.search import find_reuse
from provenance.model import Document, MatchClass

LINE = (
    "The Vale Herald is set in lead by six patient people in the old mill by the river and is"
    " carried to your door before the milk"
)


def reuse_of(corpus, **settings):
    """Return what the texts of a corpus share."""
    return find_reuse(corpus, build_postings(corpus.table), Config(**settings))


def shared(corpus, reuse):
    """Return each aligned wording with the documents that share it and its class."""
    rows = reuse.alignments
    found = []
    for i, kind in enumerate(reuse.classes.tolist()):
        text = corpus.texts[rows.a[i]][rows.a_low[i] : rows.a_high[i]]
        ends = sorted(corpus.documents[corpus.members[t][0]].id for t in (rows.a[i], rows.b[i]))
        found.append((*ends, text, CLASSES[kind]))
    return sorted(found)


@pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "plain"])
def test_every_pair_that_shares_a_passage_is_found(corpus_of, story, filler, compiled):
    """A paragraph in three texts is aligned in each pair of them, and with no other text."""
    texts = [f"{filler(i, 12)}\n\n{story[1]}\n\n{filler(-i, 12)}" for i in range(1, 4)]
    corpus = corpus_of(*texts, filler(9, 60), compile_kernels=compiled)
    reuse = reuse_of(corpus)
    text = story[1].rstrip(".")
    ends = [("d0", "d1"), ("d0", "d2"), ("d1", "d2")]
    assert shared(corpus, reuse) == [(*pair, text, MatchClass.REUSE) for pair in ends]
    assert (reuse.candidates, reuse.sampled, reuse.capped) == (3, 0, 0)


def test_boilerplate_equals_nothing(corpus_of, story, filler):
    """A line under all texts of one source joins none of them, and no posting holds it."""
    texts = [f"{filler(i, 120)}\n\n{LINE}" for i in range(6)]
    copy = f"{story[0]} {story[1]}\n\n{LINE}"
    documents = [
        Document(f"d{i}", text, source="Vale Herald")
        for i, text in enumerate([*texts, copy, f"{filler(9, 30)}\n\n{copy}"])
    ]
    corpus = corpus_of(*documents)
    reuse = reuse_of(corpus)
    ((a, b, text, kind),) = shared(corpus, reuse)
    assert (a, b, kind) == ("d6", "d7", MatchClass.REUSE)
    assert text == f"{story[0]} {story[1]}".rstrip(".")
    assert reuse.common.boilerplate.sum() == len(documents) * len(LINE.split())
    assert reuse.postings.carriers.max() == 2
    assert reuse.candidates == 1


def test_prose_of_unrelated_texts_is_widely_shared(corpus_of, filler):
    """What three unrelated texts of several sources share is told from reuse."""
    prose = filler("prose", 20)
    texts = [f"{filler(i, 150)}\n\n{prose}\n\n{filler(-i, 150)}" for i in range(1, 5)]
    few, many = corpus_of(*texts[:2]), corpus_of(*texts)
    assert {row[3] for row in shared(few, reuse_of(few))} == {MatchClass.REUSE}
    found = shared(many, reuse_of(many))
    assert len(found) == 6
    assert {row[3] for row in found} == {MatchClass.WIDELY_SHARED}


def test_the_limits_of_a_passage_are_obeyed(corpus_of, story, filler):
    """A wording of fourteen words is found up to the limit of as many."""
    wording = " ".join(story[0].split()[:14])
    corpus = corpus_of(f"{filler(1, 60)} {wording}", f"{wording} {filler(2, 60)}")
    assert len(reuse_of(corpus, min_tokens=14).alignments) == 1
    assert len(reuse_of(corpus, min_tokens=15).alignments) == 0
    assert len(reuse_of(corpus, min_run=15).alignments) == 0


def test_what_very_many_texts_share_is_sampled_and_counted(corpus_of, filler):
    """Shingles with more carriers than the limit are compared with some, and that is counted."""
    wording = filler("shared", 30)
    corpus = corpus_of(*(f"{filler(i, 6)} {wording}" for i in range(CARRIERS + 2)))
    reuse = reuse_of(corpus, boilerplate_documents=1_000_000)
    assert reuse.sampled > 0
    assert 0 < reuse.candidates < len(corpus.members) * 20


def test_no_texts_share_nothing(corpus_of):
    """A corpus without texts, or of one, has no alignments."""
    for corpus in (corpus_of(), corpus_of(""), corpus_of("Gulls cried.")):
        reuse = reuse_of(corpus)
        assert (len(reuse.alignments), len(reuse.classes), reuse.candidates) == (0, 0, 0)
