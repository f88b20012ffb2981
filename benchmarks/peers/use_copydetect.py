"""Documents that share passages, with copydetect: winnowed runs of characters, all pairs."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import copydetect
from words import arguments, texts, write

LEAST = 0.05  # of the shorter document


def pairs(documents: list[str], work: Path) -> Iterator[tuple[int, int]]:
    """Yield the pairs of which one document shares enough with the other."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    for number, text in enumerate(documents):
        (work / f"{number}.txt").write_text(text, "utf-8")
    detector = copydetect.CopyDetector(
        test_dirs=[str(work)],
        extensions=["txt"],
        noise_t=30,
        guarantee_t=60,
        display_t=LEAST,
        disable_filtering=True,
        force_language="text",
        silent=True,
    )
    detector.run()
    rows = [int(Path(path).stem) for path in detector.test_files]
    columns = [int(Path(path).stem) for path in detector.ref_files]
    alike = detector.similarity_matrix.max(axis=2) > LEAST
    for row, column in zip(*alike.nonzero(), strict=True):
        if rows[row] < columns[column]:
            yield rows[row], columns[column]


if __name__ == "__main__":
    given = arguments()
    write(given.out, sorted(set(pairs(texts(given.corpus), given.work))))
