import gzip
import json

import pytest

from provenance.errors import InputError
from provenance.evaluation import read_truth
from provenance.model import MatchClass, Span

MATCH = {"a": "x", "a_start": 0, "a_end": 9, "b": "y", "b_start": 5, "b_end": 14}


@pytest.fixture
def truth(tmp_path):
    """Give a function that writes truth files and reads them."""

    def write(**tables):
        for name, rows in tables.items():
            text = "".join(json.dumps(row) + "\n" for row in rows)
            (tmp_path / f"{name}.jsonl").write_text(text, encoding="utf-8")
        return read_truth(tmp_path)

    return write


def test_passages_are_read_from_the_contract_and_from_evaluation_sets(truth):
    """`class` or `what` names the class; without either it is reuse."""
    own = truth(matches=[{**MATCH, "class": "widely_shared", "kind": "near"}])
    assert own.passages[0].passage_class is MatchClass.WIDELY_SHARED
    assert own.passages[0].kind == "near"
    foreign = truth(matches=[{**MATCH, "what": "story"}, {**MATCH, "what": "quote"}, MATCH])
    classes = [passage.passage_class for passage in foreign.passages]
    assert classes == [MatchClass.REUSE, MatchClass.QUOTATION, MatchClass.REUSE]


def test_passages_of_a_result_tell_the_boilerplate(truth):
    """Rows that list spans are no pairs of spans."""
    span = {"document": "x", "start": 1, "end": 4}
    found = truth(
        passages=[{"class": "boilerplate", "spans": [span]}, {"class": "reuse", "spans": [span]}]
    )
    assert (found.passages, found.boilerplate) == (None, (Span("x", 1, 4),))


def test_relations_of_matches_become_pairs_and_reuse_outweighs_the_rest(truth):
    """A pair that shares a story and a quotation shares a story."""
    found = truth(
        matches=[
            {**MATCH, "relation": "quotation"},
            {**MATCH, "relation": "sibling"},
            {**MATCH, "relation": "background"},
        ]
    )
    assert [(p.a, p.b, p.shares, p.relation) for p in found.pairs] == [("x", "y", True, "sibling")]


def test_pairs_are_read_by_relation_likeness_or_label(truth):
    """Only labels that say so tell that nothing is shared, and that only listed pairs count."""
    found = truth(
        pairs=[
            {"a": "b", "b": "a", "label": "partial", "relation": "background"},
            {"a": "a", "b": "c", "label": "partial", "jaccard": 0.4, "min_words": 70},
        ]
    )
    assert [(p.a, p.b, p.shares, p.jaccard) for p in found.pairs] == [
        ("a", "b", False, None),
        ("a", "c", None, 0.4),
    ]
    assert not found.only_listed
    judged = truth(pairs=[{"a": 1, "b": 2, "label": "no-reuse"}, {"a": 1, "b": 3, "label": "cut"}])
    assert judged.only_listed
    assert [(p.a, p.b, p.shares) for p in judged.pairs] == [("1", "2", False), ("1", "3", True)]


def test_derivations_of_the_contract(truth):
    """Quotations are left out, hidden sources feed their documents."""
    found = truth(
        derivations=[
            {"source": "a", "derived": "b", "kind": "copy", "direction_certain": False},
            {"source": "a", "derived": "c", "kind": "quotation"},
            {"source": "~AP#1", "derived": "a", "kind": "copy"},
        ]
    )
    assert [(r.source, r.derived, r.certain) for r in found.derivations] == [
        ("a", "b", False),
        ("~AP#1", "a", True),
    ]
    assert (found.fed, found.hidden_sources) == (frozenset("a"), (frozenset("a"),))


