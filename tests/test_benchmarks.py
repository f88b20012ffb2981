import json
import random
import re
import shutil
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from provenance import read, scan
from provenance.lineage.arcs import read_weights
from provenance.model import MatchClass
from provenance.text.tokens import tokenize

SCRIPTS = Path(__file__).parent.parent / "benchmarks"


def run(name, *arguments):
    """Run a script of the benchmarks; return what it prints."""
    command = [sys.executable, str(SCRIPTS / name), *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """Return a base text of 4,000 words in which every word has several followers."""
    chance = random.Random(1)
    words = [
        f"{onset}{vowel}{end}" for onset in "bdfglmnprst" for vowel in "aeiou" for end in "lnr"
    ]
    lines = [" ".join(chance.choices(words, k=40)) + "." for _ in range(100)]
    path = tmp_path_factory.mktemp("base") / "prose.txt"
    path.write_text("\n".join(lines), "utf-8")
    return path


def make(base, folder):
    """Make a corpus of 60 documents, half of them copies; return it and its truth."""
    folder.mkdir()
    corpus, truth = folder / "news.jsonl", folder / "truth.jsonl"
    options = ["--docs", 60, "--dup-share", 0.5, "--median-words", 80, "--jump", 0.5]
    run("make_corpus.py", "--base", base, *options, "--out", corpus, "--truth", truth)
    return corpus, truth


def test_same_arguments_give_the_same_corpus(base, tmp_path):
    """The generator is seeded: same base and arguments, same bytes."""
    first, second = make(base, tmp_path / "one"), make(base, tmp_path / "two")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


@pytest.mark.parametrize("options", [(), ("--one-version",)])
def test_a_made_story_is_a_story(tmp_path, options):
    """Same arguments give the same bytes, and a scan takes no copy's text for boilerplate."""
    paths = [tmp_path / "one.jsonl", tmp_path / "two.jsonl"]
    for path in paths:
        run("make_story.py", 60, *options, "--out", path)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    audit = scan(read([paths[0]]))
    assert len(audit.documents) == 60
    assert "boilerplate" not in {passage.passage_class for passage in audit.passages}
    reused = [match for match in audit.matches if match.match_class == MatchClass.REUSE]
    assert len({side.document for match in reused for side in (match.a, match.b)}) == 60


WORDS = {
    "own": lambda text: [token.folded for token in tokenize(text)],
    "plain": lambda text: re.findall(r"\w+", text.lower()),
}


@pytest.mark.parametrize("words", WORDS)
def test_exact_pairs_are_those_of_brute_force(base, tmp_path, words):
    """The index behind the truth loses no pair: all pairs counted one by one give the same."""
    corpus, _ = make(base, tmp_path / "corpus")
    out = tmp_path / "pairs.npz"
    run("exact_pairs.py", corpus, out, "--least", 0.5, "--words", words)
    sets = []
    for line in corpus.read_text("utf-8").splitlines():
        found = WORDS[words](json.loads(line)["text"])
        sets.append({tuple(found[start : start + 5]) for start in range(len(found) - 4)})
    expected = {}
    for (i, a), (j, b) in combinations(enumerate(sets), 2):
        jaccard = len(a & b) / len(a | b)
        if jaccard >= 0.5:
            expected[i, j] = pytest.approx(jaccard)
    found = np.load(out)
    pairs = zip(found["i"].tolist(), found["j"].tolist(), strict=True)
    assert len(expected) > 20
    assert dict(zip(pairs, found["jaccard"].tolist(), strict=True)) == expected


def test_every_peer_is_pinned_and_has_a_script():
    """A peer that is measured has its packages, each of one version, and a script that compiles."""
    folder = SCRIPTS / "peers"
    sys.path.insert(0, str(SCRIPTS))
    try:
        import tools
    finally:
        sys.path.remove(str(SCRIPTS))
    for name in (*tools.PAIR_PEERS, *tools.PASSAGE_PEERS):
        lines = (folder / f"{name}.txt").read_text("utf-8").splitlines()
        assert all(re.fullmatch(r"[\w-]+(\[\w+])?==[\d.]+", line) for line in lines)
        assert tools.versions(name)[0].startswith(name.replace("_", "-"))
        script = folder / f"use_{name}.py"
        compile(script.read_text("utf-8"), script, "exec")


def test_base_text_keeps_prose_once(tmp_path):
    """A paragraph of prose is kept once, whatever the file; code and scripts are left out."""
    prose = (
        "The mayor of the town and the members of the council met to talk about the bridge. " * 2
    )
    shop = "A baker sold the last of her bread and closed the shop early because of the snow. " * 2
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "a.txt").write_text(f"{prose}\n\nx = f(1); y = g(2)\n\n{prose}", "utf-8")
    (folder / "b.html").write_text(
        f"<head><title>{shop}</title></head><script>{shop}</script><p>{shop}</p><p>{prose}</p>",
        "utf-8",
    )
    (folder / "c.jsonl").write_text(json.dumps({"text": f"{shop}\n\n{prose}"}) + "\n", "utf-8")
    (folder / "image.png").write_bytes(b"\x89PNG\r\n")
    run("base_text.py", folder, "--out", tmp_path / "prose.txt")
    lines = (tmp_path / "prose.txt").read_text("utf-8").splitlines()
    assert lines == [prose.strip(), shop.strip()]


