"""Write a seeded syndication corpus with its truth: `python generate.py --seed 7 --out DIR`."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import world  # noqa: E402 - found beside this script, however it is started
from truth import Row, Truth, TruthError, render  # noqa: E402


def build(seed: int, stories: int) -> dict[str, list[Row]]:
    """The rows of every file of the corpus, by name.

    Raises:
        TruthError: two unrelated documents share twelve words that the truth does not name.
    """
    drafts = world.make(seed, stories)
    documents = render(drafts, seed)
    truth = Truth(drafts, documents)
    matches = truth.matches()
    if missed := truth.unlabelled(matches):
        raise TruthError(f"{len(missed)} shared runs that the truth does not name: {missed[0]}")
    return {
        "documents": [document.record() for document in documents],
        "parents": truth.parents(),
        "truth/matches": matches,
        "truth/derivations": truth.derivations(),
        "truth/hidden_sources": truth.hidden_sources(),
        "truth/boilerplate": truth.boilerplate(),
        "truth/clusters": truth.clusters(),
        "truth/dates": truth.dates(),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the corpus and print how many documents it has; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=7, help="another seed, another corpus")
    parser.add_argument("--stories", type=int, default=120, help="stories with a life of their own")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    options = parser.parse_args(arguments)
    if options.stories < 4:
        parser.error("--stories must be at least 4, so that digests have something to join")
    files = build(options.seed, options.stories)
    for name, rows in files.items():
        path = options.out / f"{name}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        path.write_text(text, encoding="utf-8", newline="\n")
    print(f"{len(files['documents'])} documents in {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
