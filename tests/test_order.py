"""The result folder is the same, byte for byte, in whatever order and on whatever path it is made.

`run.json` is what may differ.
"""

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

import provenance
from provenance.output import folder

SEEDS = Path(__file__).parents[1] / "seeds"
CORPORA = ("wire", "independent", "languages")


def saved(documents, place, **options):
    """Scan documents and return the bytes of each file of the result."""
    folder.save(provenance.scan(documents, **options), place)
    return {path.name: path.read_bytes() for path in place.iterdir() if path.name != "run.json"}


def shuffled(items, seed):
    """Return the items in an order that the seed decides."""
    items = list(items)
    random.Random(seed).shuffle(items)
    return items


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Return the files of the result of each corpus, its records as they stand."""
    return {
        corpus: saved(
            provenance.read(SEEDS / corpus / "documents.jsonl"), tmp_path_factory.mktemp(corpus)
        )
        for corpus in CORPORA
    }


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("corpus", CORPORA)
def test_documents_in_any_order_give_the_same_bytes(corpus, seed, results, tmp_path):
    """What the library is given first does not matter."""
    documents = shuffled(provenance.read(SEEDS / corpus / "documents.jsonl"), seed)
    assert saved(documents, tmp_path / "result") == results[corpus]


@pytest.mark.parametrize("seed", [1, 2])
def test_records_in_any_order_give_the_same_bytes(seed, results, tmp_path):
    """Records with ids of their own may change places; only their number in the file follows."""
    lines = (SEEDS / "wire" / "documents.jsonl").read_text(encoding="utf-8").splitlines()
    file = tmp_path / "documents.jsonl"
    file.write_text("".join(f"{line}\n" for line in shuffled(lines, seed)), encoding="utf-8")
    found = saved(provenance.read(file), tmp_path / "result")
    rows, expected = (
        [json.loads(line) for line in files.pop("documents.jsonl").splitlines()]
        for files in (found, dict(results["wire"]))
    )
    assert {row.pop("path") for row in rows} == {row.pop("path") for row in expected}
    assert rows == expected
    assert found == {k: v for k, v in results["wire"].items() if k != "documents.jsonl"}


def test_files_in_any_order_give_the_same_bytes(tmp_path):
    """The order of paths on the command line does not matter, and neither do their dates."""
    texts = provenance.read(SEEDS / "wire" / "documents.jsonl")
    files = []
    for document in texts:
        files.append(tmp_path / f"{document.id}.txt")
        files[-1].write_text(document.text, encoding="utf-8")
    first = saved(provenance.read(files), tmp_path / "first")
    assert saved(provenance.read(shuffled(files, 1)), tmp_path / "second") == first
    assert len(json.loads(first["audit.json"])["counts"]) > 10


@pytest.mark.parametrize("corpus", CORPORA)
def test_compiled_and_plain_paths_give_the_same_bytes(corpus, results, tmp_path):
    """Nobody can tell from a result which path made it; these corpora are small, so plain."""
    documents = list(provenance.read(SEEDS / corpus / "documents.jsonl"))
    assert saved(documents, tmp_path / "result", compile_kernels=True) == results[corpus]


def conclusions(audit, name):
    """Return the derivations and clusters of an audit, each document by another name."""
    rows = {
        (name(row.source), name(row.derived), row.kind, row.decided, round(row.share, 4))
        for row in audit.lineage.derivations
    }
    return rows, {frozenset(map(name, cluster.members)) for cluster in audit.clusters}


@pytest.mark.parametrize("corpus", CORPORA)
def test_other_ids_change_nothing_but_ids(corpus):
    """Ids name rows and order them; they decide nothing."""
    documents = list(provenance.read(SEEDS / corpus / "documents.jsonl"))
    ids = [document.id for document in documents]
    name = dict(zip(ids, shuffled(ids, 3), strict=True))
    renamed = [replace(document, id=name[document.id]) for document in documents]
    # The key of a hidden source is made from the ids of the documents it feeds.
    found = conclusions(provenance.scan(renamed), lambda node: node.partition("#")[0])
    expected = conclusions(
        provenance.scan(documents), lambda node: name.get(node, node.partition("#")[0])
    )
    assert found == expected
