"""Score scans of the labelled corpora: `python tests/accuracy.py [--update [--lower]] [--errors]`.

Without options the figures are printed beside their floors. `--update` raises the floors that the
figures allow and never lowers one; with `--lower` it takes the figures of today, and the digest of
a corpus that was changed. `--errors` lists what the scans got wrong.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from scoring import (
    Pair,
    Row,
    Scored,
    Sides,
    covered,
    edges,
    figures,
    furniture,
    pairs_within,
    same_hidden_sources,
    share_covered,
    spans_by_pair,
    true_class,
)

import provenance
from provenance.output.rows import COLUMNS, rows

SEEDS = Path(__file__).parents[1] / "seeds"
FLOORS = Path(__file__).with_name("accuracy_floors.json")
CORPORA = ("wire", "independent", "languages")
TRUTH = ("matches", "boilerplate", "clusters", "derivations", "hidden_sources")
MARGIN = 0.01
# Lineage is decided by few documents, each worth two or three hundredths.
WIDE_MARGIN = 0.08
WIDE = ("related", "edges", "direction", "decided", "hidden_sources", "originals")


def digest(corpus: str) -> str:
    """Return the SHA-256 of the documents of a corpus."""
    return hashlib.sha256((SEEDS / corpus / "documents.jsonl").read_bytes()).hexdigest()


def load(path: Path) -> list[Row]:
    """Return the rows of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def scanned(corpus: str) -> Scored:
    """Scan a corpus and return it with its truth."""
    folder = SEEDS / corpus
    audit = provenance.scan(provenance.read(folder / "documents.jsonl"))
    return Scored(
        {row["id"]: row for row in load(folder / "documents.jsonl")},
        {name: load(folder / "truth" / f"{name}.jsonl") for name in TRUTH},
        {name: list(rows(audit, name)) for name in COLUMNS},
    )


def load_floors() -> dict[str, Row]:
    """Return the digest and the floors of each corpus."""
    floors: dict[str, Row] = json.loads(FLOORS.read_text(encoding="utf-8"))
    return floors


def below(found: dict[str, float], floors: dict[str, float]) -> list[str]:
    """Return a line for each figure that is missing or lies below its floor."""
    return [
        f"{name} is {found.get(name, 'missing')}, its floor {floor}"
        for name, floor in floors.items()
        if not found.get(name, -1.0) >= floor
    ]


def raised(found: dict[str, float], floors: dict[str, float]) -> dict[str, float]:
    """Return the floors, each raised to a margin under its figure where that is higher."""
    new = {}
    for name, value in found.items():
        margin = WIDE_MARGIN if name.startswith(WIDE) else MARGIN
        new[name] = max(floors.get(name, 0.0), round(max(value - margin, 0.0), 4))
    return floors | new


def update(found: dict[str, dict[str, float]], *, lower: bool) -> list[str]:
    """Write the floors; returns instead what would have had to be lowered, unless `lower`."""
    known = load_floors() if FLOORS.exists() and not lower else {}
    refused = [
        f"{corpus}: its documents changed; floors belong to a text"
        for corpus in known
        if known[corpus]["digest"] != digest(corpus)
    ]
    for corpus in known:
        refused += [f"{corpus}: {line}" for line in below(found[corpus], known[corpus]["floors"])]
    if refused:
        return refused
    floors = {
        corpus: {
            "digest": digest(corpus),
            "floors": raised(found[corpus], known.get(corpus, {}).get("floors", {})),
        }
        for corpus in CORPORA
    }
    FLOORS.write_text(json.dumps(floors, indent=2) + "\n", encoding="utf-8")
    return []


def errors(scored: Scored) -> Iterator[str]:
    """Yield a line for each thing that a scan got wrong."""
    yield from _wrong_matches(scored)
    yield from _wrong_furniture(scored)
    yield from _wrong_clusters(scored)
    yield from _wrong_derivations(scored)


def _words(scored: Scored, document: str, start: int, end: int) -> str:
    text = scored.documents[document]["text"][start:end]
    return repr(text if len(text) < 130 else f"{text[:80]} … {text[-40:]}")


def _sides(row: Row) -> tuple[Pair, Sides]:
    ((pair, (sides,)),) = spans_by_pair([row]).items()
    return pair, sides


