r"""The peer: near-duplicate pairs with datasketch 2 at its fastest.

    python benchmarks/peer_datasketch.py news.jsonl found.txt

Sets of five words in a row, hashed with xxh32 (its default, sha1, takes twice the time),
`affine32` signatures of 128 values through `update_batch`, its own choice of bands for the
threshold, and every candidate checked on the two signatures. Writes a line `i j` of line numbers
for each pair.
"""

import argparse
import re
from pathlib import Path

import orjson
import xxhash
from datasketch import MinHash, MinHashLSH


def shingles(text: str) -> list[bytes]:
    """Return the distinct runs of five words of a text."""
    words = re.findall(r"\w+", text.lower())
    if len(words) <= 5:
        return [" ".join(words).encode()]
    runs = zip(*(words[start:] for start in range(5)), strict=False)
    return [run.encode() for run in {" ".join(run) for run in runs}]


def main() -> None:
    """Write the pairs of the corpus named on the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--threshold", type=float, default=0.7)
    arguments = parser.parse_args()
    with arguments.corpus.open("rb") as lines:
        texts = [orjson.loads(line)["text"] for line in lines]
    empty = MinHash(num_perm=128, scheme="affine32", hashfunc=xxhash.xxh32_intdigest)
    signatures = []
    for text in texts:
        signature = empty.copy()
        signature.update_batch(shingles(text))
        signatures.append(signature)
    index = MinHashLSH(threshold=arguments.threshold, num_perm=128)
    with arguments.out.open("w", encoding="utf-8") as out:
        for number, signature in enumerate(signatures):
            for other in index.query(signature):
                if signature.jaccard(signatures[other]) >= arguments.threshold:
                    out.write(f"{other} {number}\n")
            index.insert(number, signature, check_duplication=False)


if __name__ == "__main__":
    main()
