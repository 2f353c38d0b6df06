"""What kept water is worth, in sentences; its planes as the table ``end_value_cuts.csv``."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator

from waterflow.futures.kept_water_facts import WaterKept
from waterflow.words.catalogue import mark, say
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.numbers import exact, number, per_cent, quantity, unit

__all__ = ["kept_water_csv", "kept_water_text"]

AFTER = {
    "usual": mark("any year"),
    "any_year": mark("any year"),
    "after_dry_year": mark("a dry year"),
    "after_middling_year": mark("a middling year"),
    "after_wet_year": mark("a wet year"),
}
ASIDE = {
    "order": mark("its order of priority"),
    "closing": mark("closing storages it asks for"),
    "end_values": mark("its own end values"),
    "shares": mark("shares of a surplus"),
    "head": mark("the head of its plants, which have fixed rates here"),
}
YEARS = {"own": mark("runoff of the model"), "dry": mark("dry"), "middle": mark("middling"), "wet": mark("wet")}
#: a gap beyond this share of the lower bound is told as far
ROUGH = 0.01
HEAD = ("series", "cut", "reservoir", "storage_Mm3", "value_USD_per_m3", "worth_MUSD", "source", "grade", "note")


def kept_water_text(found: WaterKept, title: Callable[[str], str]) -> str:
    """What one more m3 is worth, where years close, how near the answer is, and what it rests on.

    Parameters
    ----------
    found : WaterKept
    title : callable
        What people call a reservoir.
    """
    return "\n".join([*_asked(found), *_worths(found, title), *_closings(found, title), *_sure(found)]) + "\n"


def _asked(found: WaterKept) -> Iterator[str]:
    said = {"count": found.members, "first": found.first_member, "last": found.last_member}
    yield paragraph(say("Years that may come: {count}, from {first} to {last}, one after the other as in the record.", **said))
    ends = say("without an end") if found.years is None else say("{years} of them", years=found.years)
    yield paragraph(say("Years {ends}; a cost a year later counts {less} less.", ends=ends, less=per_cent(found.discount, decimals=1)))
    if found.set_aside:
        names = "; ".join(say(ASIDE[name]) for name in found.set_aside)
        yield paragraph(say("Money alone decides in these years. Of what the model asks this does not count: {names}.", names=names))
    if found.risk_weight:
        shares = {"weight": per_cent(found.risk_weight), "tail": per_cent(found.risk_tail)}
        yield paragraph(say("Weight of the worst {tail} of cases beside the mean: {weight}.", **shares))


def _worths(found: WaterKept, title: Callable[[str], str]) -> Iterator[str]:
    yield heading(say("What one more m3 kept is worth, {unit}", unit=unit("USD per m3")))
    shares = ("10 %", "30 %", "50 %", "70 %", "90 %")
    usual = [w for w in found.worths if w.after == "usual"]
    names = dict.fromkeys(w.reservoir for w in usual)
    rows = [[title(name), *(exact(w.value_USD_per_m3, 3) for w in usual if w.reservoir == name)] for name in names]
    yield columns([say("filled to"), *shares], rows)
    yield paragraph(say("Of the range between lowest and full, the other reservoirs being as at the opening."))
    by_class = [w for w in found.worths if w.after != "usual"]
    if by_class:
        largest = max(abs(a.value_USD_per_m3 - b.value_USD_per_m3) for a in by_class for b in by_class if _alike(a, b))
        yield paragraph(say("Whether the year that ends was dry or wet moves no value by more than {most}.", most=exact(largest, 3)))


def _alike(a: object, b: object) -> bool:
    return (a.reservoir, a.storage_Mm3) == (b.reservoir, b.storage_Mm3)  # type: ignore[attr-defined]


def _closings(found: WaterKept, title: Callable[[str], str]) -> Iterator[str]:
    years = list(dict.fromkeys(c.year for c in found.closings))
    yield heading(say("Where a year ends that knows it, {unit}", unit=unit("Mm3")))
    wet = {c.year: c.runoff_Mm3 for c in found.closings}
    rows = [[say("runoff of the whole river"), "", *(number(wet[y]) for y in years)]]
    for name in dict.fromkeys(c.reservoir for c in found.closings):
        own = [c for c in found.closings if c.reservoir == name]
        rows.append([title(name), number(own[0].opening_Mm3), *(number(c.closing_Mm3) for c in own)])
    yield columns(["", say("opening"), *(say(YEARS[y]) for y in years)], rows)
    told = ", ".join(f"{say(YEARS[c.year])} {c.member}" for c in found.closings[: len(years)] if c.year != "own")
    yield paragraph(say("Years of the record near a tenth, the middle and nine tenths of all by runoff: {years}.", years=told))


def _sure(found: WaterKept) -> Iterator[str]:
    yield heading(say("How sure this is"))
    least = quantity(found.lower_MUSD, "million USD", 0)
    yield paragraph(say("From the opening storages no way of keeping water costs less than {least} over all years.", least=least))
    if found.gap_MUSD is not None and found.interval_MUSD is not None:
        above = {"gap": quantity(found.gap_MUSD, "million USD", 1), "half": exact(found.interval_MUSD, 1)}
        apart = (found.gap_MUSD + found.interval_MUSD) / max(1.0, abs(found.lower_MUSD))
        told = say("This one is expected to cost {gap} more (+-{half}, 95 %): within {share}.", **above, share=per_cent(apart, decimals=2))
        yield paragraph(told)
        if apart > ROUGH:
            yield paragraph(say("That is far: the values above may still move. Ask from more states (--states)."))
    else:
        yield paragraph(say("Under a weight of the worst cases no bound from above is known."))
    yield paragraph(say("States from which every year was solved: {states}; seed: {seed}.", states=found.states, seed=found.seed))
    rows = {"assumed": number(found.input_rows_assumed), "rows": number(found.input_rows)}
    yield paragraph(say("It rests on {rows} rows of input, of which {assumed} are assumed or unverified.", **rows))


def kept_water_csv(found: WaterKept) -> str:
    """The planes as rows of ``end_value_cuts.csv``: a series for each class of the year that ends."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEAD)
    gap = "none" if found.gap_MUSD is None else f"{found.gap_MUSD:.0f}"
    note = (
        f"{found.members} years {found.first_member} to {found.last_member}; discount {found.discount:g}; "
        f"lower bound {found.lower_MUSD:.0f} million USD, gap {gap}; seed {found.seed}"
    )
    counted: dict[str, int] = {}
    for plane in found.planes:
        counted[plane.after] = cut = counted.get(plane.after, 0) + 1
        for name, value in plane.value_USD_per_m3.items():
            figures = [f"{plane.storage_Mm3[name]:.1f}", f"{value:.6f}", f"{plane.worth_MUSD:.4f}"]
            writer.writerow([plane.after, f"cut_{cut:03d}", name, *figures, "kept_water", "derived", note])
    return text.getvalue()
