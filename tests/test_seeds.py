"""The labelled corpora are what their sources make, and their truth agrees with their texts."""

import json
import re
import shutil
import subprocess
import sys
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

SEEDS = Path(__file__).parents[1] / "seeds"
CORPORA = ("wire", "independent", "languages")


def rows(corpus, name):
    """Return the rows of a JSON Lines file of a corpus."""
    text = (SEEDS / corpus / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def texts(corpus):
    """Return the text of each document by id."""
    return {row["id"]: row["text"] for row in rows(corpus, "documents")}


def check(folder):
    """Run `build.py --check` of a copy of seeds."""
    command = [sys.executable, "-B", str(folder / "build.py"), "--check"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_files_are_what_the_sources_make():
    """`build.py --check` finds no difference in the repository."""
    result = check(SEEDS)
    assert (result.returncode, result.stderr) == (0, "")


def test_check_finds_a_changed_file(tmp_path):
    """`build.py --check` fails and names a file that was changed by hand."""
    folder = tmp_path / "seeds"
    shutil.copytree(SEEDS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    changed = folder / "independent" / "truth" / "clusters.jsonl"
    changed.write_text('{"members": []}\n', encoding="utf-8")
    result = check(folder)
    assert result.returncode == 1
    assert re.findall(r"\S+\.jsonl", result.stderr) == ["independent/truth/clusters.jsonl"]


@pytest.mark.parametrize("corpus", CORPORA)
def test_ids_are_unique_and_say_nothing(corpus):
    """Ids are a letter and a number, each given once, in the order of the file."""
    ids = [row["id"] for row in rows(corpus, "documents")]
    assert ids == [f"{corpus[0]}{n:03d}" for n in range(1, len(ids) + 1)]


@pytest.mark.parametrize("corpus", CORPORA)
def test_spans_lie_within_the_text(corpus):
    """Every span of the truth is a non-empty range of its document's text."""
    text = texts(corpus)
    spans = [(r["document"], r["start"], r["end"]) for r in rows(corpus, "truth/boilerplate")]
    for r in rows(corpus, "truth/matches"):
        spans += [(r[side], r[f"{side}_start"], r[f"{side}_end"]) for side in "ab"]
    assert spans
    for document, start, end in spans:
        assert 0 <= start < end <= len(text[document])
        assert text[document][start:end].strip() == text[document][start:end]


@pytest.mark.parametrize("corpus", CORPORA)
def test_exact_matches_agree_and_others_differ(corpus):
    """A match is exact if and only if both sides are equal, white space aside; `a < b`."""
    text = texts(corpus)
    for r in rows(corpus, "truth/matches"):
        a, b = (text[r[s]][r[f"{s}_start"] : r[f"{s}_end"]].split() for s in "ab")
        assert (a == b) == (r["kind"] == "exact")
        assert r["a"] < r["b"]


@pytest.mark.parametrize("corpus", CORPORA)
def test_no_match_lies_in_boilerplate(corpus):
    """Page furniture is no part of a match."""
    furniture = {}
    for r in rows(corpus, "truth/boilerplate"):
        furniture.setdefault(r["document"], []).append((r["start"], r["end"]))
    for r in rows(corpus, "truth/matches"):
        for side in "ab":
            for start, end in furniture.get(r[side], ()):
                assert end <= r[f"{side}_start"] or r[f"{side}_end"] <= start


@pytest.mark.parametrize("corpus", ["wire", "languages"])
def test_each_derived_document_has_one_primary_source(corpus):
    """Exactly one row of each derived document is primary, and no document is its own ancestor."""
    known = set(texts(corpus)) | {r["id"] for r in rows(corpus, "truth/hidden_sources")}
    primary, sources = Counter(), {}
    for r in rows(corpus, "truth/derivations"):
        assert {r["source"], r["derived"]} <= known
        primary[r["derived"]] += r["primary"]
        sources.setdefault(r["derived"], set()).add(r["source"])
    assert set(primary.values()) == {1}
    while sources:
        roots = set.union(*sources.values()) - set(sources)
        done = {derived for derived, above in sources.items() if above <= roots}
        assert done, "a cycle"
        sources = {d: above - roots for d, above in sources.items() if d not in done}


def test_hidden_sources_list_the_documents_they_feed():
    """Hidden sources and derivations name the same documents; all three sorts occur."""
    fed = {(r["source"], r["derived"]) for r in rows("wire", "truth/derivations")}
    listed = {(r["id"], d) for r in rows("wire", "truth/hidden_sources") for d in r["documents"]}
    assert listed == {(source, derived) for source, derived in fed if source.startswith("~")}
    assert {re.split("[#:]", source)[0] for source, _ in listed} == {"~MPA", "~unseen", "~https"}


def test_wire_has_enough_to_learn_furniture_from():
    """Several outlets carry a line of furniture in six or more documents that share no passage."""
    text, outlet = texts("wire"), {r["id"]: r["source"] for r in rows("wire", "documents")}
    related = {(r["a"], r["b"]) for r in rows("wire", "truth/matches")}
    carriers = {}
    for r in rows("wire", "truth/boilerplate"):
        line = outlet[r["document"]], text[r["document"]][r["start"] : r["end"]]
        unrelated = carriers.setdefault(line, [])
        if not any((other, r["document"]) in related for other in unrelated):
            unrelated.append(r["document"])
    assert len({line[0] for line, found in carriers.items() if len(found) >= 6}) >= 4


def test_independent_stories_share_quotations_alone():
    """No derivations, clusters or hidden sources; every match is an exact quotation."""
    for name in ("derivations", "clusters", "hidden_sources"):
        assert rows("independent", f"truth/{name}") == []
    kinds = {(r["class"], r["kind"]) for r in rows("independent", "truth/matches")}
    assert kinds == {("quotation", "exact")}


def test_languages_hold_the_variants_they_promise():
    """Tatweel, harakat, full-width digits, Devanagari digits and NFD accents occur."""
    every = "".join(texts("languages").values())
    for char in "ـَ１६":
        assert char in every
    assert any(unicodedata.normalize("NFC", t) != t for t in texts("languages").values())
    assert len(rows("languages", "truth/clusters")) == 6