def _wrong_matches(scored: Scored) -> Iterator[str]:
    found, true = scored.found["matches"], scored.truth["matches"]
    for title, these, those in (("false match", found, true), ("missed match", true, found)):
        others = spans_by_pair(those)
        for row in these:
            pair, sides = _sides(row)
            share = share_covered(sides, others.get(pair, ()))
            if share < 0.8:
                a, b = (_words(scored, row[s], row[f"{s}_start"], row[f"{s}_end"]) for s in "ab")
                what = f"{row['class']} {row['kind']} {row['a']} {row['b']}"
                yield f"{title} ({share:.0%} right) {what} {a} | {b}"
    for row in found:
        right = true_class(row, true)
        if right and right != row["class"]:
            words = _words(scored, row["a"], row["a_start"], row["a_end"])
            yield f"called {row['class']}, is {right}: {row['a']} {row['b']} {words}"


def _wrong_furniture(scored: Scored) -> Iterator[str]:
    true, found = furniture(scored)
    for title, these, those in (
        ("furniture not recognised", true, found),
        ("taken for furniture", found, true),
    ):
        for document in sorted(these):
            for span in sorted(set(these[document])):
                if covered(span, those.get(document, ())) < 0.8 * (span[1] - span[0]):
                    yield f"{title} {document} {_words(scored, document, *span)}"


def _wrong_clusters(scored: Scored) -> Iterator[str]:
    found, true = (
        pairs_within(row["members"] for row in tables["clusters"])
        for tables in (scored.found, scored.truth)
    )
    yield from (f"false pair in a cluster {' '.join(pair)}" for pair in sorted(found - true))
    yield from (f"missed pair of a cluster {' '.join(pair)}" for pair in sorted(true - found))


def _wrong_derivations(scored: Scored) -> Iterator[str]:
    true, found = edges(scored.truth["derivations"]), edges(scored.found["derivations"])
    relations = {(row["a"], row["b"]): row["relation"] for row in scored.truth["matches"]}
    for pair, row in found.items():
        sure = "decided" if row["decided"] else "undecided"
        how = f"{row['kind']} {sure} {row['confidence']} {row['direction_confidence']}"
        arrow = f"{row['derived']} from {row['source']} {how}"
        if pair not in true:
            yield f"false edge ({relations.get(pair, 'unrelated')}) {arrow}"
        elif true[pair]["source"] != row["source"]:
            certain = "" if true[pair]["direction_certain"] else " (nobody could tell)"
            yield f"wrong direction{certain} {arrow}"
    for pair in sorted(true.keys() - found.keys()):
        row = true[pair]
        yield f"missed edge {row['derived']} from {row['source']} {row['kind']}"
    same = same_hidden_sources(scored)
    for title, tables, known in (
        ("false", scored.found, same.keys()),
        ("missed", scored.truth, same.values()),
    ):
        for row in tables["hidden_sources"]:
            if row["id"] not in known:
                yield f"{title} hidden source {row['id']} of {' '.join(row['documents'])}"


def main() -> int:
    """Print figures and floors, update them or list errors; returns the exit code."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--update", action="store_true", help="raise the floors")
    options.add_argument("--lower", action="store_true", help="with --update: lower them, too")
    options.add_argument("--errors", action="store_true", help="list what is wrong")
    chosen = options.parse_args()
    scans = {corpus: scanned(corpus) for corpus in CORPORA}
    found = {corpus: figures(scored) for corpus, scored in scans.items()}
    if chosen.errors:
        for corpus, scored in scans.items():
            sys.stdout.writelines(f"{corpus} {line}\n" for line in errors(scored))
        return 0
    refused = update(found, lower=chosen.lower) if chosen.update else []
    floors = load_floors() if FLOORS.exists() else {}
    for corpus in CORPORA:
        of_corpus = floors.get(corpus, {}).get("floors", {})
        for name, value in found[corpus].items():
            floor = of_corpus.get(name)
            mark = "  BELOW" if floor is not None and value < floor else ""
            sys.stdout.write(f"{corpus:<12} {name:<30} {value:.4f}  {floor}{mark}\n")
    for line in refused:
        sys.stderr.write(f"not lowered: {line}\n")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
