"""Collect plain English paragraphs, one a line, as the base of a benchmark corpus.

    python benchmarks/base_text.py FOLDER... --out prose.txt

A folder is searched for text, HTML (also gzipped) and JSON Lines; a paragraph is kept once if it
has 25 words or more, 85 % of them plain words. Unpacked documentation packages of a Linux
distribution make a good base (60 MB of prose from ten of them is what the README's figures use).
Same files, same bytes.
"""

import argparse
import gzip
import html
import json
import re
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

HIDDEN = re.compile(r"<(script|style|pre|head)\b.*?</\1>", re.IGNORECASE | re.DOTALL)
BLOCK = re.compile(
    r"</?(?:p|div|li|h\d|td|tr|table|blockquote|dd|dt|br|ul|ol)\b[^>]*>", re.IGNORECASE
)
TAG = re.compile(r"<[^>]+>")
PLAIN_WORD = re.compile(r"[\"'“‘(]*[A-Za-z][a-z]*(?:['’-][A-Za-z]+)*[.,;:!?\"'”’)]*")
COMMON_WORD = re.compile(r"\b(?:the|of|and|to)\b")
MARKUP = {".html", ".htm"}
PROSE = {"", ".info", ".md", ".rst", ".text", ".txt"}
SECTION = re.compile(r"\.\d+")


def text_of(path: Path) -> str:
    """Return the text of a file, paragraphs parted by blank lines; empty if it holds none."""
    suffixes = path.suffixes or [""]
    raw = path.read_bytes()
    if suffixes[-1].lower() == ".gz":
        try:
            raw = gzip.decompress(raw)
        except (OSError, EOFError, zlib.error):
            return ""
        suffixes = suffixes[:-1] or [""]
    kind = suffixes[-1].lower()
    if "changelog" in path.name.lower():
        return ""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return ""
    if kind in MARKUP:
        text = re.sub(r"\s+", " ", HIDDEN.sub(" ", text))
        return html.unescape(TAG.sub("", BLOCK.sub("\n\n", text)))
    if kind == ".jsonl":
        records = (json.loads(line) for line in text.split("\n") if line.strip())
        return "\n\n".join(record.get("text", "") for record in records)
    return text if kind in PROSE or SECTION.fullmatch(kind) else ""


def is_prose(words: list[str]) -> bool:
    """Tell whether a paragraph is long enough and made of plain English words."""
    if len(words) < 25:
        return False
    plain = sum(1 for word in words if PLAIN_WORD.fullmatch(word))
    return plain / len(words) >= 0.85 and COMMON_WORD.search(" ".join(words)) is not None


def paragraphs(folders: list[Path]) -> Iterator[str]:
    """Yield every distinct paragraph of prose under the folders, in order of path."""
    seen = set()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_symlink() or not path.is_file():
                continue
            for block in re.split(r"\n\s*\n", text_of(path)):
                words = block.split()
                paragraph = " ".join(words)
                if paragraph not in seen and is_prose(words):
                    seen.add(paragraph)
                    yield paragraph


def main() -> None:
    """Write the paragraphs under the folders given on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--out", required=True, type=Path)
    arguments = parser.parse_args()
    count = 0
    with arguments.out.open("w", encoding="utf-8", newline="\n") as out:
        for paragraph in paragraphs(arguments.folders):
            out.write(paragraph + "\n")
            count += 1
    print(f"{count} paragraphs, {arguments.out.stat().st_size / 1e6:.1f} MB", file=sys.stderr)


if __name__ == "__main__":
    main()
