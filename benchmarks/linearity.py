"""Does the time of a scan grow with the text, whatever the text is? Four shapes that ask.

    .venv/bin/python benchmarks/linearity.py
    .venv/bin/python benchmarks/linearity.py --shapes story --docs 20000 --copies 5000

Each shape is scanned beside as much text without it, whole processes in turn: one big story among
unrelated documents, one paragraph on every page, a template on every page of one outlet, and one
document as long as all pages. Prints the CPU seconds, their ratio, and what the scan says it
sampled or capped. Words are made up and seeded: same arguments, same corpora.
"""

import argparse
import json
import statistics
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from make_story import Desk, printed
from make_story import write as write_story
from measure import Cost, machine, measure
from tabulate import tabulate

PARAGRAPHS, WORDS_OF_A_FOOTER = 8, 60
MENU = 12  # lines of a template
SAMPLED = ("sampled_buckets", "sampled_shingles", "capped_pairs")

Row = dict[str, object]


def pages(desk: Desk, count: int, outlets: int = 200) -> Iterator[Row]:
    """Yield unrelated pages of about 360 words."""
    for number in range(count):
        yield {
            "id": f"page{number}",
            "source": f"paper{number % outlets}.example",
            "text": printed(desk.paragraphs(PARAGRAPHS)),
        }


def story(arguments: argparse.Namespace, folder: Path, *, shaped: bool) -> Iterator[Row]:
    """Yield unrelated documents, some of them replaced by copies of one story."""
    copies = arguments.copies if shaped else 0
    yield from pages(Desk(arguments.seed), arguments.docs - copies)
    if shaped:
        path = folder / "copies.jsonl"
        write_story(copies, arguments.seed, path)
        with path.open(encoding="utf-8") as file:
            yield from map(json.loads, file)


def boilerplate(arguments: argparse.Namespace, _: Path, *, shaped: bool) -> Iterator[Row]:
    """Yield pages that all end in one paragraph, or each in its own."""
    desk = Desk(arguments.seed)
    footer = desk.words(WORDS_OF_A_FOOTER)
    for page in pages(desk, arguments.pages):
        last = footer if shaped else desk.words(WORDS_OF_A_FOOTER)
        yield page | {"text": f"{page['text']}\n\n{printed([last])}"}


def template(arguments: argparse.Namespace, _: Path, *, shaped: bool) -> Iterator[Row]:
    """Yield pages of one outlet between the lines of its menu, or between lines of their own."""
    desk = Desk(arguments.seed)
    menu = [desk.words(4) for _ in range(MENU)]
    for page in pages(desk, arguments.pages, outlets=1):
        lines = menu if shaped else [desk.words(4) for _ in menu]
        half = len(lines) // 2
        top, bottom = ("\n".join(map(" ".join, part)) for part in (lines[:half], lines[half:]))
        yield page | {"text": f"{top}\n\n{page['text']}\n\n{bottom}"}


def document(arguments: argparse.Namespace, _: Path, *, shaped: bool) -> Iterator[Row]:
    """Yield so many megabytes of text, as one document or as pages."""
    desk = Desk(arguments.seed)
    left = int(arguments.megabytes * 1_000_000)
    whole: list[str] = []
    for page in pages(desk, left):
        text = str(page["text"])
        if not shaped:
            yield page
        whole.append(text)
        left -= len(text)
        if left <= 0:
            break
    if shaped:
        yield {"id": "whole", "text": "\n\n".join(whole)}


SHAPES: dict[str, Callable[..., Iterator[Row]]] = {
    "story": story,
    "boilerplate": boilerplate,
    "template": template,
    "document": document,
}


def make(shape: str, arguments: argparse.Namespace, *, shaped: bool) -> Path:
    """Write a corpus with or without its shape."""
    folder = arguments.work / shape
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / ("with.jsonl" if shaped else "without.jsonl")
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in SHAPES[shape](arguments, folder, shaped=shaped):
            file.write(json.dumps(row) + "\n")
    return path


def scan(corpus: Path) -> tuple[Cost, dict[str, int]]:
    """Return what a scan cost, and what it counted."""
    result = corpus.with_suffix("")
    command = [sys.executable, "-m", "provenance", "scan", str(corpus), "-q", "--save", str(result)]
    cost = measure(command, corpus.with_suffix(".log"), corpus.parent)
    counts: dict[str, int] = json.loads((result / "audit.json").read_text("utf-8"))["counts"]
    return cost, counts


def ask(shape: str, arguments: argparse.Namespace) -> list[object]:
    """Return a row of the table: a shape, its size, CPU seconds without and with it, counts."""
    corpora = [make(shape, arguments, shaped=shaped) for shaped in (False, True)]
    without, with_it = [], []
    counts: dict[str, int] = {}
    for _ in range(arguments.rounds):
        without.append(scan(corpora[0])[0].cpu)
        cost, counts = scan(corpora[1])
        with_it.append(cost.cpu)
    ratios = [one / other for one, other in zip(with_it, without, strict=True)]
    times = [statistics.median(column) for column in (without, with_it, ratios)]
    size = corpora[1].stat().st_size / 1e6
    return [shape, counts["documents"], size, *times, *(counts[name] for name in SAMPLED)]


def main() -> None:
    """Read the arguments, measure every shape and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shapes", nargs="+", choices=SHAPES, default=list(SHAPES))
    parser.add_argument("--docs", type=int, default=20_000, help="documents beside a story")
    parser.add_argument("--copies", type=int, default=5_000, help="of these, copies of the story")
    parser.add_argument("--pages", type=int, default=50_000, help="pages with something in common")
    parser.add_argument("--megabytes", type=float, default=50, help="of the single document")
    parser.add_argument("--rounds", type=int, default=1, help="scans; 0 only makes the corpora")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=Path, default=Path(".benchmarks") / "linearity")
    arguments = parser.parse_args()
    arguments.work = arguments.work.resolve()
    if not arguments.rounds:
        for shape in arguments.shapes:
            make(shape, arguments, shaped=False)
            make(shape, arguments, shaped=True)
        return
    rows = [ask(shape, arguments) for shape in arguments.shapes]
    headers = ["shape", "documents", "MB", "CPU s without", "with", "ratio", *SAMPLED]
    print(f"{machine()}\n")
    print(tabulate(rows, headers, "github", floatfmt=".2f"))


if __name__ == "__main__":
    main()
