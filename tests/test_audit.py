"""The whole audit, over small corpora of fiction written here."""

import random

import pytest
from fiction import STORY
from hypothesis import given
from hypothesis import strategies as st

from provenance.audit import compare, scan
from provenance.config import Config
from provenance.errors import InputError
from provenance.model import Document, KeepReason, MatchClass, MatchKind, Skipped
from provenance.timestamps import parse

LAMP = [" ".join(paragraph.split()) for paragraph in STORY.split("\n\n")]
CLOSING = (
    "The Vale Herald is set in lead by six patient people in the old mill by the river and is"
    " carried to your door before the milk"
)
SYLLABLES = ("ba", "ko", "ri", "tu", "men", "sol", "var", "dep", "lin", "gos", "fay", "hum")


def invent(seed, words):
    """Return filler that shares no five words in a row with filler of another seed."""
    draw = random.Random(seed)
    return " ".join("".join(draw.choices(SYLLABLES, k=4)) for _ in range(words))


def newsroom():
    """Return a corpus: a wire story and its copies, a template, strangers, and hard texts."""
    whole = "\n\n".join(LAMP)
    rows = [
        ("wire", f"PELLAN (AP) — {whole}", "Pellan Press", "2031-05-01"),
        ("copy", f"PELLAN (AP) — {whole.upper()}", "Courier", "2031-05-02"),
        ("cut", "\n\n".join(LAMP[:2]), "Gazette", "2031-05-02"),
        ("moved", "\n\n".join([LAMP[2], invent("m", 30), LAMP[0]]), "Argus", None),
        ("rewritten", whole.replace("keeper", "warden").replace("boats", "ships"), None, None),
        (
            "chinese",
            "8月12日夜里，鸬鹚岩上的旧灯塔九十年来第一次熄灭，看守人提着风灯一直摇到天亮。" * 2,
            None,
            None,
        ),
        (
            "copied",
            "8月12日夜里，鸬鹚岩上的旧灯塔九十年来第一次熄灭，看守人提着风灯一直摇到天亮。" * 2
            + "完",
            None,
            None,
        ),
        ("broken", "lamp \ud800 \x00 \u202e night", None, None),
        ("empty", "", None, None),
        ("blank", " \n ... \n", None, None),
        ("one", "Lamp", None, None),
        ("same", "lamp!", None, None),
    ]
    rows += [
        (f"herald{i}", f"{invent(i, 120)}\n\n{CLOSING}", "Vale Herald", f"2031-04-{i + 1:02}")
        for i in range(8)
    ]
    rows.append(("herald9", f"{invent('lead', 40)}\n\n{whole}\n\n{CLOSING}", "Vale Herald", None))
    return [Document(n, text, source=s, published=parse(d)) for n, text, s, d in rows]


def flat(audit):
    """Return all of an audit in plain values that can be compared."""
    return (
        audit.documents,
        list(audit.pairs),
        list(audit.matches),
        list(audit.passages),
        audit.clusters,
        audit.lineage,
        dict(audit.counts),
        audit.skipped,
        audit.notes,
    )


@pytest.fixture(scope="module")
def audit():
    """Return the audit of the newsroom on the plain path."""
    return scan(newsroom(), compile_kernels=False)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_documents_changes_nothing(audit, seed):
    """The same documents in any order have the same audit, to the last value."""
    documents = newsroom()
    random.Random(seed).shuffle(documents)
    assert flat(scan(documents, compile_kernels=False)) == flat(audit)


def test_the_compiled_path_changes_nothing(audit):
    """Compiled and plain kernels give the same audit, to the last value."""
    assert flat(scan(newsroom(), compile_kernels=True)) == flat(audit)


