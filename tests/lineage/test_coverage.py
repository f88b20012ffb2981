"""What of a text its reuse with another covers."""

import numpy as np

from provenance.lineage.coverage import Coverage


def test_the_shared_tokens_of_a_text_are_flagged(sentences, page, study):
    """The words that two texts have in common are covered on both sides, and nothing else is."""
    lines, new = sentences("lamp", 12), sentences("new", 3)
    found = study(page("a", lines), page("b", [*new, *lines[:8]]))
    a, b = found.text("a"), found.text("b")
    coverage = Coverage(found.corpus, found.reuse)
    shared = len(" ".join(lines[:8]).split())
    added = len(" ".join(new).split())
    assert np.flatnonzero(coverage.shared(a, b)).tolist() == list(range(shared))
    assert np.flatnonzero(coverage.shared(b, a)).tolist() == list(range(added, added + shared))
    assert coverage.own(a).all()
    assert not coverage.shared(a, a).any()
