import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest
from typer.testing import CliRunner

import provenance
from provenance import audit as audit_module
from provenance.audit import Audit
from provenance.cli import app
from provenance.config import Config
from provenance.model import (
    Derivation,
    DerivationKind,
    Document,
    DocumentReport,
    Evidence,
    HiddenSource,
    KeepReason,
    Lineage,
)
from provenance.output import folder
from provenance.output.views import COLUMNS

COMMANDS = ("scan", "lineage", "compare", "explain")
HEAVY = ("numpy", "numba", "datasketch", "scipy", "rich", "tabulate", "xxhash", "wcwidth")
WIRE = (
    "PORT ANSELM (AP) — Three hundred ships waited off the harbour on Friday, and the harbour "
    "master said that none of them would enter before the strike of the tug crews ends.\n\n"
    "Insurers who met in the old customs house put the cost at four million a day. The unions "
    "ask for shorter nights and for a second pilot on every tug that goes out in a storm.\n"
)
PAPER = WIRE.replace("PORT ANSELM (AP) — ", "By our own reporter. ").replace("Insurers", "Brokers")
OTHER = (
    "The museum of clocks opens its new wing in April with forty instruments that no visitor has "
    "seen since the flood, among them a water clock which once told monks when to rise.\n"
)


def run(*arguments, **options):
    """Run the command line in this process."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments], **options)


def spawn(*arguments, **options):
    """Start the command line in a process of its own."""
    command = [sys.executable, "-m", "provenance", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


def one_line(text):
    """Return the words of a help text as one line, whatever the width it was wrapped to."""
    return " ".join(text.split())


@pytest.fixture
def articles(tmp_path):
    """A folder with a wire text, a copy of it, and a text of its own."""
    place = tmp_path / "articles"
    place.mkdir()
    for name, text in (("wire", WIRE), ("paper", PAPER), ("other", OTHER)):
        (place / f"{name}.txt").write_text(text, encoding="utf-8")
    return place


@pytest.fixture
def result(tmp_path):
    """A result folder: a text and its copy, both after an agency."""
    evidence = Evidence("credit_line", 4.0, 'credits "(AP) —"')
    rows = [
        Derivation(
            source=source,
            derived=derived,
            kind=DerivationKind.COPY,
            primary=True,
            decided=True,
            confidence=0.97,
            direction_confidence=0.96,
            share=0.9,
            evidence=(evidence,),
        )
        for source, derived in (("~AP#1", "wire.txt"), ("wire.txt", "paper.txt"))
    ]
    reports = [
        DocumentReport(
            Document(name, "Ships wait."),
            100,
            "d",
            None,
            keep=True,
            reason=KeepReason.ONLY_COPY,
            sources=(),
            hidden_sources=(),
            cues=(),
        )
        for name in ("other.txt", "paper.txt", "wire.txt")
    ]
    audit = Audit(
        documents=tuple(reports),
        pairs=(),
        matches=(),
        passages=(),
        clusters=(),
        lineage=Lineage(tuple(rows), (HiddenSource("~AP#1", "AP", "credit_line", ("wire.txt",)),)),
        counts={},
        skipped=(),
        notes=(),
        config=Config(),
    )
    folder.save(audit, tmp_path / "result")
    return tmp_path / "result"


# Help, and what it costs.


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)])
def test_every_help_shows_an_example(command):
    """The help of the program and of each command holds a line that can be typed."""
    shown = run(*command, "--help")
    assert shown.exit_code == 0
    assert f"  provenance {' '.join(command)}".rstrip() in shown.stdout


def test_help_imports_nothing_heavy():
    """`provenance --help` imports typer and the standard library only."""
    code = (
        "import sys; sys.argv = ['provenance', '--help']\n"
        "from provenance.cli import main\n"
        "try: main()\n"
        f"finally: print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Usage: provenance" in done.stdout
    assert done.stderr.strip() == "[]"


def test_compare_imports_no_compiler(articles):
    """Two short texts pay for numpy, and for nothing that large inputs need."""
    arguments = ["compare", str(articles / "wire.txt"), str(articles / "paper.txt")]
    code = (
        f"import sys; sys.argv = ['provenance', *{arguments!r}]\n"
        "from provenance.cli import main\n"
        "try: main()\n"
        f"finally: print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "[Brokers]" in done.stdout
    assert done.stderr.strip() == "['numpy', 'xxhash', 'wcwidth']"


@pytest.mark.slow
def test_help_is_there_at_once():
    """`provenance --help` takes under 0.3 s of CPU."""
    before = os.times()
    spawn("--help").communicate()
    after = os.times()
    spent = after.children_user + after.children_system
    assert spent - before.children_user - before.children_system < 0.3


def test_defaults_in_the_help_are_those_of_the_settings():
    """The numbers that help states for scan are the defaults of `Config`."""
    text = one_line(run("scan", "--help").stdout)
    for option in ("threshold", "containment", "min-tokens", "min-run"):
        stated = re.search(rf"--{option} <\w+> .*?\[default: ([0-9.]+)\]", text)
        assert float(stated[1]) == getattr(Config(), option.replace("-", "_"))
    text = one_line(run("compare", "--help").stdout)
    assert f"Equal tokens in a passage. [default: {audit_module.MIN_TOKENS_OF_A_PAIR}]" in text


def test_every_table_is_named_in_the_help():
    """A table that can be printed can be found."""
    text = one_line(run("scan", "--help", env={"COLUMNS": "500"}).stdout)
    assert all(re.search(rf"\b{table}\b", text) for table in COLUMNS)


def test_the_version_is_that_of_the_package():
    """`--version` prints it on standard output."""
    assert run("--version").stdout == f"provenance {provenance.__version__}\n"


# What cannot run.


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["scan", "missing.txt"], "missing.txt"),
        (["scan", ".", "-f", "jsn"], "unknown format 'jsn'; did you mean json?"),
        (["scan", ".", "--table", "pair"], "unknown table 'pair'; did you mean pairs?"),
        (["scan", ".", "--columns", "documet"], "unknown column 'documet'; did you mean document?"),
        (["scan", ".", "--table", "pairs", "--sort", "-jacard"], "did you mean jaccard?"),
        (["scan", ".", "--threshold", "2"], "threshold is 2.0; it must lie between 0.05 and 1"),
        (["scan", ".", "--encoding", "klingon"], "klingon"),
        (["lineage", ".", "--table", "pairs"], "unknown table 'pairs'"),
        (["explain", ".", "a", "b"], "is no result folder"),
        (["explain", "missing", "a", "b"], "is not there"),
        (["compare", "missing.txt", "missing.txt"], "missing.txt"),
    ],
)
def test_what_cannot_run_says_why_in_one_line_and_exits_2(
    arguments, message, tmp_path, monkeypatch
):
    """A wrong setting or path is one line on standard error, and nothing on standard output."""
    monkeypatch.chdir(tmp_path)
    done = run(*arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.startswith("provenance: error: ")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [["scan"], ["nonsense"], ["scan", ".", "--nonsense"], ["scan", ".", "--limit", "0"]],
)
def test_wrong_usage_exits_2(arguments):
    """What the parser refuses exits as what the library refuses."""
    done = run(*arguments)
    assert done.exit_code == 2
    assert done.stdout == ""


def test_where_nothing_can_be_read_the_reasons_are_listed(tmp_path):
    """Exit 2, with each skipped input and its reason."""
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff\x00")
    done = run("scan", tmp_path)
    assert done.exit_code == 2
    assert "empty.txt" in done.stderr
    assert "photo.jpg" in done.stderr
    assert "nothing could be read" in done.stderr.splitlines()[-1]


def test_a_folder_that_cannot_take_the_result_is_refused_before_the_scan(
    articles, tmp_path, monkeypatch
):
    """Nobody waits for a scan whose result cannot be saved."""
    monkeypatch.setattr(audit_module, "scan", None)
    (tmp_path / "notes.txt").write_text("mine")
    done = run("scan", articles, "--save", tmp_path)
    assert done.exit_code == 2
    assert "nothing was written" in done.stderr


def test_a_bug_is_one_line_that_says_how_to_see_more(articles, monkeypatch):
    """No traceback, unless it is asked for."""

    def broken(*_, **__):
        raise RuntimeError("boom\n\x1b[31m")

    monkeypatch.setattr(audit_module, "scan", broken)
    done = run("scan", articles)
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1
    assert "internal error: RuntimeError: boom ␛[31m" in done.stderr
    assert "PROVENANCE_DEBUG=1" in done.stderr
    assert "Traceback" in run("scan", articles, env={"PROVENANCE_DEBUG": "1"}).stderr


def test_ctrl_c_is_one_line_and_exits_130(articles, monkeypatch):
    """An interrupted command says so, without a traceback."""

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(audit_module, "scan", interrupted)
    done = run("scan", articles)
    assert (done.exit_code, done.stderr) == (130, "provenance: interrupted\n")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_a_process_that_is_interrupted_exits_130():
    """SIGINT while standard input is awaited ends in one line."""
    process = spawn("scan", "-", stdin=subprocess.PIPE)
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate()
    assert (process.returncode, errors) == (130, b"provenance: interrupted\n")


@pytest.mark.slow
def test_a_closed_pipe_is_no_failure(tmp_path):
    """`| head -1`: the rest of the output is not written, nothing is said, exit 0."""
    with (tmp_path / "many.jsonl").open("w") as file:
        for number in range(3000):
            file.write(json.dumps({"id": f"d{number}", "text": f"text {number} " * 3}) + "\n")
    arguments = ("scan", tmp_path / "many.jsonl", "--table", "documents", "-f", "jsonl", "-q")
    with spawn(*arguments) as process:
        process.stdout.readline()
        process.stdout.close()
        errors = process.stderr.read()
    assert (process.returncode, errors) == (0, b"")


# Result folders.


def test_lineage_draws_a_result_folder(result):
    """A table and a tree, from the folder alone."""
    shown = run("lineage", result)
    assert shown.exit_code == 0
    assert "~AP#1 · AP, not among the documents" in shown.stdout
    assert "   └─ paper.txt · copy, 90%" in shown.stdout
    assert "1 document joined to no other" in shown.stdout


def test_lineage_of_one_document_leaves_the_others_out(result):
    """--document keeps what it comes from and what took it."""
    shown = run("lineage", result, "--document", "wire.txt", "-f", "jsonl")
    ids = [json.loads(line)["document"] for line in shown.stdout.splitlines()]
    assert ids == ["paper.txt", "wire.txt"]
    unknown = run("lineage", result, "--document", "wir.txt")
    assert unknown.exit_code == 2
    assert "did you mean wire.txt?" in unknown.stderr


def test_lineage_prints_its_tables(result):
    """Derivations of a folder come as they were saved."""
    shown = run("lineage", result, "--table", "derivations", "-f", "jsonl")
    saved = (result / "derivations.jsonl").read_text(encoding="utf-8")
    assert shown.stdout == saved


def test_lineage_refuses_a_damaged_result(result):
    """A damaged folder is not scanned as if it were a corpus."""
    (result / "clusters.jsonl").write_text("x")
    done = run("lineage", result)
    assert done.exit_code == 2
    assert "clusters.jsonl" in done.stderr


def test_explain_shows_the_evidence(result):
    """Text for people, rows for programs."""
    shown = run("explain", result, "paper.txt", "wire.txt")
    assert "paper.txt derives from wire.txt" in shown.stdout
    assert '+4.00 for credit line: credits "(AP) —"' in shown.stdout
    rows = json.loads(run("explain", result, "paper.txt", "wire.txt", "-f", "json").stdout)
    assert [row["signal"] for row in rows] == ["credit_line"]


def test_explain_says_where_nothing_relates_two(result):
    """It is an answer, not a failure."""
    shown = run("explain", result, "paper.txt", "other.txt")
    assert shown.exit_code == 0
    assert "Nothing relates the two" in shown.stdout


# Whole runs: from files to what is printed.


def test_scan_reports_to_people(articles):
    """The copy is found, the other text stands alone, nothing is written but the report."""
    done = run("scan", articles)
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("3 documents, ")
    assert "paper.txt" in done.stdout
    assert done.stderr == ""


def test_scan_saves_what_lineage_and_explain_read(articles, tmp_path):
    """The commands work on each other's results, and a second run replaces the first."""
    saved = tmp_path / "result"
    for _ in range(2):
        done = run("scan", articles, "--save", saved)
        assert done.exit_code == 0, done.stderr
    assert "the result is saved in" in done.stderr
    pairs = [json.loads(line) for line in (saved / "pairs.jsonl").read_text().splitlines()]
    assert [(pair["a"], pair["b"]) for pair in pairs] == [("paper.txt", "wire.txt")]
    assert "paper.txt" in run("lineage", saved).stdout
    explained = run("explain", saved, "paper.txt", "wire.txt")
    assert "Nothing relates" not in explained.stdout
    assert "Jaccard" in explained.stdout
    ran = json.loads((saved / "run.json").read_text(encoding="utf-8"))
    assert ran["paths"] == [str(articles)]


