"""Words of a season's file in many spellings, English and Russian: sheets, columns, units, estimates, months without a year."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Literal

from waterflow.calendar import Calendar, Window
from waterflow.loading.spellings import ENERGIES, MONTHS, MONTHS_TOO, UNITS, day_of, month_and_dekad, plain

__all__ = [
    "COLUMNS",
    "ESTIMATES",
    "HEAD",
    "SHEETS",
    "Span",
    "estimate_of",
    "known_word",
    "measure_of",
    "span_of",
    "truth_of",
]

#: days a column is about, both included; a storage stands on the one day
Span = Window
#: our word -> other spellings, plain
SHEETS: dict[str, tuple[str, ...]] = {
    "season": ("head", "сезон"),
    "storages": ("storage", "opening_storages", "reservoirs", "запасы", "наполнение", "водохранилища", "объемы"),
    "forecast": ("forecasts", "inflow", "runoff", "прогноз", "прогнозы", "приток", "сток"),
    "limits": ("limit", "лимиты", "лимит"),
    "agreed_flows": ("agreed", "agreed_flow", "согласованный_приток", "согласованные_притоки", "график_притока"),
    "targets": ("target", "цели", "целевые_объемы", "задания"),
    "power": ("power_demand", "energy", "энергия", "электроэнергия", "спрос_на_электроэнергию"),
    "clauses": ("agreements", "clause", "соглашения", "статьи"),
}
COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("id", "place", "node", "headwater", "reservoir", "party", "canal", "код", "пункт", "место", "створ", "водохранилище", "канал"),
    "title": ("called", "название", "наименование"),
    "estimate": ("variant", "оценка", "вариант"),
    "unit": ("units", "единица", "единицы", "ед", "ед_изм", "единица_измерения"),
    "value": ("in_force", "значение", "величина", "действует", "в_силе"),
    "blank": ("if_left_blank", "если_оставить_пустым"),
    "source": ("источник",),
    "grade": ("степень", "степень_достоверности", "надежность", "степень_надежности"),
    "note": ("notes", "comment", "примечание", "примечания"),
    "period": ("month", "period_or_season", "период", "месяц"),
}
#: what the first sheet says of the season
HEAD: dict[str, tuple[str, ...]] = {
    "model": ("модель",),
    "season": ("сезон",),
    "like": ("as_in", "scenario", "как_в", "сценарий"),
}
ESTIMATES: dict[str, tuple[str, ...]] = {
    "norm": ("норма", "normal", "climatology"),
    "low": ("dry", "min", "minimum", "lowest", "низкий", "нижний", "минимум", "минимальный", "мин"),
    "mean": ("central", "expected", "median", "forecast", "средний", "ожидаемый", "средняя", "прогноз"),
    "high": ("wet", "max", "maximum", "highest", "высокий", "верхний", "максимум", "максимальный", "макс"),
}
#: a share of the norm, how many hundredths one is
NORMS: dict[str, float] = {
    **dict.fromkeys(("percent", "percent_of_norm", "percent_of_the_norm", "per_cent_of_norm", "per_cent_of_the_norm", "per_cent"), 1.0),
    **dict.fromkeys(("percent_нормы", "percent_от_нормы", "percent_к_норме", "процент_нормы", "процентов_нормы"), 1.0),
    **dict.fromkeys(("проценты", "в_percent_к_норме", "в_percent_от_нормы", "проценты_нормы"), 1.0),
    **dict.fromkeys(("share_of_norm", "share_of_the_norm", "доля_нормы", "в_долях_нормы"), 100.0),
}
WHOLE = ("year", "whole", "whole_season", "season", "all", "total", "год", "за_год", "весь_сезон", "весь_срок", "сезон", "всего", "итого")
SEASONS: dict[str, tuple[str, ...]] = {
    "growing": ("vegetation", "growing_season", "вегетация", "вегетационный_период", "вегетационный"),
    "non_growing": (
        "non_vegetation",
        "non_growing_season",
        "межвегетация",
        "межвегетационный_период",
        "невегетация",
        "невегетационный_период",
    ),
}
ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
#: Cyrillic letters that look like those of Roman numerals
LOOKALIKE = str.maketrans("іхІХ", "ixix")
DEKAD = (
    re.compile(r"(?:^|[\s,.;-])(?:dekad|decade|dek|d|декада|декады|дек)[ .]*([123])$"),
    re.compile(r"^([123])[ -]*(?:я|st|nd|rd)?[ -]*(?:dekad|decade|dek|d|декада|декады|дек)[ .,]*"),
    re.compile(r"[\s,.;]([123])[ -]*(?:я|st|nd|rd)?[ -]*(?:dekad|decade|dek|d|декада|декады|дек)\.?$"),
)
YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")
Kind = Literal["norm", "rate", "volume", "energy", ""]


def known_word(text: object, words: dict[str, tuple[str, ...]]) -> str:
    """Our word for one of many spellings; empty where it is none."""
    said = plain(text)
    return next((word for word, others in words.items() if said == plain(word) or said in others), "")


def estimate_of(text: object) -> str:
    """``low``, ``mean``, ``high`` or ``norm``; ``mean`` where nothing stands, empty where it is none of them."""
    return known_word(text, ESTIMATES) if str(text).strip() else "mean"


def measure_of(text: object) -> tuple[Kind, float]:
    """What a unit measures, and how many of ours (per cent, m3/s, Mm3, GWh) one is."""
    said = plain(str(text).replace("%", " percent "))
    if said in NORMS:
        return "norm", NORMS[said]
    if said in ENERGIES:
        return "energy", ENERGIES[said]
    ours, factor = UNITS.get(said, ("", 1.0))
    kinds: dict[str, Kind] = {"m3/s": "rate", "Mm3": "volume"}
    return kinds.get(ours, ""), factor


def truth_of(cell: Any) -> bool | None:
    """Yes or no; None where it is neither."""
    said = plain(cell)
    yes, no = ("yes", "true", "1", "да", "y", "x"), ("no", "false", "0", "нет", "n")
    return True if said in yes else False if said in no else None


def _month(word: str) -> int:
    """Number of a month by its name, short name, genitive or Roman numeral; 0 where it is none."""
    said = word.strip(" .,").casefold()
    if said in MONTHS_TOO:
        return MONTHS_TOO[said]
    roman = said.translate(LOOKALIKE)
    if roman in ROMAN:
        return ROMAN.index(roman) + 1
    # the shortest names people write, and every ending of the long ones
    if len(said) >= 3 and said.isalpha():
        return next((names.index(said[:3]) + 1 for names in MONTHS if said[:3] in names and _is_month(said)), 0)
    return 0


def _is_month(said: str) -> bool:
    """True if a word is the beginning of a month's name, in any case: ``marble`` is no March."""
    full = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "января",
        "февраля",
        "марта",
        "апреля",
        "май",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
        "январь",
        "февраль",
        "март",
        "апрель",
        "мая",
        "июнь",
        "июль",
        "август",
        "сентябрь",
        "октябрь",
        "ноябрь",
        "декабрь",
        "январе",
        "феврале",
        "марте",
        "апреле",
        "мае",
        "июне",
        "июле",
        "августе",
        "сентябре",
        "октябре",
        "ноябре",
        "декабре",
    ]
    return any(name.startswith(said) for name in full)