def test_edges_name_groups_roots_weak_and_hidden_ones(truth):
    """A parent of null makes a root; a weak edge is not asked for."""
    found = truth(
        edges=[
            {"group": "g", "parent": None, "child": "a", "kind": "root"},
            {"group": "g", "parent": "hidden:1", "child": "b", "kind": "version"},
            {"group": "g", "parent": "a", "child": "c", "kind": "version-weak"},
        ]
    )
    assert [(r.source, r.derived, r.asked) for r in found.derivations] == [
        ("~hidden:1", "b", True),
        ("a", "c", False),
    ]
    assert (found.groups, found.fed) == ({"a": "g", "b": "g", "c": "g"}, frozenset("b"))


def test_parents_tell_the_sources_of_their_own_documents_only(truth):
    """One parent, several, none, or one that is hidden."""
    found = truth(
        parents=[
            {"id": "a", "parent": "b", "strict": False},
            {"id": "c", "parents": ["a", "b"], "hidden_parent": False},
            {"id": "d", "parents": [], "hidden_parent": True},
        ]
    )
    assert [(r.source, r.derived, r.asked) for r in found.derivations] == [
        ("b", "a", False),
        ("a", "c", True),
        ("b", "c", True),
    ]
    assert (found.traced, found.fed) == (frozenset("acd"), frozenset("d"))
    assert found.hidden_sources is None


def test_files_may_be_compressed_and_stand_in_a_folder_truth(tmp_path):
    """As a labelled corpus keeps them."""
    (tmp_path / "truth").mkdir()
    with gzip.open(tmp_path / "truth" / "clusters.jsonl.gz", "wt") as file:
        file.write('{"members": ["a", "b"]}\n\n')
    assert read_truth(tmp_path).clusters == (frozenset("ab"),)


def test_an_empty_file_says_that_there_are_none(truth):
    """A file that is not there says nothing."""
    found = truth(derivations=[])
    assert (found.derivations, found.clusters) == ((), None)


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ({}, "holds no truth files"),
        ({"documents": [{"id": "a"}]}, "holds no truth files"),
        ({"clusters": [["a", "b"]]}, "line 1 is no JSON object"),
        ({"clusters": [{"members": "ab"}]}, "line 1: members or cluster must be a list"),
        ({"clusters": [{"members": ["a"]}, {"members": ["a"]}]}, "a is in the cluster of"),
        ({"matches": [{**MATCH, "a_end": 0}]}, "line 1: a_start and a_end must be offsets"),
        ({"matches": [{**MATCH, "a_end": 10**30}]}, "line 1: a_start and a_end must be offsets"),
        ({"matches": [{**MATCH, "class": "theft"}]}, "unknown class 'theft'"),
        ({"matches": [MATCH, {**MATCH, "a": None}]}, "line 2: a must be an id, not None"),
        ({"pairs": [{"a": "x", "b": "y", "jaccard": "high"}]}, "jaccard must be a number"),
        ({"parents": [{"id": "a", "hidden_parent": 1}]}, "hidden_parent must be true or false"),
        ({"passages": [{"class": "boilerplate", "spans": [3]}]}, "line 1: spans must be objects"),
        (
            {"derivations": [{"source": s, "derived": d, "kind": "copy"} for s, d in ("ab", "ba")]},
            "go in a circle",
        ),
    ],
)
def test_bad_truth_is_told_with_its_place(truth, tables, words):
    """The message says what is wrong, in which file and line."""
    with pytest.raises(InputError) as error:
        truth(**tables)
    assert words in str(error.value)


def test_damaged_files_are_told(tmp_path):
    """No JSON, no text, a cut archive, no folder."""
    with pytest.raises(InputError, match="is no folder"):
        read_truth(tmp_path / "missing")
    for name, data in (
        ("pairs.jsonl", b'{"a": "x", "b": "y"'),
        ("pairs.jsonl", b"\xff\xfe\x00"),
        ("clusters.jsonl.gz", gzip.compress(b'{"members": []}\n' * 99)[:-20]),
    ):
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(InputError, match=name):
            read_truth(tmp_path)
        path.unlink()
