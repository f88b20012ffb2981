"""Near-duplicate pairs with fastsketchlsh: sketches of 128 values, its index in 16 bands.

Every candidate is checked on the two sketches.
"""

from collections.abc import Iterator

import numpy as np
from FastSketchLSH import LSH, FastSimilaritySketch
from words import arguments, runs, texts, write

AT_A_TIME = 2000


def pairs(documents: list[str], threshold: float) -> Iterator[tuple[int, int]]:
    """Yield the pairs whose sketches agree in a share of the threshold."""
    sketch = FastSimilaritySketch(size=128, seed=42)
    parts = []
    for first in range(0, len(documents), AT_A_TIME):
        sets = [runs(text) for text in documents[first : first + AT_A_TIME]]
        parts.append(np.asarray(sketch.batch(sets, num_threads=1)))
    sketches = np.concatenate(parts)
    index = LSH(num_perm=128, num_bands=16)
    index.insert(sketches)
    for number, row in enumerate(sketches):
        for other in map(int, index.query(row)):
            if other > number and (row == sketches[other]).mean() >= threshold:
                yield number, other


if __name__ == "__main__":
    given = arguments()
    write(given.out, pairs(texts(given.corpus), given.threshold))