def test_spans_lie_in_their_texts_and_carry_one_wording(audit):
    """Every span of a match or a passage is a part of its document and is not empty."""
    text = {report.document.id: report.document.text for report in audit.documents}
    spans = [span for match in audit.matches for span in (match.a, match.b)]
    spans += [span for passage in audit.passages for span in passage.spans]
    assert len(spans) > 20
    for span in spans:
        assert 0 <= span.start < span.end <= len(text[span.document])
        assert text[span.document][span.start : span.end].strip()
    for match in audit.matches:
        left = text[match.a.document][match.a.start : match.a.end]
        right = text[match.b.document][match.b.start : match.b.end]
        if match.kind is MatchKind.EXACT and left.isascii() and right.isascii():
            assert left.casefold().split() == right.casefold().split()


def test_copies_and_cuts_are_one_cluster_with_the_first(audit):
    """The earliest full text is kept, and its copy and what it contains are called copies."""
    (cluster,) = (c for c in audit.clusters if "wire" in c.members)
    assert cluster.representative == "wire"
    assert {"copy", "cut"} <= set(cluster.members)
    report = {r.document.id: r for r in audit.documents}
    assert report["wire"].keep
    assert report["wire"].reason in (KeepReason.ORIGINAL, KeepReason.UNDECIDED)
    assert report["copy"].reason is KeepReason.EXACT_DUPLICATE
    assert report["cut"].reason is KeepReason.CONTAINED
    assert not report["copy"].keep
    assert report["chinese"].cluster == report["copied"].cluster is not None
    assert report["herald1"].reason is KeepReason.ONLY_COPY


def test_a_templates_line_is_boilerplate_and_no_match(audit):
    """What one source puts under all its texts is a boilerplate passage and joins no two texts."""
    herald = {f"herald{i}" for i in range(10)}
    assert not [m for m in audit.matches if {m.a.document, m.b.document} <= herald]
    assert not [d for d in audit.lineage.derivations if {d.source, d.derived} <= herald]
    (passage,) = (p for p in audit.passages if p.passage_class is MatchClass.BOILERPLATE)
    assert {span.document for span in passage.spans} == herald - {"herald8"}


def test_a_story_inside_a_template_is_found(audit):
    """Boilerplate under a text does not hide what the text shares with others."""
    found = [m for m in audit.matches if {m.a.document, m.b.document} == {"herald9", "wire"}]
    assert max(m.tokens for m in found) > 100


def test_documents_without_text_are_counted_and_match_nothing(audit):
    """Empty documents are in the report, kept, and in no pair, match or cluster."""
    report = {r.document.id: r for r in audit.documents}
    assert report["empty"].tokens == report["blank"].tokens == 0
    assert report["empty"].cluster is report["blank"].cluster is None
    assert report["empty"].keep
    assert audit.counts["documents"] == len(newsroom())


def test_without_passages_there_are_pairs_and_clusters(audit):
    """The short scan has the copies' pairs and clusters, and neither matches nor lineage."""
    short = scan(newsroom(), Config(passages=False))
    assert not short.matches
    assert not short.passages
    assert not short.lineage.derivations
    near = [p for p in audit.pairs if p.jaccard >= Config().threshold]
    assert [p for p in short.pairs if p.jaccard >= Config().threshold] == near
    assert len(near) >= 3


def test_settings_outside_the_texts_are_reported():
    """Skipped input is counted and kept in a fixed order; two documents of one id are refused."""
    items = [Skipped("b.txt", "binary"), Document("a", "Lamp"), Skipped("a.txt", "empty")]
    audit = scan(items)
    assert [s.place for s in audit.skipped] == ["a.txt", "b.txt"]
    assert audit.counts["skipped"] == 2
    with pytest.raises(InputError, match="'a'"):
        scan([Document("a", "Lamp"), Document("a", "Night")])


def test_no_documents_are_an_empty_audit():
    """A scan of nothing has nothing, and fails nowhere."""
    for documents in ([], [Document("a", "")]):
        for compiled in (True, False):
            audit = scan(documents, compile_kernels=compiled)
            assert (len(audit.pairs), len(audit.matches), len(audit.passages)) == (0, 0, 0)
            assert len(audit.documents) == len(documents)


