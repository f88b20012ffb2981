"""`provenance scan --arrival-order`: the filter's rules over a corpus in its order."""

from collections.abc import Mapping, Sequence
from typing import Any

from provenance.commands.inputs import InputOptions
from provenance.commands.messages import say, say_skipped
from provenance.commands.view import View
from provenance.errors import InputError
from provenance.model import Document, Skipped


def print_verdicts(
    paths: Sequence[str],
    view: View,
    limits: Mapping[str, float | None],
    options: InputOptions,
    *,
    passages: bool,
    quiet: bool,
) -> None:
    """Print the verdict on each document, those of new ones only in a table that is asked for.

    Raises:
        InputError: Nothing can be read from the paths.
    """
    from provenance.index.corpus import scan_in_order
    from provenance.index.policy import Policy, Rule
    from provenance.index.settings import IndexSettings
    from provenance.output import verdicts

    view.check({"verdicts": verdicts.COLUMNS})
    given: dict[str, Any] = {name: value for name, value in limits.items() if value is not None}
    rule = Rule(**given)
    settings = IndexSettings(
        passages=passages, threshold=min(rule.threshold, IndexSettings.threshold)
    )
    skipped: list[Skipped] = []

    def documents() -> Any:  # noqa: ANN401 - an iterator, which sorts out what was skipped
        for item in options.read(paths).in_order():
            if isinstance(item, Document):
                yield item
            elif isinstance(item, Skipped):
                skipped.append(item)

    found = list(scan_in_order(documents(), Policy(rule), settings))
    if not quiet:
        say_skipped(skipped)
    if not found:
        raise InputError(f"nothing could be read from {', '.join(paths)}")
    if view.format:
        view.print(verdicts.rows(found), verdicts.COLUMNS)
    elif not quiet:
        told = [verdict for verdict in found if verdict.nearest is not None]
        if told:
            view.print(verdicts.rows(told), verdicts.SHOWN)
    if not quiet:
        say(verdicts.account(found))