def test_explain_quotes_what_was_read_also_without_the_files(articles, tmp_path):
    """Out of the files; out of the result once they have gone, if it keeps texts."""
    for flags, gone in (([], False), ([], True), (["--save-texts"], True)):
        (articles / "wire.txt").write_text(WIRE, encoding="utf-8")
        done = run("scan", articles, "--save", tmp_path / "result", *flags)
        assert done.exit_code == 0, done.stderr
        if gone:
            (articles / "wire.txt").unlink()
        told = one_line(run("explain", tmp_path / "result", "paper.txt", "wire.txt").stdout)
        quoted = flags or not gone
        assert ("(AP) —] Three hundred ships" in told) == bool(quoted)
        assert ("The text of wire.txt is not quoted" in told) != bool(quoted)


def test_keeping_texts_needs_a_folder(articles):
    """It is refused before the scan."""
    done = run("scan", articles, "--save-texts")
    assert done.exit_code == 2
    assert "--save-texts needs --save DIR" in done.stderr


def test_the_timeline_and_the_part_of_a_cluster(articles, tmp_path):
    """What is printed for people, and as a table, of a whole run."""
    saved = tmp_path / "result"
    run("scan", articles, "--save", saved)
    (cluster,) = map(json.loads, (saved / "clusters.jsonl").read_text().splitlines())
    told = run("lineage", saved, "--timeline").stdout
    assert "2 documents, 0 outlets, 1 independent source" in told
    rows = run("lineage", saved, "--timeline", "-f", "jsonl").stdout.splitlines()
    assert {json.loads(line)["document"] for line in rows} == {"paper.txt", "wire.txt"}
    told = run("lineage", saved, "--cluster", cluster["id"]).stdout
    assert "> wire.txt" in told
    assert "> paper.txt" in told
    done = run("lineage", saved, "--cluster", "c0")
    assert done.exit_code == 2
    assert "unknown cluster 'c0'" in done.stderr


