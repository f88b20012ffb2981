"""What the scripts of the peers share: the arguments, the texts, their runs of five words."""

import argparse
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson

SIZE = 5


def arguments() -> argparse.Namespace:
    """Return the corpus, the file to write, a folder to work in and the threshold."""
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--work", type=Path, default=Path("peer-work"))
    parser.add_argument("--threshold", type=float, default=0.7)
    return parser.parse_args()


def texts(corpus: Path) -> list[str]:
    """Return the texts of JSON Lines."""
    with corpus.open("rb") as lines:
        return [orjson.loads(line)["text"] for line in lines]


def runs(text: str) -> list[str]:
    """Return the runs of five words of a text, repeated ones included."""
    words = re.findall(r"\w+", text.lower())
    if len(words) <= SIZE:
        return [" ".join(words)]
    found = zip(*(words[start:] for start in range(SIZE)), strict=False)
    return [" ".join(run) for run in found]


def write(out: Path, pairs: Iterable[tuple[int, int]]) -> None:
    """Write a line `i j` of line numbers for each pair."""
    with out.open("w", encoding="utf-8") as file:
        file.writelines(f"{i} {j}\n" for i, j in pairs)


def pairs_of(labels: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield all pairs of documents with one label, for peers that give clusters."""
    members: dict[int, list[int]] = {}
    for number, label in enumerate(labels):
        for other in members.setdefault(label, []):
            yield other, number
        members[label].append(number)