def _split_dekad(said: str) -> tuple[str, int]:
    """A text without its dekad, and the dekad; 0 without one."""
    for pattern in DEKAD:
        if found := pattern.search(said):
            return (said[: found.start()] + said[found.end() :]).strip(" ,.;-"), int(found[1])
    return said, 0


def _period(cell: Any, calendar: Calendar) -> list[Span]:
    """The periods of the horizon a cell may mean: one, several where a month without a year stands in it twice, none."""
    said, dekad = ("", 0) if isinstance(cell, dt.date) else _split_dekad(str(cell).strip().casefold())
    found = month_and_dekad(cell if isinstance(cell, dt.date) else said)
    if found:
        year, month, begun = found
        dekad = dekad or begun or 0
        years = {year if year > 99 else 2000 + year}
    else:
        years = {int(y) for y in YEAR.findall(said)}
        month = _month(YEAR.sub("", said))
    fitting = [p for p in calendar.periods if p.month == month and (not years or p.start.year in years)]
    if dekad:
        fitting = [p for p in fitting if p.label.endswith(f"-d{dekad}")]
        return [Span(p.start, p.end) for p in fitting]
    months = dict.fromkeys(p.label[:7] for p in fitting)
    spans = [[p for p in fitting if p.label[:7] == m] for m in months]
    return [Span(ps[0].start, ps[-1].end) for ps in spans]


def span_of(cell: Any, calendar: Calendar) -> list[Span]:
    """The days of the horizon that a column's head may mean; more than one where it can be read in several ways.

    A month or dekad (with or without its year), ``Oct 2026-Mar 2027``, a season by its name, the whole horizon, or a day.
    """
    said = plain(cell)
    if said in WHOLE:
        return [Span(calendar.start, calendar.end)]
    name = next((ours for ours, others in SEASONS.items() if said == ours or said in others), "")
    if name:
        return [window for window, season in calendar.seasons if season == name]
    day = day_of(cell)
    if day and day == calendar.end + dt.timedelta(days=1):
        return [Span(day, day)]
    if found := _period(cell, calendar):
        return found
    if isinstance(cell, str):
        for sign in ("/", "–", "—", " - ", "-", " to ", " по "):
            first, there, last = cell.partition(sign)
            if there and (spans := _between(first, last, calendar)):
                return spans
    return []


def _between(first: str, last: str, calendar: Calendar) -> list[Span]:
    """The spans from one period, or day, to another that lie in the horizon."""
    one, other = day_of(first), day_of(last)
    if one and other:
        return [Span(one, other)] if calendar.start <= one <= other <= calendar.end else []
    found = [Span(a.start, b.end) for a in _period(first, calendar) for b in _period(last, calendar) if a.start <= b.start]
    return found[:1] if len({str(s) for s in found}) == 1 else found
