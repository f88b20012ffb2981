"""How hard a corpus is: `python measure.py DIR` prints the figures that the README quotes."""

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import Any

from truth import words

SHINGLE = 5
LEVELS = (0.5, 0.2, 0.1)
ORIGINS = {"snap", "urgent", "lead", "writethru", "correction", "release"}


def read(path: Path) -> list[dict[str, Any]]:
    """The rows of a file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def moment(text: str | None) -> datetime | None:
    """A stated date as a moment; without a zone taken as UTC."""
    if not text:
        return None
    read_date = datetime.fromisoformat(text)
    return read_date if read_date.tzinfo else read_date.replace(tzinfo=UTC)


def similarities(
    documents: Sequence[dict[str, Any]],
) -> tuple[dict[tuple[str, str], float], dict[tuple[str, str], float]]:
    """Jaccard, and containment of the smaller, of word 5-grams for each pair that shares one."""
    grams = {}
    for row in documents:
        said = words(row["text"])
        grams[row["id"]] = {tuple(said[n : n + SHINGLE]) for n in range(len(said) - SHINGLE + 1)}
    carriers: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for identity in sorted(grams):
        for gram in grams[identity]:
            carriers[gram].append(identity)
    common: Counter[tuple[str, str]] = Counter()
    for held in carriers.values():
        common.update(combinations(held, 2))
    sizes = {identity: len(held) for identity, held in grams.items()}
    jaccard = {(a, b): n / (sizes[a] + sizes[b] - n) for (a, b), n in common.items()}
    contained = {(a, b): n / min(sizes[a], sizes[b]) for (a, b), n in common.items()}
    return jaccard, contained


def most_similar_earlier(
    parents: Sequence[dict[str, Any]],
    jaccard: dict[tuple[str, str], float],
    date_of: Callable[[str], datetime | None],
) -> float:
    """Share of the one-source documents whose source is the most similar earlier document.

    Without a date either way a document counts as earlier.
    """
    near: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for (a, b), value in jaccard.items():
        near[a].append((value, b))
        near[b].append((value, a))
    asked = [row for row in parents if len(row["parents"]) == 1 and not row["hidden_parent"]]
    right = 0
    for row in asked:
        own = date_of(row["id"])
        earlier = [
            (value, other)
            for value, other in near[row["id"]]
            if own is None or (date_of(other) or own) <= own
        ]
        right += bool(earlier) and max(earlier)[1] in row["parents"]
    return right / len(asked)


def sharing_most(
    parents: Sequence[dict[str, Any]], matches: Sequence[dict[str, Any]]
) -> tuple[float, float]:
    """How far the truth itself leads: shares of the one-source documents.

    First where no truly earlier document shares more reused text than the source does, then
    where the source alone shares as much.
    """
    shared: dict[str, Counter[str]] = defaultdict(Counter)
    for row in matches:
        if row["class"] == "reuse":
            shared[row["a"]][row["b"]] += row["a_end"] - row["a_start"]
            shared[row["b"]][row["a"]] += row["b_end"] - row["b_start"]
    at = {row["id"]: row["true_date"] for row in parents}
    asked = [row for row in parents if len(row["parents"]) == 1 and not row["hidden_parent"]]
    most = alone = 0
    for row in asked:
        earlier = {o: n for o, n in shared[row["id"]].items() if at[o] < row["true_date"]}
        top = [other for other, n in earlier.items() if n == max(earlier.values())]
        most += row["parents"][0] in top
        alone += top == row["parents"]
    return most / len(asked), alone / len(asked)


def without_origin(parents: Sequence[dict[str, Any]]) -> tuple[int, int]:
    """How many told stories have no agency version or release in the corpus, and how many exist."""
    roles: dict[str, set[str]] = defaultdict(set)
    for row in parents:
        for story in row["stories"]:
            if story.removeprefix("story").isdigit():
                roles[story].add(row["role"])
    return sum(not held & ORIGINS for held in roles.values()), len(roles)


def report(folder: Path) -> str:
    """The figures as lines of Markdown."""
    documents, parents = read(folder / "documents.jsonl"), read(folder / "parents.jsonl")
    matches = read(folder / "truth" / "matches.jsonl")
    hidden = read(folder / "truth" / "hidden_sources.jsonl")
    jaccard, contained = similarities(documents)
    total = len(documents)
    characters = sum(len(row["text"]) for row in documents)
    lines = [f"- {total} documents, {characters / 1e6:.1f} M characters"]
    for name in ("role", "date_status"):
        counts = Counter(row[name] for row in parents).most_common()
        lines.append(f"- {name}: " + ", ".join(f"{key} {count}" for key, count in counts))
    derived = {tuple(sorted((p, row["id"]))) for row in parents for p in row["parents"]}
    reused = {(row["a"], row["b"]) for row in matches if row["class"] == "reuse"}
    for name, pairs in (("source pairs", derived), ("pairs that share reused text", reused)):
        shares = ", ".join(
            f">= {level}: {sum(jaccard.get(p, 0) >= level for p in pairs) / len(pairs):.2f}"
            for level in LEVELS
        )
        lines.append(f"- {len(pairs)} {name}; Jaccard of word 5-grams {shares}")
    for level in (0.1, 0.3, 0.5):
        found = {pair for pair, value in contained.items() if value >= level}
        hits = len(found & reused)
        lines.append(
            f"- containment >= {level} as a rule for reuse: precision {hits / len(found):.2f}, "
            f"recall {hits / len(reused):.2f}"
        )
    stated = {row["id"]: moment(row.get("date")) for row in documents}
    true = {row["id"]: moment(row["true_date"]) for row in parents}
    for name, date in (("stated", stated), ("true", true)):
        right = most_similar_earlier(parents, jaccard, date.get)
        lines.append(f"- most similar earlier document is the source: {right:.2f} ({name} dates)")
    most, alone = sharing_most(parents, matches)
    lines.append(f"- the source shares most among truly earlier: {most:.2f}, alone {alone:.2f}")
    lines.append("- stories without an origin: {} of {}".format(*without_origin(parents)))
    lines.append(
        f"- {sum(row['hidden_parent'] for row in parents)} documents with a hidden source, "
        f"{len(hidden)} hidden sources; {sum(len(row['parents']) > 1 for row in parents)} "
        f"documents with several sources"
    )
    lines.append(
        f"- matches: {dict(Counter(row['class'] for row in matches))}, "
        f"{dict(Counter(row['kind'] for row in matches))}"
    )
    kin = defaultdict(set)
    for row in parents:
        kin[row["id"]] = set(row["stories"])
    strangers = [v for p, v in jaccard.items() if p not in reused and not kin[p[0]] & kin[p[1]]]
    lines.append(
        f"- {len(strangers)} pairs of unrelated documents share a word 5-gram; "
        f"highest Jaccard {max(strangers, default=0):.3f}"
    )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures of a corpus; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="a folder that generate.py wrote")
    print(report(parser.parse_args(arguments).folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