def test_scan_changes_no_file_it_reads(articles):
    """A scan is read-only."""
    before = {path: path.read_bytes() for path in articles.iterdir()}
    run("scan", articles)
    assert {path: path.read_bytes() for path in articles.iterdir()} == before


@pytest.mark.parametrize("table", COLUMNS)
def test_scan_prints_every_table_as_csv(table, articles):
    """Data goes to standard output, with the columns of the table."""
    done = run("scan", articles, "--table", table, "-f", "csv")
    assert done.exit_code == 0, done.stderr
    assert next(csv.reader(io.StringIO(done.stdout))) == list(COLUMNS[table])


def test_a_format_alone_prints_the_lineage(articles):
    """One row a document, what most people want in a spreadsheet."""
    rows = list(csv.DictReader(io.StringIO(run("scan", articles, "-f", "csv").stdout)))
    assert [row["document"] for row in rows] == ["other.txt", "paper.txt", "wire.txt"]


def test_columns_sort_and_limit_shape_the_table(articles):
    """--columns without --format is a table for people."""
    options = ("--table", "documents", "--columns", "id,tokens", "--sort", "-id", "--limit", "2")
    lines = run("scan", articles, *options).stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["id", "---------", "wire.txt", "paper.txt"]


def test_quiet_prints_nothing_but_a_table_that_is_asked_for(articles, tmp_path):
    """--quiet silences report and messages, not data."""
    quiet = run("scan", articles, "--save", tmp_path / "result", "-q")
    assert (quiet.exit_code, quiet.output) == (0, "")
    assert folder.is_result(tmp_path / "result")
    assert run("scan", articles, "-q", "-f", "jsonl").stdout.count("\n") == 3


