"""Words on the command line: the commands, and what is common to all of them.

At the top only typer and the standard library are imported, so that `--help` is quick.
"""
# ruff: noqa: D301 - a \b in the docstring of a command keeps the lines that follow as they are

import signal
import sys
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

import provenance
from provenance.commands import index
from provenance.commands.compare import compare
from provenance.commands.dedup import dedup
from provenance.commands.evaluate import evaluate
from provenance.commands.explain import explain
from provenance.commands.filter import filter_lines
from provenance.commands.lineage import lineage
from provenance.commands.messages import INTERRUPTED, fail, say
from provenance.commands.scan import scan
from provenance.commands.trace import trace
from provenance.errors import ProvenanceError
from provenance.output import terminal


class _Commands(TyperGroup):
    """All commands; whatever fails ends in one line on standard error and an exit code."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - typer's context is private
        terminal.prepare()
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except (typer.Exit, typer.Abort, typer.TyperException):
            raise
        except KeyboardInterrupt:
            say("interrupted")
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            # The reader of the output has seen enough: nothing failed.
            terminal.close_output()
            raise typer.Exit from None
        except (ProvenanceError, OSError) as error:
            fail(f"error: {error}")
        except Exception as error:  # noqa: BLE001 - a bug is told in one line, too
            fail(
                f"internal error: {type(error).__name__}: {error} "
                "(a bug; set PROVENANCE_DEBUG=1 to see where)"
            )
        return result


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run the command line of this process and exit."""
    signal.signal(signal.SIGTERM, _end)
    app(prog_name="provenance")


def _end(number: int, _frame: object) -> NoReturn:
    """Exit as a shell says it, so that what is open is closed and what is half written goes."""
    raise SystemExit(128 + number)


def _show_version(wanted: bool) -> None:
    if wanted:
        terminal.write(f"provenance {provenance.__version__}\n")
        raise typer.Exit


@app.callback()
def _root(
    *,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Find the passages that texts share, and which text took them from which.

    \b
    Examples:
      provenance scan articles/
      provenance scan articles/ --save result
      provenance lineage result
      provenance explain result wire.txt paper.txt
      provenance compare wire.txt paper.txt

    Results go to standard output, everything else to standard error. Exit codes: 0 done (even
    if the reader of the output stopped reading), 2 could not run, 130 interrupted, 143 ended.
    """


for _command in (scan, lineage, compare, explain, dedup, evaluate):
    app.command()(_command)
app.command("filter")(filter_lines)
app.command()(trace)
app.add_typer(index.app, name="index")
