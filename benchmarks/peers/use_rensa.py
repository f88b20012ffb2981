"""Near-duplicate pairs with rensa: RMinHash signatures of 128 values, its index in 16 bands.

Every candidate is checked on the two signatures. Its other sketches are faster and only flag
documents, which answers another question.
"""

from collections.abc import Iterator

from rensa import RMinHash, RMinHashLSH
from words import arguments, runs, texts, write

AT_A_TIME = 2000


def pairs(documents: list[str], threshold: float) -> Iterator[tuple[int, int]]:
    """Yield the pairs whose signatures agree in a share of the threshold."""
    signatures = []
    for first in range(0, len(documents), AT_A_TIME):
        sets = [runs(text) for text in documents[first : first + AT_A_TIME]]
        signatures += RMinHash.from_token_sets(sets, 128, 42)
    index = RMinHashLSH(threshold, 128, 16)
    for number, signature in enumerate(signatures):
        index.insert(number, signature)
    for number, signature in enumerate(signatures):
        for other in index.query(signature):
            if other > number and signature.jaccard(signatures[other]) >= threshold:
                yield number, other


if __name__ == "__main__":
    given = arguments()
    write(given.out, pairs(texts(given.corpus), given.threshold))
