"""What every test file shares: settings of Hypothesis, and the rule that CI skips nothing."""

import os

import pytest
from hypothesis import settings

# No deadline: the first call of a compiled function compiles it. CI draws the same examples on
# every run, so that a failure there is about the change.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")

# Reasons (their beginnings) for which a test may be skipped in CI.
ALLOWED_SKIPS: tuple[str, ...] = ()


def _unexpected_skips(config: pytest.Config) -> list[str]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if not os.environ.get("CI") or reporter is None:
        return []
    skips = [
        (report.nodeid, report.longrepr[2].removeprefix("Skipped: "))
        for report in reporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple)
    ]
    return [f"{node}: {reason}" for node, reason in skips if not reason.startswith(ALLOWED_SKIPS)]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run of CI that left out a test for a reason that is not on the list."""
    if session.exitstatus == pytest.ExitCode.OK and _unexpected_skips(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the tests that CI was not allowed to skip."""
    unexpected = _unexpected_skips(terminalreporter.config)
    if unexpected:
        terminalreporter.section("skipped, and CI may not skip them")
        for line in unexpected:
            terminalreporter.line(line)
