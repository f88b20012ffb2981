"""The corpus without its copies, or annotated: every file in the format that it came in.

What is left out are copies and nothing else: records and files that could not be read are written
as they are. To add a format, write a `Writer` and name its suffixes in `WRITERS`.
"""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Final

from provenance.errors import InputError
from provenance.json_text import encode
from provenance.readers.compression import DAMAGED, open_decompressed, split_compression
from provenance.readers.json_records import is_json_object
from provenance.readers.options import DEFAULTS, ReadOptions
from provenance.writers.arrow import write_arrow
from provenance.writers.decisions import Decision
from provenance.writers.files import check_output, compressed, replacing
from provenance.writers.json_array import write_json
from provenance.writers.json_lines import write_json_lines
from provenance.writers.parquet import write_parquet
from provenance.writers.places import WHOLE, InputState, Placed, input_files, place
from provenance.writers.records import Records, Writer
from provenance.writers.tables import write_table
from provenance.writers.warc import write_gzip_members, write_warc

WRITERS: Final[Mapping[str, Writer]] = MappingProxyType(
    {
        ".jsonl": write_json_lines,
        ".ndjson": write_json_lines,
        ".jl": write_json_lines,
        ".json": write_json,
        ".csv": write_table,
        ".tsv": write_table,
        ".tab": write_table,
        ".parquet": write_parquet,
        ".pq": write_parquet,
        ".arrow": write_arrow,
        ".arrows": write_arrow,
        ".ipc": write_arrow,
        ".feather": write_arrow,
        ".warc": write_warc,
        ".wet": write_warc,
    }
)
# Says of documents that are whole files what annotated records say of themselves.
SIDECAR: Final = "annotations.jsonl"


@dataclass(frozen=True, slots=True)
class Written:
    """How many documents were written and how many were not, and how many files."""

    kept: int
    dropped: int
    files: int


def write_corpus(
    paths: Sequence[str],
    decisions: Sequence[Decision],
    output: Path,
    *,
    annotate: bool = False,
    revisits: bool = False,
    options: ReadOptions = DEFAULTS,
) -> Written:
    """Write the files under the paths without the records that are dropped, or all annotated.

    One file gives a file, a folder or several paths a folder with the same names. A document
    that is a whole file is copied or not; annotated, the folder holds `SIDECAR` besides. A file
    of which nothing is dropped is copied byte for byte. The output appears at the end, whole.
    `options` are those that the files were scanned with; `revisits` keeps a word of what is
    dropped from web archives.

    Raises `InputError` where the output exists or is in the way of the input, where the input
    is not what was scanned, or where records of a format that cannot be written are dropped.
    """
    files = input_files(paths)
    if not files:
        raise InputError(f"no file to write under {', '.join(paths)}")
    single = len(paths) == 1 and Path(paths[0]).is_file()
    if single and output.is_dir():
        output /= files[0][1]
    check_output(output, paths, [file for file, _ in files])
    count = 0
    beside: list[Decision] = []
    with replacing(output, folder=not single) as target:
        for placed in place(files, decisions, options):
            own = placed.decisions.get(WHOLE)
            writer = _writer(placed)
            if own and not annotate and not own.keep:
                continue
            if own and annotate and writer is None:
                beside.append(own)
            path = target if single else target / placed.name
            path.parent.mkdir(parents=True, exist_ok=True)
            some = placed.decisions.values()
            same = not some if annotate else all(decision.keep for decision in some)
            if same or (own and writer is None):
                shutil.copyfile(placed.file.location, path)
            else:
                records = Records(placed.decisions, annotate=annotate, revisits=revisits)
                _filter(placed, path, writer, records)
            if InputState.of(placed.file.location) != placed.state:
                raise InputError(f"{placed.file.location} has changed. Nothing was written")
            count += 1
        if single and beside:
            raise InputError(f"{paths[0]} has no fields to annotate; --format prints the table")
        if single and not count:
            raise InputError(f"{paths[0]} is a copy as a whole: nothing would be left to write")
        if beside:
            _write_sidecar(beside, target / SIDECAR)
    kept = sum(decision.keep for decision in decisions)
    written = len(decisions) if annotate else kept
    return Written(written, len(decisions) - written, count)


def _writer(placed: Placed) -> Writer | None:
    """Return the writer of a file's kind; None for documents that are whole files, and others."""
    name, compression = split_compression(placed.file.path)
    suffix = PurePosixPath(name).suffix.lower().rstrip(".")
    if suffix:
        return WRITERS.get(suffix)
    with open_decompressed(placed.file.location, compression) as stream:
        first = next((line for line in stream if not line.isspace()), b"")
    return write_json_lines if is_json_object(first) else None


def _filter(placed: Placed, path: Path, writer: Writer | None, records: Records) -> None:
    location = placed.file.location
    if writer is None:
        raise InputError(
            f"records of {location} cannot be written: they are in no format that has a writer "
            f"({', '.join(sorted(WRITERS))}). Leave the file out. Nothing was written"
        )
    suffix = split_compression(placed.file.path)[1]
    packed = suffix
    if writer is write_warc and suffix == ".gz":
        writer, packed = write_gzip_members, ""
    try:
        with open_decompressed(location, suffix) as source, compressed(path, packed) as sink:
            writer(source, sink, records)
    except DAMAGED as error:
        raise InputError(
            f"{location} is damaged or cut off: {error}. Leave it out. Nothing was written"
        ) from None
    records.check(location)


def _write_sidecar(decisions: Sequence[Decision], path: Path) -> None:
    rows = [{"path": d.document["path"], **d.annotation} for d in decisions]
    try:
        with path.open("x", encoding="utf-8", newline="\n") as sink:
            sink.writelines(f"{encode(row)}\n" for row in rows)
    except FileExistsError:
        raise InputError(f"the input has a file {path.name} of its own; rename it") from None
