"""Words: every sentence that is said in English and in Russian, once, side by side; figures and dates in both.

The key is the language, ``en`` or ``ru``. A sentence without a figure of its own is said as it stands.
"""

from __future__ import annotations

from typing import Literal

__all__ = ["LANGUAGES", "SENTENCES", "Language", "per_cent", "period", "quantity", "say"]

Language = Literal["en", "ru"]
LANGUAGES: tuple[Language, ...] = ("en", "ru")

SENTENCES: dict[str, dict[Language, str]] = {
    # what people agreed
    "storage_held": {
        "en": "{place} holds at least {figure} at the end of {when}",
        "ru": "{place}: объём не менее {figure} на конец периода {when}",
    },
    "storage_not_passed": {
        "en": "{place} holds at most {figure} at the end of {when}",
        "ru": "{place}: объём не более {figure} на конец периода {when}",
    },
    "withdrawals_within_limit": {
        "en": "{place} withdraws at most {figure} in {when}",
        "ru": "{place}: забор не более {figure} за {when}",
    },
    # what works and storages can do
    "storage_lowest": {"en": "{place} cannot go below its lowest storage", "ru": "{place}: не ниже наименьшего объёма"},
    "storage_full": {"en": "{place} cannot be filled above full storage", "ru": "{place}: не выше полного объёма"},
    "flow": {"en": "capacity of {place}", "ru": "пропускная способность: {place}"},
    "delivery": {"en": "canal capacity of {place}", "ru": "пропускная способность канала: {place}"},
    "turbined": {"en": "turbine capacity of {place}", "ru": "пропускная способность турбин: {place}"},
    "supplied_power": {"en": "capacity of the supply {place}", "ru": "мощность источника {place}"},
    "exported_power": {"en": "capacity of the export {place}", "ru": "мощность экспорта {place}"},
    # what is wished for
    "floor_kept": {"en": "minimum flow at {place}", "ru": "санитарный попуск: {place}"},
    "target_delivered": {"en": "target at {place}", "ru": "задание по подаче: {place}"},
    "share_passed_on": {"en": "share of the surplus at {place}", "ru": "доля излишка: {place}"},
    "power_floor_kept": {"en": "assured power of {place}", "ru": "гарантированная электроэнергия: {place}"},
    "power_claim_met": {"en": "power of {place}", "ru": "электроэнергия: {place}"},
    "no_water": {"en": "water that is not there: {place}", "ru": "воды нет: {place}"},
    # what is filled in where a plan is silent
    "rest_needs": {
        "en": "{count} of {all} withdrawals are not in the table: the needs are taken.",
        "ru": "В таблице нет {count} из {all} водозаборов: взяты потребности.",
    },
    "rest_optimum": {
        "en": "{count} of {all} withdrawals are not in the table: those of the optimum are taken.",
        "ru": "В таблице нет {count} из {all} водозаборов: взяты из оптимума.",
    },
    "rest_releases": {
        "en": "Releases taken from the optimum: {names}.",
        "ru": "Попуски взяты из оптимума: {names}.",
    },
    "rest_spills": {
        "en": "Spillways that are not in the table pass nothing: {names}.",
        "ru": "Водосбросы, которых нет в таблице, закрыты: {names}.",
    },
    "raised_needs": {
        "en": "The plan takes more than the need of {names}; what it takes is counted as the need.",
        "ru": "План забирает больше потребности: {names}; забор принят за потребность.",
    },
    # a plan judged
    "head_judged": {"en": "{model}: the plan {plan}", "ru": "{model}: план {plan}"},
    "head_broken": {"en": "Limits and agreements broken", "ru": "Нарушенные ограничения и договорённости"},
    "head_wishes": {"en": "Wishes not met", "ru": "Невыполненные пожелания"},
    "head_sentences": {"en": "In three sentences", "ru": "В трёх предложениях"},
    "head_repair": {"en": "The least change that breaks nothing", "ru": "Наименьшая правка, при которой ничего не нарушено"},
    "what": {"en": "what", "ru": "что"},
    "when": {"en": "when", "ru": "когда"},
    "plan": {"en": "plan", "ru": "план"},
    "allowed": {"en": "allowed", "ru": "допустимо"},
    "by": {"en": "by", "ru": "на"},
    "unit": {"en": "unit", "ru": "ед."},
    "place": {"en": "place", "ru": "место"},
    "repaired": {"en": "repaired", "ru": "правка"},
    "change": {"en": "change", "ru": "разница"},
    "none": {"en": "none", "ru": "нет"},
    "slight": {
        "en": "By less than 0.1 % of the limit, as typed figures are rounded: {names}.",
        "ru": "Менее чем на 0,1 % (округление набранных чисел): {names}.",
    },
    "judged_kept": {
        "en": "The plan keeps every limit and agreement and misses {wishes}.",
        "ru": "План соблюдает все ограничения и договорённости; не выполнено: {wishes}.",
    },
    "judged_broken": {
        "en": "The plan breaks {broken} ({names}) and misses {wishes}.",
        "ru": "План нарушает: {broken} ({names}); не выполнено: {wishes}.",
    },
    "count_rules": {"en": "{count} of the limits and agreements", "ru": "ограничений и договорённостей — {count}"},
    "count_wishes": {"en": "{count} of the wishes", "ru": "пожеланий — {count}"},
    "beside": {
        "en": "Beside {other} it is worse in {worse} and better in {better}.",
        "ru": "Против {other} он хуже: {worse}; лучше: {better}.",
    },
    "beside_same": {"en": "Beside {other} nothing differs that is worth saying.", "ru": "Против {other} заметных отличий нет."},
    "the_optimum": {"en": "the optimum", "ru": "оптимума"},
    "the_last": {"en": "the last plan ({plan})", "ru": "прошлого плана ({plan})"},
    "no_last": {"en": "No last plan was given to set beside it.", "ru": "Прошлый план для сравнения не задан."},
    "nothing": {"en": "nothing", "ru": "ничего"},
    "water": {"en": "water of {who}", "ru": "вода: {who}"},
    "generation": {"en": "hydropower of {who}", "ru": "гидроэнергия: {who}"},
    "unserved": {"en": "unserved power of {who}", "ru": "недоотпуск: {who}"},
    "import": {"en": "imports of {who}", "ru": "импорт: {who}"},
    "target": {"en": "delivery at {who}", "ru": "подача: {who}"},
    "closing": {"en": "closing storage of {who}", "ru": "запас на конец: {who}"},
    "shortage": {"en": "largest shortage of the priority {who}", "ru": "наибольший дефицит приоритета {who}"},
    "cost": {"en": "cost", "ru": "затраты"},
    "change_total": {
        "en": "{total} in all, {count} figures changed.",
        "ru": "Всего {total}, изменено чисел: {count}.",
    },
    "no_repair": {"en": "Nothing hard is broken: nothing to repair.", "ru": "Жёсткое не нарушено: править нечего."},
    # conflicts
    "clash": {
        "en": "No plan obeys all of these together, with the runoff and the storages there are:",
        "ru": "При имеющихся стоке и запасах воды нет плана, в котором выполнялось бы всё это вместе:",
    },
    "laws": {
        "en": "the laws of water themselves: more is withdrawn than can exist",
        "ru": "сами законы воды: забирается больше, чем может быть",
    },
    "works_clash": {
        "en": "No agreement is to blame; the works and storages cannot pass the water there is:",
        "ru": "Дело не в договорённостях: сооружения и ёмкости не могут пропустить имеющуюся воду:",
    },
    "works": {"en": "They clash because of:", "ru": "Противоречие обусловлено:"},
    "alternatives": {"en": "These clash too, each set by itself:", "ru": "Противоречат друг другу и эти наборы, каждый сам по себе:"},
    "more": {"en": "There may be more sets; the search was stopped.", "ru": "Могут быть и другие наборы; поиск остановлен."},
    "ways_out": {"en": "A plan exists if one of these is given up:", "ru": "План есть, если отказаться от одного из следующих:"},
    "alone": {
        "en": "The least concession, if one of them alone gives way:",
        "ru": "Наименьшая уступка, если уступает только одно условие:",
    },
    "by_party": {
        "en": "The least concession, if one party alone gives way:",
        "ru": "Наименьшая уступка, если уступает только одна сторона:",
    },
    "together": {
        "en": "The least concession of all together (the smallest sum of per cents):",
        "ru": "Наименьшая уступка всех вместе (наименьшая сумма процентов):",
    },
    "not_alone": {"en": "cannot mend it alone", "ru": "одной уступкой не исправить"},
    "no_edit": {"en": "Nothing in the data was changed.", "ru": "Данные не изменялись."},
}

