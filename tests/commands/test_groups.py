from dataclasses import dataclass
from typing import Annotated

import typer
from typer.testing import CliRunner

from provenance.commands.groups import takes_groups


@dataclass(frozen=True)
class Size:
    """Two options that belong together."""

    width: Annotated[int, typer.Option(help="How wide it is.")] = 1
    height: Annotated[int, typer.Option(min=1)] = 2


def app_of(found):
    """Return an app of one command, which puts what it is called with into a list."""
    app = typer.Typer()

    @app.command()
    @takes_groups
    def draw(name: str, *, size: Size, color: str = "red") -> None:
        """Draw it."""
        found.append((name, size, color))

    return app


def test_a_command_is_called_with_the_group_made_of_its_options():
    """Options that are not given have the defaults of the fields."""
    found = []
    app = app_of(found)
    assert CliRunner().invoke(app, ["box", "--height", "7", "--color", "blue"]).exit_code == 0
    assert CliRunner().invoke(app, ["box"]).exit_code == 0
    assert found == [("box", Size(1, 7), "blue"), ("box", Size(), "red")]


def test_the_options_of_a_group_stand_in_its_place_with_its_words_and_limits():
    """The help tells them between the others; a value out of range is refused."""
    app = app_of([])
    told = CliRunner().invoke(app, ["--help"]).output
    assert told.index("--width") < told.index("--height") < told.index("--color")
    assert "How wide it is." in told
    assert "Draw it." in told
    assert CliRunner().invoke(app, ["box", "--height", "0"]).exit_code == 2
