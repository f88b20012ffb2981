import json
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import provenance

ROOT = Path(__file__).parent.parent
HEAVY = {
    "charset_normalizer",
    "datasketch",
    "numba",
    "numpy",
    "pydantic",
    "rich",
    "scipy",
    "tabulate",
    "typer",
    "xxhash",
    "zstandard",
}


def python(*arguments, cwd=ROOT):
    """Run this Python in a folder; return what it prints."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout


def readme_command(name):
    """Return what `.ci/run` runs for a command of the README."""
    text = (ROOT / "README.md").read_text("utf-8")
    blocks = re.findall(
        rf"^<!-- command: {name} -->\n```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL
    )
    assert len(blocks) == 1
    return blocks[0]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Return the path of a wheel built from the clone."""
    folder = tmp_path_factory.mktemp("wheel")
    python("-m", "hatchling", "build", "-t", "wheel", "-d", str(folder))
    (path,) = folder.glob("*.whl")
    return path


@pytest.mark.slow
def test_wheel_holds_only_the_package(wheel):
    """The wheel holds `provenance/` and its metadata: no tests, no seeds, no benchmarks."""
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
    assert tops == {"provenance", f"article_provenance-{provenance.__version__}.dist-info"}


@pytest.mark.slow
def test_wheel_holds_every_file_of_the_package(wheel):
    """Data files and `py.typed` travel with the modules, so an installed copy is complete."""
    expected = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "provenance").rglob("*")
        if path.is_file() and path.parent.name != "__pycache__"
    }
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if name.startswith("provenance/")}
    assert "provenance/py.typed" in expected
    assert any(Path(name).suffix == ".npz" for name in expected)
    assert held == expected


@pytest.mark.slow
def test_wheel_compares_two_texts_away_from_the_clone(wheel, tmp_path):
    """The wheel's own files are all that a comparison needs."""
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    words = "The ferry left the harbour at noon and met the storm off the northern cape at dusk"
    (tmp_path / "a.txt").write_text(f"{words}, its captain said.", "utf-8")
    (tmp_path / "b.txt").write_text(f"Two sources agree. {words}.", "utf-8")
    script = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); import provenance.cli;"
        "print(provenance.__file__); provenance.cli.main()"
    )
    printed = python("-I", "-c", script, str(site), "compare", "a.txt", "b.txt", cwd=tmp_path)
    home, _, rest = printed.partition("\n")
    assert Path(home) == site / "provenance" / "__init__.py"
    assert "northern cape" in " ".join(rest.split())


def test_import_is_light():
    """`import provenance` loads nothing beyond the standard library."""
    script = "import json, sys, provenance; print(json.dumps(sorted(sys.modules)))"
    loaded = {name.split(".")[0] for name in json.loads(python("-c", script))}
    assert "provenance" in loaded
    assert loaded & HEAVY == set()


def test_nouns_are_light():
    """The nouns, the settings and the errors load nothing beyond the standard library."""
    script = (
        "import json, sys, provenance as p; p.Document, p.Config, p.InputError;"
        "print(json.dumps(sorted(sys.modules)))"
    )
    loaded = {name.split(".")[0] for name in json.loads(python("-c", script))}
    assert loaded & HEAVY == set()


@pytest.mark.parametrize("name", provenance.__all__)
def test_public_name_exists(name):
    """Every name of `__all__` can be imported and is the one its home module defines."""
    found = getattr(provenance, name)
    home = getattr(found, "__module__", "provenance")
    assert home.split(".")[0] in {"provenance", "builtins"}
    assert getattr(found, "__name__", name) == name


def test_every_typed_name_is_public():
    """What type checkers see of the package is what `__all__` promises."""
    source = (ROOT / "provenance" / "__init__.py").read_text("utf-8")
    typed = source.partition("if TYPE_CHECKING:")[2].partition("__version__")[0]
    names = re.findall(r"^ {8}(\w+),$", typed, re.MULTILINE)
    for line in re.findall(r"import (\w[\w, ]*)$", typed, re.MULTILINE):
        names += line.split(", ")
    assert sorted([*names, "__version__"]) == sorted(provenance.__all__)


def test_unknown_name_is_an_attribute_error():
    """A name the package does not have is refused as Python itself would."""
    with pytest.raises(AttributeError, match="'provenance' has no attribute 'scann'"):
        provenance.scann  # noqa: B018 - the access is the test


@pytest.mark.parametrize("name", ["scan", "test"])
def test_readme_command_is_one_line(name):
    """Each command of the README is one line that begins with making an environment."""
    command = readme_command(name)
    assert command.count("\n") == 1
    assert command.startswith("python3 -m venv .venv && ")


def test_readme_scans_a_bundled_corpus():
    """The corpus that the README scans is in the clone."""
    named = re.findall(r"seeds/\S+", readme_command("scan"))
    assert named
    assert all((ROOT / path).exists() for path in named)


def test_readme_links_lead_somewhere():
    """Every relative link of the README and of `docs/` names a file of the clone."""
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_ci_pins_every_dependency():
    """CI's constraints name a version for all that the package asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    asked = [*project["dependencies"], *(name for extra in extras for name in extra)]
    names = {re.match(r"[\w.-]+", requirement)[0] for requirement in asked} - {project["name"]}
    pins = (ROOT / ".ci" / "constraints.txt").read_text("utf-8")
    pinned = set(re.findall(r"^([\w.-]+)==\S+$", pins, re.MULTILINE))
    assert names - pinned == set()


def test_changelog_names_the_version():
    """The changelog has a section for what is not yet released or for this version."""
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    sections = re.findall(r"^## \[([^\]]+)\]", text, re.MULTILINE)
    assert sections[0] in {"Unreleased", provenance.__version__}
