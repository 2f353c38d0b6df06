"""Figures as people write them in the language spoken: ``12,726`` and ``12 726``, ``3.2 %`` and ``3,2 %``."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import Any

from waterflow.words.catalogue import say, spoken

__all__ = ["NOTHING", "digits", "exact", "number", "numbers", "per_cent", "places", "quantity", "unit"]

#: decimals of a column whose largest figure is at least this
DECIMALS = ((100.0, 0), (10.0, 1), (0.0, 2))
#: decimals of a figure that stands alone
ALONE = ((1000.0, 0), (10.0, 1), (0.0, 3))
#: a figure smaller than this is nothing
NOTHING = 5e-7


@cache
def _locale(language: str) -> Any:
    from babel import Locale

    return Locale(language)


@cache
def _pattern(decimals: int) -> str:
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def places(values: Sequence[float | None]) -> int:
    """Decimals that suit a column: none for hundreds, one for tens, two below."""
    largest = max((abs(v) for v in values if v is not None), default=0.0)
    return 0 if largest < NOTHING else next(d for least, d in DECIMALS if largest >= least)


def exact(value: float, decimals: int) -> str:
    """A number with thousands apart and so many decimals; a rounded nothing has no sign."""
    rounded = round(value, decimals) + 0.0
    if spoken() == "en":
        # what babel writes, ten times as fast: tables have thousands of figures
        return f"{rounded:,.{decimals}f}"
    from babel.numbers import format_decimal

    return str(format_decimal(rounded, _pattern(decimals), _locale(spoken())))


def digits(value: float, count: int = 3) -> str:
    """A number to so many digits, however small: ``0.0000789``."""
    return exact(value, max(0, count - 1 - math.floor(math.log10(abs(value))))) if value else "0"


def number(value: float | None, decimals: int = 0) -> str:
    """A number with thousands apart, halves away from zero; ``-`` where there is none."""
    return "-" if value is None else exact(value + math.copysign(NOTHING, value), decimals)


def numbers(values: Sequence[float | None]) -> list[str]:
    """A column of numbers with the same decimals."""
    decimals = places(values)
    return [number(v, decimals) for v in values]


def per_cent(part: float | None, whole: float | None = 1.0, decimals: int = 0) -> str:
    """A part in per cent of a whole; ``-`` where there is no whole."""
    if part is None or whole is None or abs(whole) < NOTHING:
        return "-"
    return f"{exact(100 * part / whole, decimals)} %"


def unit(name: str) -> str:
    """A unit as people write it: ``Mm3`` is ``млн м³``."""
    known = {
        "Mm3": say("Mm3"),
        "m3/s": say("m3/s"),
        "GWh": say("GWh"),
        "TWh": say("TWh"),
        "MWh": say("MWh"),
        "km3": say("km3"),
        "m": say("m"),
        "km2": say("km2"),
        "MUSD": say("million USD"),
        "million USD": say("million USD"),
        "USD per m3": say("USD per m3"),
        "share of the claim": say("share of the claim"),
        "weighted sum": say("weighted sum"),
    }
    return known.get(name, name)


def quantity(value: float, of: str, decimals: int | None = None) -> str:
    """A figure with its unit: ``10,800 Mm3``, ``10 800 млн м³``; as many decimals as suit it, or as are asked for."""
    if decimals is None:
        decimals = next(d for least, d in ALONE if abs(value) >= least)
    return f"{exact(value, decimals)} {unit(of)}".strip()
