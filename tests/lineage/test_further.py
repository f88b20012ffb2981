"""Further sources: what a text has from elsewhere than its first source."""

from graphlib import TopologicalSorter

from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.lineage.further import find_sources


def further_of(found, *ends):
    """Return the further sources beside a tree, as pairs of documents."""
    arcs = found.arcs
    _, chosen = find_sources(found.corpus, found.coverage, arcs, found.tree(*ends), found.published)
    return [(found.name(int(arcs.parent[i])), found.name(int(arcs.child[i]))) for i in chosen]


def test_a_merge_has_both_branches(sentences, page, study):
    """A text that joins what two versions added has the second one as a further source."""
    base, left, right = sentences("lamp", 18), sentences("left", 5), sentences("right", 5)
    found = study(
        page("base", base, "2031-05-01"),
        page("left", [*base[:6], *left, *base[6:]], "2031-05-02"),
        page("right", [*base[:12], *right, *base[12:]], "2031-05-02"),
        page("merged", [*base[:6], *left, *base[6:12], *right, *base[12:]], "2031-05-03"),
    )
    tree = [("base", "left"), ("base", "right")]
    assert further_of(found, *tree, ("left", "merged")) == [("right", "merged")]
    assert further_of(found, *tree, ("right", "merged")) == [("left", "merged")]


def test_the_second_story_of_a_composite_is_found(sentences, page, study):
    """A digest of three stories has a source in each of them."""
    stories = {name: sentences(name, 16) for name in ("lamp", "ferry", "mill")}
    digest = [line for lines in stories.values() for line in lines[:6]]
    found = study(
        *(page(name, lines, "2031-05-01") for name, lines in stories.items()),
        page("digest", digest, "2031-05-02"),
    )
    further = further_of(found, ("lamp", "digest"))
    assert sorted(further) == [("ferry", "digest"), ("mill", "digest")]


def test_of_one_story_one_text_is_enough(sentences, page, study):
    """A copy of a source that explains nothing more is no further source."""
    lines = sentences("lamp", 16)
    found = study(
        page("a", lines, "2031-05-01"),
        page("b", lines[:12], "2031-05-02"),
        page("c", lines[:10], "2031-05-03"),
    )
    assert further_of(found, ("a", "b"), ("a", "c")) == []


def test_a_shared_template_is_no_second_source(sentences, page, study):
    """A text that shares a little of what another one added has nothing from it."""
    base, part, own = sentences("lamp", 16), sentences("part", 3), sentences("own", 10)
    derived = page("derived", [*base, *part], "2031-05-03")
    tree = [("base", "other"), ("base", "derived")]
    template = study(
        page("base", base, "2031-05-01"),
        page("other", [*base[:9], *part, *own], "2031-05-02"),
        derived,
    )
    assert further_of(template, *tree) == []
    merged = study(
        page("base", base, "2031-05-01"), page("other", [*base[:9], *part], "2031-05-02"), derived
    )
    assert further_of(merged, *tree) == [("other", "derived")]


def test_a_later_text_is_no_source(sentences, page, study):
    """What is dated after a text gave it nothing."""
    lamp, ferry = sentences("lamp", 16), sentences("ferry", 16)
    dated = {"2031-05-02": [("ferry", "both")], "2031-05-09": []}
    for published, expected in dated.items():
        found = study(
            page("lamp", lamp, "2031-05-01"),
            page("ferry", ferry, published),
            page("both", [*lamp[:8], *ferry[:8]], "2031-05-03"),
        )
        assert further_of(found, ("lamp", "both")) == expected


@settings(max_examples=15)
@given(
    st.lists(
        st.tuples(
            st.lists(st.integers(0, 4), min_size=1, max_size=4, unique=True),
            st.sampled_from([None, "2031-05-01", "2031-05-02"]),
        ),
        min_size=2,
        max_size=6,
    )
)
def test_lineage_has_no_cycle(sentences, page, study, texts):
    """With further sources beside the best tree no text descends from itself."""
    parts = [sentences(i, 3) for i in range(5)]
    found = study(
        *(
            page(f"d{i}", [line for part in chosen for line in parts[part]], published)
            for i, (chosen, published) in enumerate(texts)
        )
    )
    primary, further = find_sources(
        found.corpus, found.coverage, found.arcs, found.best_tree(), found.published
    )
    parents = {}
    for arc in [*(arc for arc in primary if arc >= 0), *further]:
        parents.setdefault(int(found.arcs.child[arc]), []).append(int(found.arcs.parent[arc]))
    assert all(len(set(sources)) == len(sources) for sources in parents.values())
    assert set(TopologicalSorter(parents).static_order()) >= parents.keys()


def test_a_text_hung_below_a_composite_is_turned_round(sentences, page, study):
    """A tree holds one source; where the second hangs below the composite, it becomes a source."""
    lamp, ferry = sentences("lamp", 20), sentences("ferry", 20)
    found = study(
        page("lamp", lamp, "2031-05-01", "Pellan Press"),
        page("ferry", ferry, "2031-05-01", "Argus"),
        page("digest", [*lamp[:12], *ferry[:10]], "2031-05-03", "Courier"),
    )
    tree = found.tree(("ferry", "digest"), ("digest", "lamp"))
    primary, further = find_sources(found.corpus, found.coverage, found.arcs, tree, found.published)
    assert primary[found.text("lamp")] == -1
    assert [found.name(int(found.arcs.parent[arc])) for arc in further] == ["lamp"]


def test_branches_hung_in_a_row_are_parted(sentences, page, study):
    """A merge shows that one branch, hung below the other, is a branch of their common source."""
    base, left, right = sentences("lamp", 18), sentences("left", 5), sentences("right", 5)
    found = study(
        page("base", base, "2031-05-01"),
        page("left", [*base[:6], *left, *base[6:]], "2031-05-02"),
        page("right", [*base[:12], *right, *base[12:]], "2031-05-03"),
        page("merged", [*base[:6], *left, *base[6:12], *right, *base[12:]], "2031-05-04"),
    )
    tree = found.tree(("base", "left"), ("left", "right"), ("right", "merged"))
    primary, further = find_sources(found.corpus, found.coverage, found.arcs, tree, found.published)
    assert found.name(int(found.arcs.parent[primary[found.text("right")]])) == "base"
    assert [found.name(int(found.arcs.parent[arc])) for arc in further] == ["left"]
