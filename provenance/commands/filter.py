"""`provenance filter`: the pipe that a crawler writes its pages through."""
# ruff: noqa: D301 - a \b in the docstring of a command keeps the lines that follow as they are

import gc
import json
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, Literal

import typer

from provenance.commands.ages import second_of
from provenance.commands.messages import say
from provenance.commands.options import Quiet
from provenance.errors import ConfigError, InputError

if TYPE_CHECKING:
    from provenance.index.filter import DuplicateFilter
    from provenance.index.stream import Counts


def filter_lines(
    path: Annotated[
        str, typer.Argument(help="A file of JSON Lines, or - for standard input.", metavar="PATH")
    ] = "-",
    *,
    index: Annotated[
        str,
        typer.Option(
            metavar="DIR",
            help="The folder of the index, or redis://HOST/DATABASE?prefix=NAME; made where there "
            "is none.",
        ),
    ],
    rejected: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write lines that are not kept here, with the reason."),
    ] = None,
    annotate: Annotated[
        bool,
        typer.Option(
            "--annotate",
            help="Write every line, with its verdict in the field provenance, and keep all.",
        ),
    ] = False,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="Judge against the index and add nothing to it.")
    ] = False,
    longer: Annotated[
        bool, typer.Option("--longer", help="Keep a copy that is longer than what it copies.")
    ] = False,
    revisions: Annotated[
        Literal["keep", "as_copies"],
        typer.Option(help="What to do with an update of a page that is known."),
    ] = "keep",
    threshold: Annotated[
        float | None, typer.Option(help="Jaccard of a near-duplicate.  [default: 0.7]")
    ] = None,
    containment: Annotated[
        float | None,
        typer.Option(help="Share of a text in one earlier text.  [default: 0.8]"),
    ] = None,
    passage_share: Annotated[
        float | None,
        typer.Option(help="Share of a text in passages of earlier texts.  [default: 0.9]"),
    ] = None,
    min_tokens: Annotated[
        int | None, typer.Option(help="Equal tokens in a passage.  [default: 19]")
    ] = None,
    no_passages: Annotated[
        bool,
        typer.Option(
            "--no-passages", help="Make an index that finds near-duplicates only; smaller, faster."
        ),
    ] = False,
    rules: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help='Other rules for some sources: {"source": {"copies": "annotate"}} in JSON.',
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(help="Look no further back: a date, or an age (90d, 12h)."),
    ] = None,
    durability: Annotated[
        Literal["each", "group", "process"],
        typer.Option(
            help="What a written line outlives. each, group: a loss of power, by a sync for each "
            "line, or for the lines that wait; process: the end of this process."
        ),
    ] = "group",
    wait: Annotated[
        float, typer.Option(help="Seconds to wait for another writer of the index.")
    ] = 0.0,
    on_error: Annotated[
        Literal["fail", "wait"],
        typer.Option(help="When the Redis server is lost: stop, or wait until it is back."),
    ] = "fail",
    quiet: Quiet = False,
) -> None:
    """Pass on the JSON Lines that are new, and say of the others what they are copies of.

    Lines are written in their order, as they are, once the index holds them. A line that was
    answered before, with the same id and text, gets the same answer: after a crash the stream can
    be fed again.

    \b
    Examples:
      crawler | provenance filter --index news.index > new.jsonl
      provenance filter crawl.jsonl --index news.index --rejected copies.jsonl > new.jsonl
      provenance filter crawl.jsonl --index news.index --annotate > annotated.jsonl
      provenance filter page.jsonl --index news.index --read-only --since 30d
      crawler | provenance filter --index redis://host/0?prefix=news --on-error wait
    """
    from provenance.index.filter import DuplicateFilter
    from provenance.index.opening import open_store
    from provenance.index.policy import Copies, Policy, Revisions, Rule
    from provenance.index.settings import IndexSettings

    limits = {
        "threshold": threshold,
        "containment": containment,
        "passage_share": passage_share,
        "min_tokens": min_tokens,
    }
    if annotate and longer:
        raise ConfigError("--annotate keeps every line; leave out --longer")
    copies = Copies.ANNOTATE if annotate else Copies.LONGER if longer else Copies.DROP
    rule = Rule(
        copies=copies,
        revisions=Revisions(revisions),
        **{name: value for name, value in limits.items() if value is not None},  # type: ignore[arg-type]
    )
    policy = Policy.from_json(_json(rules), rule) if rules else Policy(rule)
    wanted = IndexSettings(
        passages=not no_passages, threshold=min(rule.threshold, IndexSettings.threshold)
    )
    earliest = second_of(since, "--since") if since else None
    store = open_store(
        index,
        new=wanted,
        read_only=read_only,
        wait=wait,
        durable=durability != "process",
        on_error=on_error,
        waiting=say,
    )
    with DuplicateFilter(store, policy=policy, since=earliest) as opened:
        if no_passages and store.settings.passages:
            raise ConfigError("the index finds passages; --no-passages is for making a new one")
        _run(
            opened,
            path,
            rejected,
            annotate=annotate,
            add=not read_only,
            most=1 if durability == "each" else 0,
            quiet=quiet,
        )


def _run(
    opened: "DuplicateFilter",
    path: str,
    rejected: Path | None,
    *,
    annotate: bool,
    add: bool,
    most: int,
    quiet: bool,
) -> None:
    from provenance.index.stream import GROUP, LineFilter, lines_as_they_come

    with ExitStack() as files:
        stream = _opened(path, files)
        turned_away = files.enter_context(rejected.open("wb")) if rejected else None

        def reject(data: bytes) -> None:
            if turned_away is not None:
                turned_away.write(data)
                turned_away.flush()

        out = sys.stdout.buffer
        sys.stdout.flush()

        def put(data: bytes) -> None:
            out.write(data)
            out.flush()

        lines = LineFilter(
            opened,
            put,
            reject if rejected else None,
            path=Path(path).name,
            annotate=annotate,
            add=add,
        )
        gc.freeze()  # what is loaded by now stays, and need not be looked through again
        try:
            for group in lines_as_they_come(stream, most or GROUP):
                lines.take(group)
        finally:
            if not quiet:
                _say_counts(lines.counts)


def _opened(path: str, files: ExitStack) -> BinaryIO:
    from provenance.readers.compression import open_decompressed, split_compression

    if path == "-":
        if sys.stdin is None:
            raise InputError("standard input is closed")
        return sys.stdin.buffer
    if not Path(path).is_file():
        raise InputError(f"there is no file {path}")
    return files.enter_context(open_decompressed(path, split_compression(path)[1]))


def _say_counts(counts: "Counts") -> None:
    reasons = ", ".join(
        f"{count:,} {reason}" for reason, count in sorted(counts.reasons.items(), key=_by_count)
    )
    broken = f", {counts.broken:,} broken" if counts.broken else ""
    say(
        f"{counts.lines:,} lines: {counts.kept:,} kept, "
        f"{counts.rejected:,} not kept{broken}{f' ({reasons})' if reasons else ''}"
    )


def _by_count(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


def _json(path: Path) -> object:
    try:
        return json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise ConfigError(f"{path} holds no JSON: {error}") from None