UNITS: dict[str, dict[Language, str]] = {
    "Mm3": {"en": "Mm3", "ru": "млн м³"},
    "m3/s": {"en": "m3/s", "ru": "м³/с"},
    "GWh": {"en": "GWh", "ru": "млн кВт·ч"},
    "million USD": {"en": "million USD", "ru": "млн долл. США"},
}
MONTHS: dict[Language, str] = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "ru": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
}
DEKAD: dict[Language, str] = {"en": "dekad", "ru": "декада"}
#: decimals of a figure at least this large
DECIMALS = ((1000.0, 0), (10.0, 1), (0.0, 3))


def say(key: str, lang: Language, **parts: str) -> str:
    """A sentence of the catalogue with its parts filled in."""
    return SENTENCES[key][lang].format(**parts)


def quantity(value: float, unit: str, lang: Language, decimals: int | None = None) -> str:
    """A figure with its unit: ``10,800 Mm3``, ``10 800 млн м³``; as many decimals as suit it, or as are asked for."""
    if decimals is None:
        decimals = next(d for least, d in DECIMALS if abs(value) >= least)
    # a rounded nothing has no sign
    text = f"{round(value, decimals) + 0.0:,.{decimals}f}"
    if lang == "ru":
        text = text.replace(",", " ").replace(".", ",")
    return f"{text} {UNITS.get(unit, {}).get(lang, unit)}".strip()


def per_cent(share: float, lang: Language) -> str:
    """A share in per cent: ``3.2 %``, ``3,2 %``."""
    text = f"{100 * share:.1f} %"
    return text.replace(".", ",") if lang == "ru" else text


def period(label: str, lang: Language) -> str:
    """``Oct 2024`` of ``2024-10``, ``Oct 2024, dekad 1`` of ``2024-10-d1``; a window or anything else as it stands."""
    year, *rest = label.split("-")
    if "/" in label or not rest or not rest[0].isdigit():
        return label
    month = MONTHS[lang].split()[int(rest[0]) - 1]
    dekad = f", {DEKAD[lang]} {rest[1].removeprefix('d')}" if len(rest) > 1 else ""
    return f"{month} {year}{dekad}"


#: a sentence in every language
Said = dict[Language, str]


def told(key: str, **parts: str) -> Said:
    """A sentence of the catalogue in every language, its parts the same in all."""
    return {lang: say(key, lang, **parts) for lang in LANGUAGES}
