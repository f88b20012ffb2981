"""Near-duplicate pairs with datasketch 2 at its fastest.

Runs of five words hashed with xxh32 (its default, sha1, takes twice the time), `affine32`
signatures of 128 values through `update_batch`, its own choice of bands for the threshold, and
every candidate checked on the two signatures.
"""

from collections.abc import Iterator

import xxhash
from datasketch import MinHash, MinHashLSH
from words import arguments, runs, texts, write


def pairs(documents: list[str], threshold: float) -> Iterator[tuple[int, int]]:
    """Yield the pairs whose signatures agree in a share of the threshold."""
    empty = MinHash(num_perm=128, scheme="affine32", hashfunc=xxhash.xxh32_intdigest)
    signatures = []
    for text in documents:
        signature = empty.copy()
        signature.update_batch([run.encode() for run in set(runs(text))])
        signatures.append(signature)
    index = MinHashLSH(threshold=threshold, num_perm=128)
    for number, signature in enumerate(signatures):
        for other in index.query(signature):
            if signature.jaccard(signatures[other]) >= threshold:
                yield other, number
        index.insert(number, signature, check_duplication=False)


if __name__ == "__main__":
    given = arguments()
    write(given.out, pairs(texts(given.corpus), given.threshold))
