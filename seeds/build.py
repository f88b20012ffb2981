"""Compose the labelled corpora from the written stories: `python seeds/build.py [--check]`.

Writes documents.jsonl and truth/*.jsonl of every corpus and the table of digests in README.md.
With --check nothing is written; it fails (exit 1) where a file differs from what it would write.
"""

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import truth  # noqa: E402 - found beside this script, however it is started
from composition import Corpus  # noqa: E402
from recipes import independent, languages, wire  # noqa: E402

CORPORA: dict[str, Callable[[], Corpus]] = {
    "wire": wire.corpus,
    "independent": independent.corpus,
    "languages": languages.corpus,
}
TABLE_START, TABLE_END = "<!-- digests: written by build.py -->", "<!-- end of digests -->"


def build() -> dict[Path, str]:
    """The text of every file that the recipes make, by path."""
    files: dict[Path, str] = {}
    table = ["| corpus | documents | SHA-256 of documents.jsonl |", "| --- | --- | --- |"]
    for name, recipe in CORPORA.items():
        corpus = recipe()
        documents = truth.render(corpus)
        matched = truth.matches(corpus, documents)
        if missed := truth.unlabelled(documents, matched):
            raise truth.TruthError("shared text that the truth does not name: " + missed[0])
        _check_quotations(corpus, matched, documents)
        folder = HERE / name
        text = _lines([document.record() for document in documents])
        files[folder / "documents.jsonl"] = text
        for file, rows in {
            "matches": matched,
            "derivations": truth.derivations(documents),
            "hidden_sources": truth.hidden_sources(documents),
            "boilerplate": truth.boilerplate(documents),
            "clusters": truth.clusters(documents),
            "dates": truth.dates(documents),
        }.items():
            files[folder / "truth" / f"{file}.jsonl"] = _lines(rows)
        digest = hashlib.sha256(text.encode()).hexdigest()
        table.append(f"| {name} | {len(documents)} | `{digest}` |")
    readme = (HERE / "README.md").read_text(encoding="utf-8")
    head, _, rest = readme.partition(TABLE_START)
    tail = rest.partition(TABLE_END)[2]
    table_text = "\n".join(table)
    files[HERE / "README.md"] = f"{head}{TABLE_START}\n{table_text}\n{TABLE_END}{tail}"
    return files


def _check_quotations(
    corpus: Corpus, rows: list[truth.Row], documents: list[truth.Rendered]
) -> None:
    texts = {document.id: document.text for document in documents}
    quoted = Counter(
        texts[row["a"]][row["a_start"] : row["a_end"]]
        for row in rows
        if row["class"] == "quotation"
    )
    for words in corpus.quotations:
        if not quoted[words]:
            message = f"no two unrelated documents share the quotation: {words}"
            raise truth.TruthError(message)


def _lines(rows: list[truth.Row]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def main() -> int:
    """Write the corpora, or with --check compare them; returns the exit code."""
    files = build()
    if "--check" not in sys.argv[1:]:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        return 0
    stale = [p for p, text in files.items() if not p.exists() or p.read_bytes() != text.encode()]
    for path in stale:
        sys.stderr.write(f"{path.relative_to(HERE)} differs: run python seeds/build.py\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
