"""Clusters of near-duplicates with datatrove: its four stages of MinHash, 14 buckets of 9."""

import shutil
import struct
from collections.abc import Iterator
from pathlib import Path

from datatrove.executor.local import LocalPipelineExecutor
from datatrove.pipeline.dedup import MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import (
    MinhashConfig,
    MinhashDedupBuckets,
    MinhashDedupCluster,
)
from datatrove.pipeline.readers import JsonlReader
from datatrove.utils.hashing import HashConfig
from words import SIZE, arguments, pairs_of, write

BANDS, ROWS = 14, 9


def labels(corpus: Path, work: Path) -> Iterator[int]:
    """Yield the cluster of each line; what is in none is alone."""
    shutil.rmtree(work, ignore_errors=True)
    source = work / "in"
    source.mkdir(parents=True)
    (source / "0.jsonl").symlink_to(corpus.resolve())
    config = MinhashConfig(
        n_grams=SIZE,
        num_buckets=BANDS,
        hashes_per_bucket=ROWS,
        hash_config=HashConfig(precision=64, hash_fc="xxhash"),
    )
    signatures, buckets, clusters = (str(work / name) for name in ("signatures", "buckets", "out"))
    stages = [
        (
            1,
            [
                JsonlReader(str(source), glob_pattern="*.jsonl"),
                MinhashDedupSignature(output_folder=signatures, config=config),
            ],
        ),
        (
            BANDS,
            [MinhashDedupBuckets(input_folder=signatures, output_folder=buckets, config=config)],
        ),
        (
            1,
            [
                MinhashDedupCluster(
                    input_folder=buckets,
                    output_folder=clusters,
                    config=config,
                    save_cluster_id=True,
                )
            ],
        ),
    ]
    for number, (tasks, pipeline) in enumerate(stages):
        LocalPipelineExecutor(
            pipeline=pipeline, tasks=tasks, workers=1, logging_dir=str(work / f"log{number}")
        ).run()
    found = {}
    for path in sorted(Path(clusters).glob("*.clusters")):
        found |= dict(struct.iter_unpack("<II", path.read_bytes()))
    with corpus.open("rb") as lines:
        for number, _ in enumerate(lines):
            yield found.get(number, -1 - number)


if __name__ == "__main__":
    given = arguments()
    write(given.out, pairs_of(labels(given.corpus, given.work)))
