from dataclasses import replace

import pytest

from provenance.config import Config
from provenance.model import Skipped
from provenance.output.display import width
from provenance.output.summary import render
from provenance.readers import Note


def test_the_first_line_says_what_a_reader_wants_to_know(story):
    """Documents, tokens, and how many of them are independent."""
    assert render(story).splitlines()[0] == "6 documents, 600 tokens: 3 independent sources"


def test_the_figures_follow(story):
    """Pairs, clusters, passages by class, derivations decided and not, what was sampled."""
    lines = [" ".join(line.split()) for line in render(story).splitlines()]
    assert "near-duplicate pairs 1 Jaccard ≥ 0.7 or containment ≥ 0.8" in lines
    assert "clusters 1 with 3 documents" in lines
    assert "passages 2 1 reuse, 1 boilerplate" in lines
    assert "derivations 5 4 decided, 1 undecided" in lines
    assert "seeds sampled 3" in lines


def test_what_was_skipped_and_noted_is_told_with_its_reason(story):
    """Nothing is lost silently."""
    text = render(story)
    assert "photo.jpg: not text" in text
    assert "paper.txt: read as windows-1252" in text


def test_boilerplate_comes_after_passages_of_text(story):
    """A newsletter line in 40 documents is not the top passage."""
    text = render(story)
    assert text.index("Ships wait off") < text.index("Sign up for our")


def test_clusters_are_told_by_title_too(story, audited):
    """An id like w049 tells a reader nothing; the title of its text does."""
    titled = tuple(
        replace(report, document=replace(report.document, title="Ships wait off the harbour"))
        for report in story.documents
    )
    assert "Ships wait off the harb…" in render(audited(titled, clusters=story.clusters))


def test_a_long_list_is_cut_and_counted(audited):
    """Of 25 skipped files ten are named."""
    text = render(audited(skipped=tuple(Skipped(f"f{n}", "empty") for n in range(25))))
    assert "… and 15 more" in text
    assert "f10:" not in text


def test_an_audit_of_nothing_is_told_too(audited):
    """No documents, no tables, no error."""
    assert render(audited()).startswith("0 documents, 0 tokens")


def test_without_passages_nothing_is_said_of_sources(story):
    """Where no lineage was sought, no independent sources are counted."""
    text = render(replace(story, config=Config(passages=False)))
    assert text.splitlines()[0] == "6 documents, 600 tokens"


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_no_line_is_wider_than_the_terminal_or_obeyed_by_it(columns, hostile, report, row, audited):
    """Hostile ids, texts, reasons and messages keep to their line and width."""
    place = hostile * 20
    audit = audited(
        [report(place, source=place, published="2024-01-01"), report("b")],
        [row("b", place)],
        skipped=(Skipped(place, place),),
        notes=(Note(place, place),),
    )
    text = render(audit, columns=columns)
    assert all(width(line) <= columns for line in text.splitlines())
    assert not {"\x1b", "\x9b", "\u202e", "\ud800", "\r", "\u2028"} & set(text)
