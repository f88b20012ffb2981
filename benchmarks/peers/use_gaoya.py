"""Near-duplicate pairs with gaoya: its own words and runs of five, 14 bands of 9, all processors.

It checks the candidates itself.
"""

from collections.abc import Iterator

import gaoya.minhash
from words import SIZE, arguments, texts, write

BANDS, ROWS = 14, 9  # what datasketch picks for a threshold of 0.7


def pairs(documents: list[str], threshold: float) -> Iterator[tuple[int, int]]:
    """Yield the pairs that its index gives."""
    index = gaoya.minhash.MinHashStringIndex(
        32,
        threshold,
        BANDS,
        ROWS,
        None,
        "word",
        True,  # noqa: FBT003 - its arguments have no names
        (SIZE, SIZE),
        "vec",
    )
    index.par_bulk_insert_docs(list(range(len(documents))), documents)
    for number, found in enumerate(index.par_bulk_query(documents)):
        yield from ((number, other) for other in found if other > number)


if __name__ == "__main__":
    given = arguments()
    write(given.out, pairs(texts(given.corpus), given.threshold))
