"""The syndication corpus is the same for the same seed, and its truth agrees with its texts."""

import json
import re
import subprocess
import sys
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import pytest

GENERATE = Path(__file__).parents[1] / "benchmarks" / "syndication" / "generate.py"
STORIES = "16"
RUN = 12


def generate(folder, seed="3", *, hash_seed="1"):
    """Write a small corpus; return the bytes of each of its files by name."""
    command = [sys.executable, "-B", str(GENERATE), "--seed", seed, "--stories", STORIES]
    environment = {"PYTHONHASHSEED": hash_seed, "PATH": ""}
    subprocess.run([*command, "--out", str(folder)], check=True, env=environment)
    files = sorted(folder.rglob("*.jsonl"))
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Return the files of a corpus as bytes."""
    return generate(tmp_path_factory.mktemp("syndication"))


@pytest.fixture(scope="module")
def corpus(files):
    """Return the rows of each file of a corpus by its name."""
    return {
        Path(name).stem: [json.loads(line) for line in data.decode().splitlines()]
        for name, data in files.items()
    }


@pytest.fixture(scope="module")
def texts(corpus):
    """Return the text of each document by id."""
    return {row["id"]: row["text"] for row in corpus["documents"]}


def words(text):
    """Lower-case words with their offsets."""
    return [(m.group().lower(), m.start(), m.end()) for m in re.finditer(r"[^\W_]+", text)]


def test_same_seed_same_bytes(files, tmp_path):
    """The same seed gives the same files whatever the order of hashes; another seed does not."""
    assert generate(tmp_path / "again", hash_seed="2") == files
    assert generate(tmp_path / "other", seed="4") != files


def test_documents_are_whole(corpus, texts):
    """Each document has an id of its own, a text, a title, a source and an address."""
    assert len(texts) == len(corpus["documents"]) > 100
    for row in corpus["documents"]:
        assert all(row[name].strip() for name in ("id", "text", "title", "source", "url"))


def test_spans_lie_within_the_text(corpus, texts):
    """Every span of the truth is a part of its text and holds no white space at its ends."""
    for row in corpus["matches"]:
        for side in "ab":
            part = texts[row[side]][row[f"{side}_start"] : row[f"{side}_end"]]
            assert part
            assert part == part.strip()
    for row in corpus["boilerplate"]:
        part = texts[row["document"]][row["start"] : row["end"]]
        assert part
        assert "\n" not in part


def test_exact_matches_are_equal_and_others_are_not(corpus, texts):
    """Kind `exact` is said of passages that differ at most in white space."""
    for row in corpus["matches"]:
        sides = [texts[row[s]][row[f"{s}_start"] : row[f"{s}_end"]].split() for s in "ab"]
        if row["kind"] == "exact":
            assert sides[0] == sides[1]


def test_sources_came_before(corpus):
    """A source is another document, was truly published before, and no chain comes back."""
    at = {row["id"]: row["true_date"] for row in corpus["parents"]}
    for row in corpus["parents"]:
        for parent in row["parents"]:
            assert at[parent] < at[row["id"]]


def test_sources_share_a_passage(corpus):
    """A document and each visible source share a passage, but for scraps under twelve words."""
    scraps = {row["id"] for row in corpus["documents"] if len(row["text"]) < 400}
    shared = {frozenset((row["a"], row["b"])) for row in corpus["matches"]}
    pairs = [{row["id"], parent} for row in corpus["parents"] for parent in row["parents"]]
    unmatched = [pair for pair in pairs if frozenset(pair) not in shared]
    assert all(pair & scraps for pair in unmatched)


def test_derivations_and_parents_agree(corpus):
    """Both files name the same sources; one source of each derived document is primary."""
    visible, hidden, primary = defaultdict(set), defaultdict(set), defaultdict(int)
    for row in corpus["derivations"]:
        side = hidden if row["source"].startswith("~") else visible
        side[row["derived"]].add(row["source"])
        primary[row["derived"]] += row["primary"]
    for row in corpus["parents"]:
        assert visible[row["id"]] == set(row["parents"])
        assert bool(hidden[row["id"]]) == row["hidden_parent"]
    assert set(primary.values()) == {1}
    fed = {(row["id"], d) for row in corpus["hidden_sources"] for d in row["documents"]}
    assert fed == {(source, d) for d, sources in hidden.items() for source in sources}


def test_dates_are_what_their_status_says(corpus):
    """A right date states the true day; a missing one is left out."""
    stated = {row["id"]: row.get("date") for row in corpus["documents"]}
    zone = re.compile(r"[+-]\d\d:\d\d$")
    for row in corpus["dates"]:
        date = stated[row["document"]]
        assert (date is None) == (row["status"] == "missing")
        if row["status"] == "right" and not zone.search(date):
            assert row["published"].startswith(date[:10])


def test_unrelated_documents_share_no_unlabelled_run(corpus, texts):
    """No twelve words in a row are shared by documents of different stories outside the truth.

    Page furniture, and credits that name an outlet or an agency, are no story's text.
    """
    stories = {row["id"]: set(row["stories"]) for row in corpus["parents"]}
    labelled = defaultdict(list)
    for row in corpus["matches"]:
        labelled[row["a"], row["b"]].append(row)
    furniture = defaultdict(list)
    for row in corpus["boilerplate"]:
        furniture[row["document"]].append(row)
    carriers = defaultdict(list)
    for identity, text in texts.items():
        found = words(text)
        for n in range(len(found) - RUN + 1):
            start, end = found[n][1], found[n + RUN - 1][2]
            if any(f["start"] < end and start < f["end"] for f in furniture[identity]):
                continue
            if re.search(r"material was used|first appeared|contributed to|Source:|an earlier|By ",
                         text[start:end]):  # fmt: skip
                continue
            carriers[" ".join(w for w, _, _ in found[n : n + RUN])].append((identity, start, end))
    for run, places in carriers.items():
        for (a, a_start, a_end), (b, b_start, b_end) in combinations(sorted(places), 2):
            if a == b or stories[a] & stories[b]:
                continue
            assert any(
                r["a_start"] < a_end and a_start < r["a_end"]
                and r["b_start"] < b_end and b_start < r["b_end"]
                for r in labelled[a, b]
            ), run  # fmt: skip


def test_habits_are_all_there(corpus):
    """Every role, hidden and several sources, and all states of dates occur."""
    roles = {row["role"] for row in corpus["parents"]}
    assert roles >= {
        "lead",
        "member",
        "gathered",
        "translation",
        "archive",
        "single",
        "independent",
    }
    assert any(row["hidden_parent"] for row in corpus["parents"])
    assert any(len(row["parents"]) > 1 for row in corpus["parents"])
    assert {row["status"] for row in corpus["dates"]} == {"right", "wrong", "missing"}
    assert {row["class"] for row in corpus["matches"]} == {"reuse", "quotation", "widely_shared"}
