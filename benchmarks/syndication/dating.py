"""The dates that pages state: right ones in each site's form, missing, late, shifted and wrong."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from random import Random
from typing import Literal

from composition import Draft

Form = Literal["second", "zone", "minute", "day", "none"]
MISSING, WRONG, LATE, SHIFTED = 0.035, 0.065, 0.015, 0.2


def dated(draft: Draft, form: Form, careless: float, random: Random) -> Draft:
    """The draft with the date its page states, and what is the matter with it."""
    moment = draft.at.replace(tzinfo=UTC)
    status = _status(form, careless, random)
    if status == "missing":
        return replace(draft, stated=None, date_status=status)
    if status == "wrong":
        moment = _wrong(moment, random)
    elif status == "late":
        moment += timedelta(days=random.randint(1, 90), minutes=random.randint(0, 900))
    elif status == "timezone":
        moment += timedelta(hours=random.choice((-8, -5, -4, 1, 2, 3, 9)))
    return replace(draft, stated=written(moment, form, random), date_status=status)


def _status(form: Form, careless: float, random: Random) -> str:
    roll = random.random()
    if form == "none" or roll < MISSING:
        return "missing"
    if roll < MISSING + WRONG:
        return "wrong"
    if roll < MISSING + WRONG + LATE + careless * 0.3:
        return "late"
    if form == "minute" and random.random() < SHIFTED:
        return "timezone"
    return "right"


def _wrong(moment: datetime, random: Random) -> datetime:
    roll = random.random()
    if roll < 0.12:
        return datetime(1970, 1, 1, tzinfo=UTC)
    if roll < 0.3:
        return moment + timedelta(days=365 * random.choice((-10, -1, 1, 10)))
    if roll < 0.5 and moment.day <= 12 and moment.day != moment.month:
        return moment.replace(day=moment.month, month=moment.day)
    days = random.choice((-1, 1)) * random.randint(1, 21)
    return moment + timedelta(days=days, minutes=random.randint(1, 600))


def written(moment: datetime, form: Form, random: Random) -> str:
    """The moment as the site writes it: by the day, minute or second, with or without a zone."""
    if form == "day":
        return f"{moment:%Y-%m-%d}"
    if form == "minute":
        return f"{moment:%Y-%m-%dT%H:%M}"
    if form == "zone":
        zone = timezone(timedelta(hours=random.choice((-5, -3, 1, 2))))
        return moment.astimezone(zone).isoformat(timespec="seconds")
    return f"{moment:%Y-%m-%dT%H:%M:%S}Z"