def test_weights_are_fitted_and_scored_on_what_they_never_saw(tmp_path):
    """A fit gives a table that the lineage reads, and leaving a corpus out gives its figures."""
    seeds = SCRIPTS.parent / "seeds"
    folders = [seeds / "wire", seeds / "languages"]
    run("lineage/fit.py", *folders, "--steps", 4, "--draws", 1, "--out", tmp_path / "weights.json")
    weights = read_weights((tmp_path / "weights.json").read_text("utf-8"))
    assert np.isfinite(weights.anywhere).all()
    assert np.any(weights.anywhere)
    table = run("lineage/leave_one_out.py", *folders, "--steps", 4, "--draws", 1)
    rows = [line.split("|")[1].strip() for line in table.splitlines()[2:]]
    assert rows[:2] == ["wire, stated dates", "wire, undated dates"]


@pytest.mark.slow
def test_copies_are_told_on_a_redis_server_as_datasketch_tells_them():
    """On one server the filter tells every copy that was planted; datasketch runs beside it."""
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is not installed")
    printed = run("index/redis_fleet.py", "--docs", 60, "--turn", 30, "--warm", 8)
    copies = int(re.search(r"(\d+) copies", printed)[1])
    told = dict(re.findall(r"^(.*?)  .* copies told (\d+)/", printed, re.MULTILINE))
    assert copies > 3
    assert int(told.pop("datasketch")) > 0
    assert [int(count) for count in told.values()] == [copies] * 3


def test_the_shapes_of_linearity_are_seeded_and_scanned(tmp_path):
    """Each shape is scanned with and without it, and the same arguments make the same corpora."""
    sizes = ["--docs", 40, "--copies", 20, "--pages", 30, "--megabytes", 0.05]
    shapes = ["story", "boilerplate", "template", "document"]
    printed = run("linearity.py", *sizes, "--work", tmp_path)
    rows = [line.split("|") for line in printed.splitlines() if line.startswith("|")][2:]
    assert [(row[1].strip(), int(row[2])) for row in rows] == list(
        zip(shapes, (40, 30, 30, 1), strict=True)
    )
    assert '"boilerplate"' in (tmp_path / "boilerplate/with/passages.jsonl").read_text("utf-8")
    made = {path: path.read_bytes() for path in tmp_path.glob("*/*.jsonl")}
    assert len(made) == 2 * len(shapes) + 1
    run("linearity.py", *sizes, "--work", tmp_path, "--rounds", 0)
    assert made == {path: path.read_bytes() for path in tmp_path.glob("*/*.jsonl")}
