"""How fast JSON Lines become signatures on one core: `python benchmarks/readers/signatures.py X`.

Reading, scanning, tokens, MinHash signatures and winnowed shingles of every document are in it;
nothing is kept. The first round may compile and is not counted.
"""

import argparse
import os
import time
from pathlib import Path

from provenance.config import Config
from provenance.match.sketches import Sketcher
from provenance.readers import read
from provenance.readers.bulk import Batch, Block, batches
from provenance.text.corpus import Tokenizer


def run(path: Path) -> tuple[float, int]:
    """Return the seconds of processor time that a file takes, and how many documents it holds."""
    tokenizer, sketcher = Tokenizer(places=False), Sketcher(Config(threshold=0.7))
    documents = 0
    began = time.process_time()
    for block in read(path).bulk():
        for batch in batches(block) if isinstance(block, Block) else (block,):
            if isinstance(batch, Batch):
                tokens = tokenizer.tokenize(batch.data, batch.bounds)
                sketcher.sketch(tokens.hashes, tokens.counts)
                documents += len(batch)
    return time.process_time() - began, documents


def main() -> None:
    """Print the best of some rounds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    run(options.file)
    seconds, documents = min(run(options.file) for _ in range(options.rounds))
    megabytes = options.file.stat().st_size / 1e6
    print(
        f"{documents:,} documents, {megabytes:,.0f} MB: {seconds:.2f} s, "
        f"{megabytes / seconds:.0f} MB/s (load {os.getloadavg()[0]:.1f})"
    )


if __name__ == "__main__":
    main()
