"""Renew what the documentation quotes of the program: `python tests/documentation.py`.

Writes docs/commands.md, and into README.md what its first command prints, shortened.
"""

import re
from pathlib import Path

from typer.main import get_command
from typer.testing import CliRunner

from provenance.cli import app

ROOT = Path(__file__).parents[1]
README, COMMANDS = ROOT / "README.md", ROOT / "docs" / "commands.md"
ENVIRONMENT = {"COLUMNS": "96", "NO_COLOR": "1"}
HEAD = """# Commands

What the help of the program and of each command prints.
"""
START, END = "<!-- output: scan -->", "<!-- end of output -->"
# Lines kept of each part of the report, its heading and that of its table included.
KEPT = {
    "Clusters": 7,
    "Passages": 7,
    "Stories": 8,
    "Sources": 8,
    "Where each came from": 9,
    "Lineage": 14,
}


def printed(*arguments: str) -> str:
    """Return what a command prints."""
    done = CliRunner().invoke(app, list(arguments), prog_name="provenance", env=ENVIRONMENT)
    if done.exit_code:
        raise RuntimeError(f"{arguments}: {done.stderr}")
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())


def commands() -> str:
    """Return docs/commands.md as it should be."""
    parts = [HEAD]
    group = get_command(app)
    names = [""]
    for name, command in getattr(group, "commands", {}).items():
        names += [name, *(f"{name} {part}" for part in getattr(command, "commands", {}))]
    for name in names:
        words = f"provenance {name}".strip()
        parts.append(f"## {words}\n\n```\n{printed(*words.split()[1:], '--help').strip()}\n```\n")
    return "\n".join(parts)


def readme(text: str) -> str:
    """Return the README with what its scan prints, shortened, between the marks."""
    (path,) = re.findall(r"provenance scan (seeds/\S+)", text)
    report = printed("scan", str(ROOT / path))
    head, _, rest = text.partition(START)
    tail = rest.partition(END)[2]
    return f"{head}{START}\n```\n{shortened(report)}\n```\n{END}{tail}"


def shortened(report: str) -> str:
    """Return the first lines of each part of a report, with a mark where lines are left out."""
    lines: list[str] = []
    room = None
    for line in report.strip().splitlines():
        for name, kept in KEPT.items():
            if line.startswith(name):
                room = kept
        if room is None:
            lines.append(line)
            continue
        room -= 1
        if room > 0:
            lines.append(line)
        elif room == 0:
            lines += ["…", ""]
    return "\n".join(lines).strip()


def main() -> None:
    """Write both files."""
    COMMANDS.write_text(commands(), encoding="utf-8")
    README.write_text(readme(README.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
