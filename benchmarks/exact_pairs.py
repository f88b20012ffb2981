r"""Find the exact near-duplicate pairs of a corpus: the truth that tools are scored against.

    python benchmarks/exact_pairs.py news.jsonl pairs.npz

The measure is the Jaccard of the sets of five words in a row. Words are the tokens of the package
by its plain definition, or with `--words plain` those of `re.findall(r"\w+", text.lower())`, which
most peers count. Candidates come from an inverted index over a quarter of all
shingles (by hash) and each is then counted on the full sets, so that among documents of ordinary
length no pair at `--least` or more is missed. Writes arrays `i` and `j` (line numbers, i < j)
and `jaccard`.
"""

import argparse
import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from provenance.text.tokens import tokenize

SHINGLE = 5
MULTIPLIERS = (
    0x9E3779B97F4A7C15,
    0xC2B2AE3D27D4EB4F,
    0x165667B19E3779F9,
    0x27D4EB2F165667C5,
    0x85EBCA77C2B2AE63,
)
# A sampled shingle in more documents than this brings no candidates: those documents share others.
COMMON = 400


def plain_words(piece: str) -> list[str]:
    """Return the runs of word characters."""
    return re.findall(r"\w+", piece.lower())


def own_words(piece: str) -> list[str]:
    """Return the folded tokens of the package."""
    return [token.folded for token in tokenize(piece)]


WORDS: dict[str, Callable[[str], list[str]]] = {"own": own_words, "plain": plain_words}


def shingle_sets(corpus: Path, words_of: Callable[[str], list[str]]) -> list[NDArray[np.uint64]]:
    """Return the sorted set of shingle hashes of every document."""
    vocabulary: dict[str, int] = {}
    pieces: dict[str, list[int]] = {}  # white space separates whatever the definition of words
    texts = []
    with corpus.open(encoding="utf-8") as lines:
        for line in lines:
            numbers: list[int] = []
            for piece in json.loads(line)["text"].split():
                known = pieces.get(piece)
                if known is None:
                    known = [vocabulary.setdefault(w, len(vocabulary)) for w in words_of(piece)]
                    pieces[piece] = known
                numbers += known
            texts.append(np.array(numbers, dtype=np.int64))
    generator = np.random.default_rng(7)
    words = generator.integers(0, 2**63, len(vocabulary), dtype=np.uint64)
    return [hash_shingles(words[numbers]) for numbers in texts]


def hash_shingles(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the sorted set of hashes of the runs of five words; a shorter text is one run."""
    if len(words) < SHINGLE:
        words = np.pad(words, (0, SHINGLE - len(words)))
    count = len(words) - SHINGLE + 1
    hashes = np.zeros(count, np.uint64)
    for place, multiplier in enumerate(MULTIPLIERS):
        hashes ^= hashes >> np.uint64(29)
        hashes *= np.uint64(multiplier)
        hashes += words[place : place + count]
    hashes ^= hashes >> np.uint64(32)
    hashes *= np.uint64(MULTIPLIERS[0])
    hashes ^= hashes >> np.uint64(29)
    return np.unique(hashes)


def candidates(sets: list[NDArray[np.uint64]], least: float) -> NDArray[np.int64]:
    """Return the pairs, as `i * documents + j`, whose sampled shingles agree well enough."""
    sampled = [hashes[hashes & np.uint64(3) == 0] for hashes in sets]
    sizes = np.array([len(hashes) for hashes in sampled])
    hashes = np.concatenate(sampled)
    documents = np.repeat(np.arange(len(sets)), sizes)
    order = np.argsort(hashes, kind="stable")
    hashes, documents = hashes[order], documents[order]
    starts = np.flatnonzero(np.r_[True, hashes[1:] != hashes[:-1]])
    ends = np.r_[starts[1:], len(hashes)]
    shared = (ends - starts > 1) & (ends - starts <= COMMON)
    parts = [np.empty(0, np.int64)]
    for start, end in zip(starts[shared], ends[shared], strict=True):
        i, j = np.triu_indices(end - start, 1)
        holders = documents[start:end]  # ascending: the sort is stable
        parts.append(holders[i] * len(sets) + holders[j])
    pairs, counts = np.unique(np.concatenate(parts), return_counts=True)
    union = sizes[pairs // len(sets)] + sizes[pairs % len(sets)] - counts
    return pairs[counts / np.maximum(1, union) >= least - 0.25]


def main() -> None:
    """Write the exact pairs of the corpus named on the command line."""
    parser = argparse.ArgumentParser(description="Find the exact near-duplicate pairs of a corpus.")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--words", choices=WORDS, default="own")
    parser.add_argument("--least", type=float, default=0.4, help="lowest Jaccard that is written")
    arguments = parser.parse_args()
    sets = shingle_sets(arguments.corpus, WORDS[arguments.words])
    pairs = candidates(sets, arguments.least)
    i, j = pairs // len(sets), pairs % len(sets)
    jaccard = np.empty(len(pairs))
    for row, (a, b) in enumerate(zip(i, j, strict=True)):
        common = np.intersect1d(sets[a], sets[b], assume_unique=True).size
        jaccard[row] = common / (len(sets[a]) + len(sets[b]) - common)
    kept = jaccard >= arguments.least
    np.savez(arguments.out, i=i[kept], j=j[kept], jaccard=jaccard[kept])
    for least in (0.5, 0.7, 0.8, 0.9):
        print(f"Jaccard >= {least}: {int((jaccard >= least).sum())} pairs")


if __name__ == "__main__":
    main()
