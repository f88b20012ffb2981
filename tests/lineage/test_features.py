"""What speaks for and against a source, as numbers."""

import numpy as np
import pytest

from provenance.lineage.features import FEATURES
from provenance.lineage.signals.naming import take_notes
from provenance.model import Cue, Document

DIRECTED = (
    "inserted_more",
    "inserted_words_more",
    "inserted_long_more",
    "added_at_top",
    "cut_at_end",
    "replacements_grow",
    "longer",
    "contained",
    "later_year_in_text",
    "later_date_in_text",
    "more_corrections",
    "more_central",
    "third_witness",
)
MUTUAL = (
    "joined",
    "edits",
    "changed_words",
    "changed_share",
    "likeness",
    "likeness_squared",
    "common_shingles",
    "rare_shingles",
    "rare_contained",
    "rare_evidence",
    "largest_share",
    "shared_words",
    "agreement",
    "texts_between",
    "dates_known",
    "same_credit",
    "same_source",
)
TURNED = (
    ("published_earlier", "published_later"),
    ("credited", "crediting"),
    ("closest_to_child", "closest_to_parent"),
    ("relations_of_child", "relations_of_parent"),
    ("stories_of_child", "stories_of_parent"),
    ("rival_likeness", "rival_of_parent"),
    ("parent_is_agency", "child_is_agency"),
)


@pytest.fixture(scope="module")
def family(sentences, page, study):
    """A story with a cut, an expanded and a corrected version, and one that joins two of them."""
    lines, new = sentences("lamp", 16), sentences("new", 6)
    return study(
        page("wire", [*lines, "It was built in 1931."], "2031-05-01", "Pellan Press"),
        page("cut", lines[:10], "2031-05-02", "Courier"),
        page("more", [*new[:2], *lines, *new[2:4]], "2031-05-03", "Gazette"),
        page("later", [*lines[:12], *new[4:]], "2031-05-03", "Argus", "Pellan Press"),
        page("fixed", ["CORRECTION: It was built in 1932.", *lines[:14]], None, "Gazette"),
    )


def both_ways(family, name):
    """Return one feature of all relations, from `a` to `b` and from `b` to `a`."""
    column = family.arcs.features[:, FEATURES.index(name)]
    half = len(column) // 2
    return column[:half], column[half:]


@pytest.mark.parametrize("name", DIRECTED)
def test_what_tells_direction_changes_sign_with_the_arc(family, name):
    """What speaks for one direction speaks as much against the other."""
    forth, back = both_ways(family, name)
    assert forth == pytest.approx(-back, rel=1e-12)


@pytest.mark.parametrize("name", ["inserted_more", "added_at_top", "longer", "contained"])
def test_edits_tell_a_direction(family, name):
    """What tells direction is not zero for all arcs of a story of edited texts."""
    assert np.any(both_ways(family, name)[0])


@pytest.mark.parametrize("name", MUTUAL)
def test_what_two_texts_have_in_common_is_the_same_both_ways(family, name):
    """Likeness says nothing of direction."""
    forth, back = both_ways(family, name)
    assert np.array_equal(forth, back)


@pytest.mark.parametrize(("name", "other"), TURNED)
def test_what_is_told_of_an_end_moves_to_the_other_end(family, name, other):
    """What is told of the source one way is told of the derived text the other way."""
    forth, back = both_ways(family, name)
    assert np.array_equal(forth, both_ways(family, other)[1])
    assert np.array_equal(back, both_ways(family, other)[0])


def test_columns_stand_in_the_order_of_their_names(family):
    """Each column holds the feature whose name stands at its place."""
    assert len(set(FEATURES)) == len(FEATURES) == family.arcs.features.shape[1]
    found = family.features("wire", "cut")
    assert found["joined"] == found["explained"] == 1.0
    assert 0 < found["contained"] < 1
    assert found["longer"] < 0 < family.features("wire", "more")["longer"]
    assert (found["dates_known"], found["published_earlier"], found["published_later"]) == (1, 1, 0)
    assert family.features("more", "wire")["published_later"] == 1
    assert family.features("wire", "fixed")["dates_known"] == 0
    assert family.features("wire", "fixed")["more_corrections"] == 1
    assert family.features("wire", "fixed")["later_year_in_text"] == 1
    assert family.features("wire", "later")["credited"] == 1
    assert family.features("wire", "cut")["credited"] == 0
    assert family.features("cut", "later")["child_credits_others"] == 1
    assert family.features("more", "fixed")["same_source"] == 1
    assert np.isfinite(family.arcs.features).all()


def test_a_composite_stands_between_two_stories(sentences, page, study):
    """The groups that only one text joins are its stories; the logarithm of their number counts."""
    lamp, ferry = sentences("lamp", 12), sentences("ferry", 12)
    found = study(
        page("lamp1", lamp),
        page("lamp2", lamp[:10]),
        page("ferry1", ferry),
        page("ferry2", ferry[:10]),
        page("digest", [*lamp[:8], *ferry[:8]]),
    )
    row = found.features("lamp1", "digest")
    assert row["stories_of_child"] == pytest.approx(np.log(2))
    assert row["stories_of_parent"] == 0.0


def test_features_do_not_depend_on_ids(sentences, page, study):
    """Other ids, and so another order, leave the features of every arc as they are."""
    lines, new = sentences("lamp", 12), sentences("new", 4)
    texts = [lines, lines[:8], [*new[:2], *lines[:10]], [*lines[2:], *new[2:]], lines[1:9]]
    rows = []
    for names in ("abcde", "edcba", "badec"):
        found = study(*(page(name, text) for name, text in zip(names, texts, strict=True)))
        of_name = dict(zip(names, "01234", strict=True))
        ends = zip(found.arcs.parent.tolist(), found.arcs.child.tolist(), strict=True)
        rows.append(
            {
                (of_name[found.name(p)], of_name[found.name(c)]): row
                for (p, c), row in zip(ends, found.arcs.features.tolist(), strict=True)
            }
        )
    assert rows[0] == rows[1] == rows[2]
    assert len(rows[0]) >= 10


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("It was built in 1931 and mended in 1987.", 1987),
        ("Room 19871, 2 of 20311.", 0),
        ("It will be paid for in 2031.", 2031),
        ("", 0),
    ],
)
def test_the_latest_year_of_a_text_is_noted(text, year):
    """Years are four digits that stand alone."""
    assert take_notes(Document("d", text), ()).dates.year == year


def test_full_dates_are_noted_in_their_order():
    """A date is noted however it is written, and later ones are higher."""
    one = [
        take_notes(Document("d", t), ()).dates.day
        for t in ("May 9, 2031", "9 May 2031", "2031-05-09")
    ]
    assert len(set(one)) == 1
    assert one[0] < take_notes(Document("d", "May 9, 2031 and 10th June 2031"), ()).dates.day
    assert take_notes(Document("d", "the 9th of that month"), ()).dates.day == 0


def test_cues_are_noted():
    """Corrections are counted, and an agency's own page is known by what it calls itself."""
    cues = [Cue("correction_notice", "", 0, 1, 0, 1), Cue("self_naming", "PPA", 0, 1, 0, 1)]
    found = take_notes(Document("d", "x"), cues)
    assert (found.corrections, found.agency) == (1, cues[1])
