"""What people type: names, quantities, units and periods in many spellings, English and Russian, read as one."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

__all__ = [
    "ENERGIES",
    "FIRST_DAY",
    "QUANTITIES",
    "UNITS",
    "day_of",
    "month_and_dekad",
    "plain",
    "quantity_of",
    "split_quantity",
    "split_unit",
    "unit_of",
]

#: our word -> other spellings, plain
QUANTITIES: dict[str, tuple[str, ...]] = {
    "release": ("releases", "discharge", "outflow", "попуск", "попуски", "сброс_в_нижний_бьеф"),
    "flow": ("flows", "расход", "сток"),
    "withdrawal": ("withdrawals", "delivery", "intake", "diversion", "abstraction", "забор", "водозабор", "подача", "водоподача"),
    "filling": ("inlet", "наполнение", "подача_в_водохранилище"),
    "spill": ("spills", "сброс", "холостой_сброс"),
}
#: our word -> other spellings, plain, and how many of our units it is
UNITS: dict[str, tuple[str, float]] = {
    **dict.fromkeys(("m3_s", "m3s", "m3_sec", "cumec", "cumecs", "cms", "м3_с", "м3с", "м3_сек"), ("m3/s", 1.0)),
    **dict.fromkeys(("mm3", "mcm", "hm3", "million_m3", "mln_m3", "млн_м3", "млнм3"), ("Mm3", 1.0)),
    **dict.fromkeys(("km3", "bcm", "км3", "млрд_м3"), ("Mm3", 1000.0)),
}
#: units of energy, plain, and how many GWh one is
ENERGIES: dict[str, float] = {
    **dict.fromkeys(("gwh", "million_kwh", "mln_kwh", "гвт_ч", "гвтч", "млн_квт_ч", "млн_квтч"), 1.0),
    **dict.fromkeys(("twh", "твт_ч", "твтч", "млрд_квт_ч", "млрд_квтч"), 1000.0),
    **dict.fromkeys(("mwh", "мвт_ч", "мвтч"), 0.001),
}
MONTHS = (
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
    ["янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"],
)
#: the month of May in the genitive
MONTHS_TOO = {"мая": 5}
YEAR_FIRST = re.compile(r"(\d{4})[-./ ](\d{1,2})(?:[-./, ]*d([123]))?$")
YEAR_LAST = re.compile(r"(\d{1,2})[-./](\d{4})(?:[-./, ]*d([123]))?$")
BY_NAME = re.compile(r"([a-zа-яё]{3,})\.?[-,./ ]*(\d{4}|\d{2})(?:[-./, ]*d(?:ekad)?[ .]*([123]))?$")
DAYS = (re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})$"), re.compile(r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})$"))
#: a first day of a month may mean the month or its first dekad
FIRST_DAY = 0
#: days on which a dekad begins
BEGINS = {1: FIRST_DAY, 11: 2, 21: 3}


def plain(text: object) -> str:
    """A name without case, accents of spacing and signs: ``Mountain reservoir`` is ``mountain_reservoir``."""
    folded = str(text).casefold().replace("³", "3").replace("ё", "е").replace("^", "")
    return re.sub(r"[^0-9a-zа-я]+", "_", folded).strip("_")


def quantity_of(text: object) -> str:
    """Our word for a quantity; empty where it is none."""
    said = plain(text)
    return next((word for word, others in QUANTITIES.items() if said == word or said in others), "")


def unit_of(text: object) -> tuple[str, float]:
    """``m3/s`` or ``Mm3`` and how many of them one is; an empty name where it is no unit."""
    return UNITS.get(plain(text), ("", 1.0))


def split_unit(text: object) -> tuple[str, str, float]:
    """``("mountain_release", "m3/s", 1.0)`` from ``Mountain release, m3/s``; no unit where none stands at the end."""
    said = plain(text)
    for unit in sorted(UNITS, key=len, reverse=True):
        if said == unit or said.endswith(f"_{unit}"):
            return said[: len(said) - len(unit)].strip("_"), *UNITS[unit]
    return said, "", 1.0


def split_quantity(name: str) -> tuple[str, str]:
    """``("mountain", "release")`` from ``mountain_release``; no quantity where none stands at the end."""
    for word, others in QUANTITIES.items():
        for spelling in sorted((word, *others), key=len, reverse=True):
            if name.endswith(f"_{spelling}"):
                return name[: -len(spelling) - 1], word
    return name, ""


def day_of(cell: Any) -> dt.date | None:
    """A day with its year, as a date or as text; None where it is none."""
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    said = str(cell).strip()
    found = next((day for pattern in DAYS if (day := pattern.match(said))), None)
    try:
        return dt.date(int(found["y"]), int(found["m"]), int(found["d"])) if found else None
    except ValueError:
        return None


def month_and_dekad(cell: Any) -> tuple[int, int, int | None] | None:
    """``(2024, 10, None)`` of ``2024-10``, ``Oct 2024`` or ``10.2024``; ``(2024, 10, 2)`` of ``2024-10-d2`` or a day 11.

    The dekad of a first day is `FIRST_DAY`. None where it is no period.
    """
    if isinstance(cell, dt.datetime | dt.date):
        return (cell.year, cell.month, BEGINS[cell.day]) if cell.day in BEGINS else None
    said = str(cell).strip().casefold()
    for pattern in DAYS:
        day = pattern.match(said)
        if day:
            return _sound(int(day["y"]), int(day["m"]), BEGINS.get(int(day["d"]), -1))
    for pattern, year, month in ((YEAR_FIRST, 1, 2), (YEAR_LAST, 2, 1)):
        found = pattern.match(said)
        if found:
            return _sound(int(found[year]), int(found[month]), int(found[3]) if found[3] else None)
    named = BY_NAME.match(said)
    if not named:
        return None
    number = next((names.index(named[1][:3]) + 1 for names in MONTHS if named[1][:3] in names), MONTHS_TOO.get(named[1], 0))
    year_said = int(named[2])
    return _sound(year_said if year_said > 99 else 2000 + year_said, number, int(named[3]) if named[3] else None)


def _sound(year: int, month: int, dekad: int | None) -> tuple[int, int, int | None] | None:
    return (year, month, dekad) if 1 <= month <= 12 and dekad != -1 else None
