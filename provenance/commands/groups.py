"""Options that belong together: one dataclass in the code, an option each to the user."""

import inspect
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import wraps
from typing import Any, get_type_hints


def takes_groups(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command that has an option for each field of its dataclass parameters.

    The options stand where the dataclass stood, with the annotations and defaults of its fields;
    the command is called with the dataclass made of them.
    """
    hints = get_type_hints(command, include_extras=True)
    groups: dict[str, Any] = {name: kind for name, kind in hints.items() if is_dataclass(kind)}
    parameters: list[inspect.Parameter] = []
    for name, parameter in inspect.signature(command).parameters.items():
        if name not in groups:
            parameters.append(parameter)
            continue
        kinds = get_type_hints(groups[name], include_extras=True)
        parameters += [
            parameter.replace(name=f.name, default=f.default, annotation=kinds[f.name])
            for f in fields(groups[name])
        ]

    @wraps(command)
    def run(**given: Any) -> None:  # noqa: ANN401 - an option of any type
        for name, kind in groups.items():
            own = {f.name: given.pop(f.name) for f in fields(kind)}
            given[name] = kind(**own)
        command(**given)

    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run
