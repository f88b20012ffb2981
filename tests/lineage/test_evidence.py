"""Reasons in words."""

from dataclasses import fields

import numpy as np
import pytest

from provenance.lineage.arcs import Arcs, load_weights
from provenance.lineage.evidence import End, explain_arc
from provenance.lineage.features import FEATURES, SIGNALS

SLIGHT = 0.05


@pytest.fixture(scope="module")
def story(sentences, page, study):
    """An agency's story, and what two outlets made of it."""
    lines = sentences("lamp", 16)
    return study(
        page("wire", lines, "2031-05-01", "Pellan Press"),
        page("credited", lines[:12], "2031-05-02", "Courier", "Pellan Press"),
        page("silent", [*sentences("new", 3), *lines], "2031-05-03", "Gazette"),
        page("too", lines[3:], None, "Argus", "Pellan Press"),
    )


def reasons(story, source, derived, arcs=None):
    """Return the evidence of an arc by signal."""
    arcs = arcs or story.arcs
    document = {d.id: d for d in story.corpus.documents}
    arc = story.arc(source, derived)
    ends = [
        End(document[name], story.credit[story.text(name)], story.notes[story.text(name)])
        for name in (source, derived)
    ]
    found = explain_arc(arcs, arc, *ends)
    assert len({e.signal for e in found}) == len(found)
    return {e.signal: e for e in found}


class HeavyArcs(Arcs):
    """Arcs in which every feature weighs much."""

    def terms(self, arc):
        """Return the worth of the features of an arc."""
        return np.ones_like(self.features[arc])


@pytest.fixture(scope="module")
def heavy(story):
    """Return the arcs of the story as if every feature weighed much in each."""
    return HeavyArcs(*(getattr(story.arcs, field.name) for field in fields(Arcs)))


def pairs(story):
    """Return both ends of every arc."""
    ends = zip(story.arcs.parent.tolist(), story.arcs.child.tolist(), strict=True)
    return [(story.name(parent), story.name(child)) for parent, child in ends]


def test_every_feature_has_one_signal_and_one_weight():
    """No feature stands under two signals, and the table of weights knows every one."""
    assert len(FEATURES) == len(set(FEATURES))
    assert len(load_weights().anywhere) == len(FEATURES)


def test_weights_add_up_to_the_score(story):
    """The weights of an arc's evidence are its score, but for slight ones."""
    assert len(pairs(story)) == 12
    for source, derived in pairs(story):
        found = reasons(story, source, derived)
        weights = [e.weight for e in found.values()]
        score = float(story.arcs.score[story.arc(source, derived)])
        left_out = len(SIGNALS) - len(weights)
        assert sum(weights) == pytest.approx(score, abs=SLIGHT * left_out + 1e-9)
        assert all(abs(weight) >= SLIGHT for weight in weights)


def test_the_heaviest_reason_stands_first_and_has_words(story):
    """Evidence is sorted by weight, for or against, and each has a sentence with a name in it."""
    for source, derived in pairs(story):
        found = list(reasons(story, source, derived).values())
        weights = [abs(e.weight) for e in found]
        assert weights == sorted(weights, reverse=True)
        for evidence in found:
            assert evidence.detail
            assert (
                source in evidence.detail
                or derived in evidence.detail
                or evidence.signal in ("credit", "same_credit", "published_first", "title")
            )


def test_a_credit_is_shown_where_it_stands(story, heavy):
    """A credit names its cue, whom it credits and the words, of the text that has it."""
    for ends in (("wire", "credited"), ("credited", "wire")):
        evidence = reasons(story, *ends, heavy)["source_line"]
        assert evidence.detail == "credited credits Pellan Press, which wire comes from"
        (span,) = evidence.spans
        (text,) = [d.text for d in story.corpus.documents if d.id == span.document]
        assert text[span.start : span.end] == "Source: Pellan Press"
        assert span.document == "credited"


def test_a_common_credit_is_shown_in_both(story, heavy):
    """Two texts that credit one outlet have a reason with a place in each."""
    found = reasons(story, "credited", "too", heavy)["same_credit"]
    assert found.detail == "both credit Pellan Press"
    assert [span.document for span in found.spans] == ["too", "credited"]


def test_words_say_what_the_numbers_say(story, heavy):
    """What is contained, who is closest to all and what others have is told of the right text."""
    for source, derived in pairs(story):
        found = {name: e.detail for name, e in reasons(story, source, derived, heavy).items()}
        numbers = story.features(source, derived)
        if numbers["contained"]:
            inner, outer = (derived, source) if numbers["contained"] > 0 else (source, derived)
            expected = f"more of {inner} stands in {outer} than the other way"
        else:
            longer, other = (derived, source) if numbers["longer"] > 0 else (source, derived)
            expected = f"{longer} is longer than {other}, and as much of each stands in the other"
        assert found["contained_in"] == expected
        if numbers["third_witness"]:
            seen = source if numbers["third_witness"] > 0 else derived
            assert found["third_witness"].startswith(f"what only {seen} has of the two is found")
        else:
            close = source if numbers["more_central"] >= 0 else derived
            assert found["third_witness"].startswith(f"{close} is closer than ")


def test_dates_are_named_by_what_they_say(story, heavy):
    """A date for the source is no reason against it; one after the derived text is."""
    assert "published_first" in reasons(story, "wire", "credited", heavy)
    against = reasons(story, "silent", "wire")
    assert "published_first" not in against
    assert against["published_later"].weight < 0
    assert against["published_later"].detail == "silent is dated 2031-05-03, wire 2031-05-01"


def test_an_agency_is_shown_by_the_words_in_which_it_names_itself(sentences, page, study):
    """Who names itself, and how many credit it, is told with the place where it does."""
    lines = sentences("lamp", 16)
    own = page("wire", [f"PELLAN (Pellan Press) — {lines[0]}", *lines[1:]], None, "Pellan Press")
    story = study(own, page("one", lines[:12], None, "Courier", "Pellan Press"))
    arcs = HeavyArcs(*(getattr(story.arcs, field.name) for field in fields(Arcs)))
    evidence = reasons(story, "wire", "one", arcs)
    found = evidence["agency_page"]
    assert found.detail == "wire names Pellan Press as its own outlet, and one text credits it"
    (span,) = found.spans
    assert "Pellan Press" in own.text[span.start : span.end]


def test_closeness_counts_the_texts_between(story, heavy):
    """A text that is closer to both ends stands between them."""
    for source, derived in pairs(story):
        detail = reasons(story, source, derived, heavy)["closest"].detail
        between = round(float(np.expm1(story.features(source, derived)["texts_between"])))
        if story.features(source, derived)["closest_to_child"]:
            assert detail == f"no other text is as close to {derived}"
        elif between:
            assert "between" in detail
        else:
            assert detail == f"another text is closer to {derived}"
