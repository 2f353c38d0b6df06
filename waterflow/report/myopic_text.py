"""A horizon decided step by step beside foresight, as text: what it comes to, what could not be kept, who differs by how much."""

from __future__ import annotations

from collections.abc import Iterator

from waterflow.ledger.myopic_facts import FORESIGHT, MyopicFacts, MyopicWay
from waterflow.report.comparison_text import render_comparison
from waterflow.words.catalogue import say
from waterflow.words.dates import window_in_words
from waterflow.words.layout import WIDTH, columns, paragraph
from waterflow.words.numbers import number, places, quantity, unit

__all__ = ["myopic_text", "way_called"]


#: Mm3 less at the end than with foresight that are told
MISSED = 0.5


def way_called(way: MyopicWay) -> str:
    """A way of deciding, in words."""
    if way.way == FORESIGHT:
        return say("foresight")
    if way.water_value_USD_per_m3:
        return say("step by step, {value} USD per m3", value=number(way.water_value_USD_per_m3, 3))
    return say("step by step")


def myopic_text(found: MyopicFacts, width: int = WIDTH, *, everything: bool = False) -> str:
    """The whole answer, ending with a line break."""
    names = dict(zip((x.way for x in found.ways), map(way_called, found.ways), strict=True))
    rows = tuple(r.model_copy(update={"values": {names[n]: v for n, v in r.values.items()}}) for r in found.comparison.rows)
    beside = found.comparison.model_copy(update={"scenarios": tuple(names.values()), "rows": rows})
    return "\n".join([*_head(found), "", render_comparison(beside, width, everything=everything)])


def _head(found: MyopicFacts) -> Iterator[str]:
    about = {"title": found.title, "window": window_in_words(found.horizon)}
    yield (
        say("{title}, scenario {scenario}: {window}, decided step by step beside foresight", scenario=found.scenario, **about)
        if found.scenario
        else say("{title}: {window}, decided step by step beside foresight", **about)
    )
    yield paragraph(
        say(
            "With foresight all of the horizon is known. Step by step each period knows only itself, its part of limits and targets, and "
            "what is stored and on its way. The difference is what foresight is worth at most: no forecast is perfect."
        ),
        "",
        "",
    )
    if found.left_out:
        names = ", ".join(found.left_out)
        told = say("Left out of all: {names}. A period alone cannot tell how much of a promise is due in it.", names=names)
        yield paragraph(told, "", "")
    yield ""
    yield _totals(found)
    yield from _missed(found)


def _totals(found: MyopicFacts) -> str:
    """The river and the horizon together, one line for each way."""
    shown: dict[str, list[float | None]] = {
        say("users short,\n{unit}", unit=unit("Mm3")): [x.short_Mm3 for x in found.ways],
        say("targets missed,\n{unit}", unit=unit("Mm3")): [x.targets_missed_Mm3 for x in found.ways],
        say("unserved,\n{unit}", unit=unit("GWh")): [x.unserved_GWh for x in found.ways],
        say("all money,\n{unit}", unit=unit("million USD")): [x.money_MUSD for x in found.ways],
        say("stored at the end,\n{unit}", unit=unit("Mm3")): [x.stored_Mm3 for x in found.ways],
    }
    kept = {head: values for head, values in shown.items() if any(values)}
    decimals = {head: places(values) for head, values in kept.items()}
    body = [[way_called(x), *(number(values[k], decimals[head]) for head, values in kept.items())] for k, x in enumerate(found.ways)]
    return columns(["", *kept], body)


def _missed(found: MyopicFacts) -> Iterator[str]:
    """Storages agreed for dates that a way could not keep, and water that is not there at the end: it was taken from what comes."""
    foresight = found.ways[0].stored_Mm3
    for way in found.ways:
        if foresight - way.stored_Mm3 > MISSED:
            less = quantity(foresight - way.stored_Mm3, "Mm3", 0)
            told = say(
                "{way}: {less} less are stored at the end than with foresight; what it gives is partly the water of what comes after.",
                way=way_called(way),
                less=less,
            )
            yield paragraph(told, "", "  ")
        if way.not_held:
            parts = (
                say("{place} on {date}: {there} of {agreed}", place=x.title, date=x.date, there=number(x.modelled_Mm3, 0),
                    agreed=quantity(x.agreed_Mm3, "Mm3", 0))
                for x in way.not_held
            )  # fmt: skip
            names = "; ".join(parts)
            told = say("Storages agreed that cannot be kept any more, {way}: {names}.", way=way_called(way), names=names)
            yield paragraph(told, "", "  ")
