"""Clusters of near-duplicates with text-dedup: its MinHash command, xxh3 in 32 bits."""

import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from words import SIZE, arguments, pairs_of, write


def labels(corpus: Path, work: Path, threshold: float) -> Iterator[int]:
    """Yield the cluster of each line."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    command = [sys.executable, "-m", "text_dedup.minhash"]
    command += ["--path", "json", "--data_files", str(corpus), "--split", "train"]
    command += ["--cache_dir", str(work / "cache"), "--output", str(work / "out")]
    command += ["--column", "text", "--ngram", str(SIZE), "--num_perm", "128"]
    command += ["--threshold", str(threshold), "--hash_func", "xxh3", "--hash_bits", "32"]
    command += ["--min_length", str(SIZE), "--num_proc", "1", "--debug"]
    offline = {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HOME": str(work / "home")}
    subprocess.run(command, check=True, env={**os.environ, **offline})
    with (work / "out" / "uf.pkl").open("rb") as file:
        union = pickle.load(file)  # noqa: S301 - it was written a moment ago
    parent = getattr(union, "parent", union)
    with corpus.open("rb") as lines:
        for number, _ in enumerate(lines):
            root = number
            while parent.get(root, root) != root:
                root = parent[root]
            yield root


if __name__ == "__main__":
    given = arguments()
    write(given.out, pairs_of(labels(given.corpus, given.work, given.threshold)))
