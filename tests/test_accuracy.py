"""No change makes the scans of the labelled corpora worse."""

import accuracy
import pytest
import scoring
from scoring import Sides


@pytest.fixture(scope="module", params=accuracy.CORPORA)
def scan(request):
    """Return the name of a corpus and what a scan of it gives."""
    return request.param, accuracy.scanned(request.param)


def test_no_figure_falls_below_its_floor(scan):
    """Every figure that has a floor reaches it; what fails says by how much it does not."""
    corpus, scored = scan
    floors = accuracy.load_floors()[corpus]["floors"]
    assert accuracy.below(scoring.figures(scored), floors) == []


def test_every_figure_has_a_floor(scan):
    """A figure without a floor could fall unseen: `python tests/accuracy.py --update` adds it."""
    corpus, scored = scan
    floors = accuracy.load_floors()[corpus]["floors"]
    assert scoring.figures(scored).keys() == floors.keys()


@pytest.mark.parametrize("corpus", accuracy.CORPORA)
def test_floors_belong_to_these_documents(corpus):
    """A corpus that changes needs floors of its own."""
    assert accuracy.load_floors()[corpus]["digest"] == accuracy.digest(corpus)


def test_independent_stories_derive_from_none_of_each_other():
    """Names, stock phrases and quotations join no two articles, decided or not."""
    found = accuracy.scanned("independent").found
    assert scoring.edges(found["derivations"]) == {}
    assert found["clusters"] == []
    assert found["pairs"] == []


def test_plagdet_counts_characters_on_both_sides():
    """Half a span found, half of what is found right, in two pieces: PAN's figures by hand."""
    true = {("a", "b"): [Sides(0, 100, 0, 100)]}
    found = {("a", "b"): [Sides(0, 25, 0, 25), Sides(75, 125, 75, 125)], ("a", "c"): []}
    result = scoring.plagdet(true, found)
    assert result["recall"] == pytest.approx(0.5)
    assert result["precision"] == pytest.approx((1 + 0.5) / 2)
    assert result["granularity"] == 2
    assert result["plagdet"] == pytest.approx(0.6 / 1.5849625)


def test_plagdet_gives_nothing_for_spans_of_other_places():
    """A span that agrees on one side alone counts on neither side."""
    true = {("a", "b"): [Sides(0, 100, 0, 100)]}
    result = scoring.plagdet(true, {("a", "b"): [Sides(0, 100, 200, 300)]})
    assert (result["precision"], result["recall"]) == (0, 0)


def test_related_are_ancestors_and_siblings():
    """Copies of one hidden source are related, and so are a text and what its copy fed."""
    rows = [
        {"source": "~x", "derived": "a", "kind": "copy"},
        {"source": "~x", "derived": "b", "kind": "copy"},
        {"source": "b", "derived": "c", "kind": "copy"},
        {"source": "c", "derived": "d", "kind": "quotation"},
    ]
    assert scoring.related(rows) == {("a", "b"), ("a", "c"), ("b", "c")}


def test_floors_only_rise():
    """A better figure raises its floor, a worse one leaves it."""
    found = {"passages_recall": 0.9, "edges_recall": 0.5, "furniture_recall": 0.2}
    floors = {"passages_recall": 0.8, "furniture_recall": 0.7}
    expected = {"passages_recall": 0.89, "edges_recall": 0.42, "furniture_recall": 0.7}
    assert accuracy.raised(found, floors) == expected
    assert accuracy.below(found, floors) == ["furniture_recall is 0.2, its floor 0.7"]
    assert accuracy.below({}, {"gone": 0.1}) == ["gone is missing, its floor 0.1"]


def test_update_refuses_to_lower(tmp_path, monkeypatch):
    """Floors above the figures, or of another text, are left as they are unless told to."""
    path = tmp_path / "floors.json"
    monkeypatch.setattr(accuracy, "FLOORS", path)
    found = {corpus: {"recall": 0.9} for corpus in accuracy.CORPORA}
    assert accuracy.update(found, lower=True) == []
    before = path.read_bytes()
    worse = found | {"wire": {"recall": 0.5}}
    (refusal,) = accuracy.update(worse, lower=False)
    assert refusal == "wire: recall is 0.5, its floor 0.89"
    assert path.read_bytes() == before
    assert accuracy.update(worse, lower=True) == []
    assert accuracy.load_floors()["wire"]["floors"] == {"recall": 0.49}
    monkeypatch.setattr(accuracy, "digest", lambda _corpus: "other")
    assert len(accuracy.update(worse, lower=False)) == len(accuracy.CORPORA)