def test_verbose_prints_the_settings_to_standard_error(articles):
    """-v shows every setting with its value; standard output stays data."""
    done = run("scan", articles, "-v", "--min-tokens", "20", "-f", "json")
    assert re.search(r"^min_tokens +20 ", done.stderr, re.MULTILINE)
    assert len(json.loads(done.stdout)) == 3


def test_what_was_skipped_is_said_beside_data_too(articles):
    """With a table on standard output, skips go to standard error."""
    (articles / "empty.txt").write_bytes(b"")
    done = run("scan", articles, "-f", "json")
    assert "empty.txt" in done.stderr
    assert len(json.loads(done.stdout)) == 3


def test_no_passages_leaves_pairs(articles):
    """--no-passages finds near-duplicates only."""
    done = run("scan", articles, "--no-passages", "--table", "pairs", "-f", "json")
    assert len(json.loads(done.stdout)) == 1


def test_standard_input_is_read():
    """A dash reads records from a pipe."""
    records = "".join(
        json.dumps({"id": name, "text": text}) + "\n" for name, text in (("a", WIRE), ("b", PAPER))
    )
    done = run("scan", "-", "--table", "pairs", "-f", "json", input=records)
    assert [(row["a"], row["b"]) for row in json.loads(done.stdout)] == [("a", "b")]


