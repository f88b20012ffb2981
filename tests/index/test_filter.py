import dataclasses

import pytest
from prose import document, text, words

from provenance.errors import ConfigError
from provenance.index.filter import DuplicateFilter
from provenance.index.memory import MemoryStore
from provenance.index.policy import Copies, Policy, Revisions, Rule
from provenance.index.settings import IndexSettings
from provenance.index.verdict import Verdict, VerdictReason
from provenance.model import DerivationKind
from provenance.timestamps import parse


def opened(**options: object) -> DuplicateFilter:
    """Return a filter over an empty store in memory."""
    return DuplicateFilter(MemoryStore(), **options)


def test_text_shares_nothing_new():
    """A text that shares nothing is new."""
    index = opened()
    index.check_and_add(document("a", text(1)))
    verdict = index.check_and_add(document("b", text(2)))
    assert verdict == Verdict("b", keep=True, reason=VerdictReason.NEW)


def test_same_words_again_exact_duplicate():
    """The same words again are an exact duplicate of the first."""
    index = opened()
    index.check_and_add(document("a", text(1)))
    index.check_and_add(document("b", text(1).upper()))
    verdict = index.check_and_add(document("c", text(1)))
    assert (verdict.keep, verdict.reason, verdict.nearest) == (False, "exact_duplicate", "a")
    assert verdict.share == 1.0
    assert verdict.derivation.source == "a"
    assert verdict.matches[0].tokens == 200


def test_changed_word_makes_near_duplicate():
    """A changed word makes a near duplicate whose passages have places."""
    original = text(1)
    changed = original.replace(words(1, 200)[100], "elsewhere")
    index = opened()
    index.check_and_add(document("a", original))
    verdict = index.check_and_add(document("b", changed))
    assert (verdict.keep, verdict.reason, verdict.nearest) == (False, "near_duplicate", "a")
    (match,) = verdict.matches
    assert original[match.a.start : match.a.end] == original.rstrip(".")
    assert match.tokens == 199


def test_part_earlier_text_contained():
    """A part of an earlier text is contained in it."""
    index = opened()
    index.check_and_add(document("a", text(1, 400)))
    verdict = index.check_and_add(document("b", " ".join(text(1, 400).split()[:100])))
    assert (verdict.keep, verdict.reason, verdict.nearest) == (False, "contained", "a")
    assert verdict.derivation.kind == DerivationKind.EXCERPT


def test_text_put_together_from_earlier():
    """A text put together from earlier ones is composite and names them all."""
    index = opened()
    index.add_many([document(f"a{i}", text(i, 300)) for i in range(3)])
    body = " ".join(" ".join(text(i, 300).split()[50:120]) for i in range(3))
    verdict = index.check_and_add(document("b", body))
    assert (verdict.keep, verdict.reason) == (False, "composite")
    assert {d.source for d in verdict.derivations} == {"a0", "a1", "a2"}
    assert verdict.share == 1.0


def test_earlier_text_much_added_expansion():
    """An earlier text with much added is an expansion and kept."""
    index = opened()
    index.check_and_add(document("a", text(1, 100)))
    verdict = index.check_and_add(document("b", text(1, 100) + " " + text(2, 300)))
    assert (verdict.keep, verdict.reason, verdict.nearest) == (True, "expansion", "a")


def test_quoted_passage_found_page_kept():
    """A quoted passage is found and the page kept."""
    quoted = " ".join(text(1, 400).split()[200:240])
    index = opened()
    index.check_and_add(document("a", f"{text(5, 50)} “{quoted}” {text(1, 400)}"))
    verdict = index.check_and_add(document("b", f"{text(2, 250)} “{quoted}” {text(3, 250)}"))
    assert (verdict.keep, verdict.reason, verdict.nearest) == (True, "passages", "a")
    assert verdict.derivation.kind == DerivationKind.QUOTATION
    (match,) = verdict.matches
    assert (match.tokens, match.match_class) == (40, "quotation")


