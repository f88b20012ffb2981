import io
import sys
import time

import pytest

from provenance.output import terminal


@pytest.fixture
def stdout(monkeypatch):
    """Put a stream of a given encoding in place of standard output; return its bytes."""

    def place(encoding):
        raw = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding))

        def written():
            sys.stdout.flush()
            return raw.getvalue()

        return written

    return place


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        """Say so."""
        return True


def test_frames_have_plain_forms_where_there_are_no_others(stdout):
    """On an ASCII terminal a tree is drawn with ASCII; other characters are spelled out."""
    written = stdout("ascii")
    terminal.prepare()
    terminal.write("├─ 港 … \ud800\n")
    assert written() == b"|- \\u6e2f ... \\ud800\n"


def test_people_get_the_encoding_of_their_terminal(stdout):
    """What the encoding holds is not touched."""
    written = stdout("cp1252")
    terminal.prepare()
    terminal.write("naïve — €\n")
    assert written() == "naïve — €\n".encode("cp1252")


def test_data_is_utf8_in_a_pipe(stdout):
    """A pipe in another encoding gets UTF-8, with escapes that JSON knows for surrogates."""
    written = stdout("cp1252")
    terminal.write_data('"港 \ud800"\n')
    assert written() == '"港 \\ud800"\n'.encode()


def test_characters_beyond_the_first_plane_are_escaped_as_json_does(stdout, monkeypatch):
    """On an ASCII terminal data stays valid JSON."""
    written = stdout("ascii")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    terminal.write_data('"😀"\n')
    assert written() == b'"\\ud83d\\ude00"\n'


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, True),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
    ],
)
def test_colour_is_for_terminals_that_want_it(variables, expected, monkeypatch):
    """NO_COLOR and a dumb terminal get none."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert terminal.colored() is expected


def test_a_pipe_gets_no_colour_unless_forced(monkeypatch):
    """FORCE_COLOR overrules the pipe."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert not terminal.colored()
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert terminal.colored()


@pytest.mark.parametrize(("columns", "expected"), [("10", 40), ("90", 90), ("900", 160)])
def test_reports_keep_to_a_readable_width(columns, expected, monkeypatch):
    """COLUMNS decides, between 40 and 160."""
    monkeypatch.setenv("COLUMNS", columns)
    assert terminal.columns() == expected


@pytest.mark.parametrize(
    ("stream", "variables", "quiet"),
    [
        (io.StringIO, {}, False),
        (Terminal, {"CI": "1"}, False),
        (Terminal, {"TERM": "dumb"}, False),
        (Terminal, {}, True),
    ],
)
def test_progress_is_shown_to_nobody_who_does_not_watch(stream, variables, quiet, monkeypatch):
    """Pipes, CI, dumb terminals and --quiet get none."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stderr", stream())
    with terminal.progress(quiet=quiet) as progress:
        assert progress is None


def test_progress_is_drawn_on_standard_error_once_work_takes_a_while(monkeypatch):
    """Quick work draws nothing; long work names its stage, and the line is cleared."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", Terminal())
    with terminal.progress(quiet=False) as progress:
        progress("matching", 1, 10)
    assert sys.stderr.getvalue() == ""
    monkeypatch.setattr(terminal, "PATIENCE", 0)
    with terminal.progress(quiet=False) as progress:
        progress("matching", 1, 10)
        until = time.monotonic() + 20
        while "matching" not in sys.stderr.getvalue() and time.monotonic() < until:
            time.sleep(0.01)
        progress("lineage", 10, 0)
    assert "matching" in sys.stderr.getvalue()