def test_a_text_shorter_than_a_shingle_is_scanned(tmp_path):
    """A corpus of one headline is small, not a failure."""
    (tmp_path / "headline.txt").write_text("Ships still wait")
    done = run("scan", tmp_path)
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("1 document, 3 tokens")


def test_duplicate_ids_stop_or_get_a_suffix(tmp_path):
    """The error is one line; --duplicate-ids suffix goes on."""
    path = tmp_path / "twice.jsonl"
    path.write_text("".join(json.dumps({"id": "a", "text": t}) + "\n" for t in (WIRE, OTHER)))
    assert run("scan", path).exit_code == 2
    done = run("scan", path, "--duplicate-ids", "suffix", "-f", "json")
    assert len(json.loads(done.stdout)) == 2


def test_compare_shows_two_texts_side_by_side(articles):
    """The first is on the left, words of one side are marked, figures stand above."""
    done = run("compare", articles / "wire.txt", articles / "paper.txt", env={"COLUMNS": "100"})
    assert done.exit_code == 0, done.stderr
    assert re.match(r"wire\.txt +│ paper\.txt\n", done.stdout)
    assert "Jaccard 0." in done.stdout
    assert "[Insurers]" in done.stdout
    assert "[Brokers]" in done.stdout
    assert "\x1b" not in done.stdout


def test_compare_prints_matches_as_data(articles):
    """With --format the matches are rows of the contract."""
    done = run("compare", articles / "wire.txt", articles / "paper.txt", "-f", "json")
    rows = json.loads(done.stdout)
    assert rows
    assert all(list(row) == list(COLUMNS["matches"]) for row in rows)


def test_compare_takes_one_text_of_a_file(tmp_path):
    """FILE#NUMBER names one; a file of several alone is refused with what to type."""
    path = tmp_path / "two.jsonl"
    path.write_text(
        "".join(json.dumps({"id": i, "text": t}) + "\n" for i, t in (("a", WIRE), ("b", PAPER)))
    )
    assert "[Brokers]" in run("compare", f"{path}#1", f"{path}#2").stdout
    for wrong, message in (
        (path, "#1 to "),
        (f"{path}#3", "there is no"),
        (f"{path}#0", "there is no"),
    ):
        done = run("compare", wrong, f"{path}#2")
        assert done.exit_code == 2
        assert message in done.stderr


def test_compare_keeps_two_files_of_one_name_apart(articles, tmp_path):
    """old/wire.txt and new/wire.txt can be compared, and so can a file with itself."""
    (tmp_path / "wire.txt").write_text(PAPER, encoding="utf-8")
    done = run("compare", articles / "wire.txt", tmp_path / "wire.txt")
    assert "[Brokers]" in done.stdout
    same = run("compare", articles / "wire.txt", articles / "wire.txt")
    assert same.exit_code == 0, same.stderr
    assert "Jaccard 1.0000" in same.stdout


def test_any_text_can_be_printed_to_any_terminal(tmp_path):
    """Lone surrogates and hostile titles come out of an ASCII pipe without a failure."""
    path = tmp_path / "odd.jsonl"
    path.write_text(
        '{"id": "港\\ud800\\u001b[31m", "text": "one two three four five six", "title": "é"}\n'
    )
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    for options in ((), ("--table", "documents"), ("-f", "csv"), ("-f", "json")):
        process = spawn("scan", path, *options, env=environment)
        output, errors = process.communicate()
        assert (process.returncode, errors) == (0, b"")
        assert b"\x1b" not in output or "csv" in options
        if "json" in options:
            assert json.loads(output)[0]["document"] == "港\ud800\x1b[31m"