def test_update_page_revision_kept_unless():
    """An update of a page is a revision and kept unless the policy calls it a copy."""
    before = document("1", text(1), url="https://www.example.org/a/")
    after = document("2", text(1) + " " + text(2, 30), url="http://example.org/a")
    index = opened()
    index.check_and_add(before)
    verdict = index.check_and_add(after)
    assert (verdict.keep, verdict.reason, verdict.nearest) == (True, "revision", "1")
    assert verdict.derivation.kind == DerivationKind.REVISION
    strict = opened(policy=Policy(Rule(revisions=Revisions.AS_COPIES)))
    strict.check_and_add(before)
    assert strict.check_and_add(after).reason == VerdictReason.NEAR_DUPLICATE


def test_new_text_under_known_id():
    """A new text under a known id is a revision of its former version."""
    index = opened()
    index.check_and_add(document("a", text(1)))
    verdict = index.check_and_add(document("a", text(1) + " " + text(2, 30)))
    assert verdict.reason == VerdictReason.REVISION
    assert verdict.nearest.startswith("a#")


def test_page_other_words_under_known():
    """A page with other words under a known address is new."""
    index = opened()
    index.check_and_add(document("a", text(1), url="http://example.org/"))
    verdict = index.check_and_add(document("b", text(2), url="http://example.org/"))
    assert verdict.reason == VerdictReason.NEW


def test_place_file_no_address():
    """The place in a file is no address."""
    index = opened()
    for seed in (1, 2):
        body = text(1) + " " + text(2, 30) * (seed - 1)
        verdict = index.check_and_add(document("-#1", body, path="-#1"))
    assert verdict.reason == VerdictReason.NEAR_DUPLICATE


def test_same_document_again_gets_stored():
    """The same document again gets its stored verdict and is stored once."""
    index = opened()
    first, copy = document("a", text(1)), document("b", text(1))
    verdicts = index.check_and_add_many([first, copy])
    assert index.check_and_add_many([copy, first, first]) == [verdicts[1], verdicts[0], verdicts[0]]
    assert index.check(first) == verdicts[0]
    assert len(index.store.fetch(range(10))) == 2


def test_check_adds_nothing_2():
    """Check adds nothing."""
    index = opened()
    assert index.check(document("a", text(1))).reason == VerdictReason.NEW
    assert index.check(document("b", text(1))).reason == VerdictReason.NEW


def test_what_was_not_kept_is_no_source():
    """Of three texts, each like the one before, the third is kept: the second was not."""
    own = words(1, 300)
    texts = [own[i : i + 200] for i in (0, 30, 60)]
    index = opened()
    found = [index.check_and_add(document(str(i), " ".join(t))) for i, t in enumerate(texts)]
    assert [v.reason for v in found] == ["new", "near_duplicate", "passages"]
    assert found[2].nearest == "0"


def test_annotating_keeps_copies_later_ones():
    """Annotating keeps copies and later ones are copies of the closest."""
    own = words(1, 300)
    texts = [own[i : i + 200] for i in (0, 30, 60)]
    index = opened(policy=Policy(Rule(copies=Copies.ANNOTATE)))
    found = [index.check_and_add(document(str(i), " ".join(t))) for i, t in enumerate(texts)]
    assert all(v.keep for v in found)
    assert (found[2].reason, found[2].nearest) == ("near_duplicate", "1")


def test_longer_copy_kept_place_what():
    """A longer copy is kept in place of what it copies and a shorter one is not."""
    own = words(1, 260)
    index = opened(policy=Policy(Rule(copies=Copies.LONGER)))
    index.check_and_add(document("a", " ".join(own[:220])))
    longer = index.check_and_add(document("b", " ".join(own[:240])))
    between = index.check_and_add(document("c", " ".join(own[:230])))
    assert (longer.keep, longer.reason, longer.replaces) == (True, "near_duplicate", ("a",))
    assert (between.keep, between.replaces) == (False, ())


def test_source_rule_names():
    """A source has the rule that names it."""
    rules = {"wire": {"copies": "annotate"}, "strict": {"threshold": 1.0, "containment": 1.0}}
    index = opened(policy=Policy.from_json(rules, Rule()))
    index.check_and_add(document("a", text(1)))
    near = text(1).replace(words(1, 200)[3], "elsewhere")
    kept = index.check_and_add(document("b", near, source="wire"))
    assert (kept.keep, kept.reason) == (True, "near_duplicate")
    assert index.check(document("c", near + " more", source="strict")).reason != "near_duplicate"
    assert not index.check(document("d", near + " more", source="other")).keep