words = st.lists(st.sampled_from(["lamp", "boat", "rock", "灯", "\n\n", "“", "”"]), max_size=30)


@given(st.lists(words.map(" ".join), max_size=5))
def test_any_small_corpus_can_be_scanned(texts):
    """Repetitive and tiny texts are audited without error, with sane values."""
    audit = scan(Document(f"{i}", text) for i, text in enumerate(texts))
    for pair in audit.pairs:
        assert 0 < pair.jaccard <= min(pair.a_containment, pair.b_containment) <= 1
    for match in audit.matches:
        assert 0 < match.similarity <= 1
        assert 0 < match.a_containment <= 1
        assert 0 < match.b_containment <= 1
    primary = [d.derived for d in audit.lineage.derivations if d.primary]
    assert len(primary) == len(set(primary))


def test_compare_shows_both_sides():
    """Two texts are compared passage by passage, with exact likeness as a whole."""
    a = Document("a", "\n\n".join(LAMP))
    b = Document("b", f"{invent(1, 30)}\n\n{LAMP[3]}\n\n{LAMP[0]}")
    found = compare(a, b)
    assert len(found.matches) == 2
    sides = {(a.text[m.a.start : m.a.end], b.text[m.b.start : m.b.end]) for m in found.matches}
    expected = {paragraph.rstrip(".") for paragraph in (LAMP[0], LAMP[3])}
    assert sides == {(paragraph, paragraph) for paragraph in expected}
    assert found.pair.b_containment > found.pair.a_containment > found.pair.jaccard > 0


def test_compare_does_not_depend_on_which_text_comes_first():
    """The lower id is on the left, whichever text is given first."""
    a, b = Document("a", " ".join(LAMP)), Document("b", LAMP[1])
    one, other = compare(a, b), compare(b, a)
    assert (one.pair, one.matches) == (other.pair, other.matches)
    assert [m.a.document for m in one.matches] == ["a"]


@pytest.mark.parametrize(
    ("a", "b"), [("", ""), ("", "Lamp"), ("Lamp", "Rock"), (LAMP[0], LAMP[1]), ("...", "...")]
)
def test_compare_of_strangers_is_empty(a, b):
    """Texts that share nothing have no passages and a likeness of zero."""
    found = compare(Document("a", a), Document("b", b))
    assert found.matches == ()
    assert (found.pair.a, found.pair.b, found.pair.jaccard) == ("a", "b", 0.0)


def test_compare_of_equal_texts_is_whole():
    """Equal texts are one exact match, and alike however short; a few words are no passage."""
    found = compare(Document("a", LAMP[1]), Document("b", LAMP[1].upper()))
    (match,) = found.matches
    assert (match.kind, match.similarity, found.pair.jaccard) == (MatchKind.EXACT, 1.0, 1.0)
    short = compare(Document("a", "Lamp out!"), Document("b", "lamp OUT"))
    assert (short.matches, short.pair.jaccard) == ((), 1.0)


def test_repetition_inside_a_document_is_not_reuse():
    """What a text says twice is no match with itself, and is matched once with another text."""
    twice = Document("twice", f"{LAMP[0]} {invent(1, 60)} {LAMP[0]}")
    assert not scan([twice, Document("other", invent(2, 60))]).matches
    found = compare(twice, Document("once", f"{invent(3, 40)} {LAMP[0]}"))
    assert len(found.matches) == 1


def test_a_pair_needs_longer_passages_than_a_corpus():
    """Fourteen equal words are a passage in a corpus and, as chance is likelier, not of a pair."""
    shared = " ".join(LAMP[0].split()[:14])
    a = Document("a", f"{invent(1, 60)} {shared} {invent(2, 60)}")
    b = Document("b", f"{invent(3, 60)} {shared} {invent(4, 60)}")
    assert compare(a, b).matches == ()
    assert len(scan([a, b]).matches) == 1
    assert len(compare(a, b, Config(min_tokens=13)).matches) == 1
