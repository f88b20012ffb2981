"""Moments as people write them on the command line."""

from datetime import UTC, datetime, timedelta

from provenance.errors import ConfigError

_UNITS = {"d": 86400, "h": 3600, "m": 60}


def second_of(text: str, option: str) -> int:
    """Return a date or an age (90d, 12h, 30m) as a second of Unix time.

    Raises:
        ConfigError: It is neither; the words name the option.
    """
    from provenance import timestamps

    number, unit = text[:-1], text[-1:]
    if unit in _UNITS and number.isascii() and number.isdigit():
        then = datetime.now(UTC) - timedelta(seconds=int(number) * _UNITS[unit])
        return int(then.timestamp())
    date = timestamps.parse(text)
    if date is None:
        message = f"{option} {text} is neither a date nor an age; write 2026-11-25 or 90d"
        raise ConfigError(message)
    return date.earliest