@pytest.mark.parametrize(
    "value",
    [[], {"a": 1}, {"a": {"unknown": 1}}, {"a": {"copies": "lose"}}, {"a": {"threshold": 7}}],
)
def test_rules_another_form_refused(value):
    """Rules of another form are refused."""
    with pytest.raises(ConfigError):
        Policy.from_json(value, Rule())


def test_limit_below_index_refused_both():
    """A limit below that of the index is refused with both."""
    with pytest.raises(ConfigError, match=r"0\.5.*0\.7"):
        opened(policy=Policy(Rule(threshold=0.5)))
    store = MemoryStore(IndexSettings(threshold=0.5))
    DuplicateFilter(store, policy=Policy(Rule(threshold=0.5)))


def test_earlier_date_likelier_source():
    """The earlier date is likelier the source."""
    early, late = parse("2026-01-01"), parse("2026-03-01")
    index = opened()
    index.check_and_add(document("a", text(1), published=late))
    derivation = index.check_and_add(document("b", text(1), published=early)).derivation
    assert (derivation.source, derivation.derived) == ("b", "a")
    assert [e.signal for e in derivation.evidence][-1] == "published_later"


def test_window_hides_what_arrived_before():
    """The window hides what arrived before it."""
    store = MemoryStore()
    at = iter([100, 200])
    index = DuplicateFilter(store, clock=lambda: next(at))
    index.check_and_add(document("a", text(1)))
    index.check_and_add(document("b", text(2)))
    later = DuplicateFilter(store, since=150)
    assert later.check(document("c", text(1))).reason == VerdictReason.NEW
    assert later.check(document("c", text(2))).nearest == "b"


def test_footer_unrelated_pages_learned_earlier():
    """A footer of unrelated pages is learned and earlier verdicts stay."""
    footer = text(99, 40)
    index = opened()
    pages = [document(f"p{i}", f"{text(i, 160)} {footer}", source="site") for i in range(12)]
    verdicts = index.check_and_add_many(pages)
    assert [v.reason for v in verdicts[:2]] == ["new", "passages"]
    assert verdicts[-1].reason == VerdictReason.NEW
    assert index.check_and_add_many(pages) == verdicts


def test_story_many_carry_not_learned():
    """A story that many carry is not learned as boilerplate."""
    index = opened(policy=Policy(Rule(copies=Copies.ANNOTATE)))
    own = words(1, 300)
    for i in range(40):
        body = " ".join(own[: 240 + i])
        verdict = index.check_and_add(document(f"p{i}", body, source=f"s{i}"))
    assert verdict.reason == VerdictReason.NEAR_DUPLICATE
    excerpt = " ".join(own[100:160])
    assert index.check(document("x", excerpt)).reason == VerdictReason.CONTAINED


def test_verdict_comes_back_from_row():
    """A verdict comes back from its row."""
    index = opened()
    index.check_and_add(document("a", text(1)))
    verdict = index.check_and_add(document("b", text(1, 150)))
    assert Verdict.from_row("b", verdict.to_row()) == verdict


def test_removed_documents_no_sources():
    """Removed documents are no sources."""
    index = opened()
    index.check_and_add(document("a", text(1)))
    assert index.remove(["a", "unknown"]) == 1
    assert index.check(document("b", text(1))).reason == VerdictReason.NEW


def test_text_without_words_new_matches():
    """A text without words is new and matches nothing."""
    index = opened()
    verdicts = index.check_and_add_many([document("a", "..."), document("b", "...")])
    assert [v.reason for v in verdicts] == ["new", "new"]


def test_without_passages_near_duplicates_found():
    """Without passages near duplicates are found and quotations are not."""
    store = MemoryStore(dataclasses.replace(IndexSettings(), passages=False))
    index = DuplicateFilter(store)
    index.check_and_add(document("a", text(1)))
    near = index.check(document("b", text(1).replace(words(1, 200)[3], "elsewhere")))
    assert (near.reason, near.nearest) == ("near_duplicate", "a")
    assert index.check(document("c", text(2) + text(1, 60))).reason == VerdictReason.NEW
