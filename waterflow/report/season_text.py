"""What was read of a season's file, what is assumed in the place of its blanks, and what became of it, as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from waterflow.basin.basin import Basin
from waterflow.basin.titles import called
from waterflow.calendar import Window
from waterflow.report.names import estimate as estimate_called
from waterflow.report.names import grade as grade_called
from waterflow.season.filled import Blank, Filled
from waterflow.season.folder import Folder
from waterflow.season.kit import Kit
from waterflow.season.provisional import CUT
from waterflow.words.catalogue import mark, say, say_many
from waterflow.words.dates import window_in_words
from waterflow.words.layout import columns, heading, paragraph
from waterflow.words.numbers import number, per_cent, quantity
from waterflow.words.numbers import unit as unit_called

__all__ = ["new_text", "season_text"]

SUBJECTS = {
    "storages": mark("opening storages"),
    "forecast": mark("forecast"),
    "limits": mark("limits"),
    "agreed_flows": mark("agreed flows"),
    "targets": mark("targets"),
    "power": mark("power"),
    "clauses": mark("agreements"),
}
#: cells of one row that are told one by one; of more, the sum
FEW = 2
#: places of figures without source or grade that are named; of the rest, how many
NAMED = 5
#: from here on a figure is told without decimals
WHOLE = 100


def new_text(kit: Kit, written: Sequence[str]) -> str:
    """What ``season new`` wrote, how much of it is known, and what comes next."""
    rows = []
    for sheet, title in SUBJECTS.items():
        slots = [s for s in kit.of(sheet) if s.estimate not in ("norm", "low", "high")]
        if slots:
            known = sum(s.known is not None for s in slots)
            assumed = sum(s.known is None and s.assumed is not None for s in slots)
            rows.append([say(title), number(known), number(assumed), number(len(slots) - known - assumed)])
    head = [say("Cells"), say("known"), say("blank, something\nis assumed"), say("blank, nothing\ncounts")]
    lines = [say("written: {path}", path=path) for path in written]
    lines += [
        "",
        columns(head, rows),
        "",
        paragraph(say("Begins as {like}, {years} later.", like=kit.like.file.scenario, years=_years(kit))),
    ]
    lines += [paragraph(_norms(kit))]
    lines += [paragraph(say("Fill in what you know, then: waterflow season check {file}", file=written[0]))]
    return "\n".join(lines) + "\n"


def _years(kit: Kit) -> str:
    return say_many("{count} year", "{count} years", kit.years)


def _norms(kit: Kit) -> str:
    """What the norms are."""
    if kit.norms.years:
        first, last, count = kit.norms.years
        return say("Norms of headwaters: the mean of {count} recorded years from {first} to {last}.", count=count, first=first, last=last)
    return say("Norms of headwaters: the series {series}, for there is no record.", series=kit.norms.series)


def season_text(filled: Filled, folder: Folder, basin: Basin, told: Sequence[str] = ()) -> str:
    """What a season's file says and leaves out.

    Parameters
    ----------
    filled : Filled
    folder : Folder
    basin : Basin
        For the titles.
    told : sequence of str
        What had to be understood of the file.
    """
    kit = filled.kit
    window = window_in_words(f"{kit.calendar.start}/{kit.calendar.end}")
    lines = [
        say(
            "{model}, season {season}: {window}, as {like}",
            model=kit.like.file.name,
            season=kit.season,
            window=window,
            like=kit.like.file.scenario,
        )
    ]
    counts = ", ".join(say("{what} {count}", what=say(SUBJECTS[s]), count=n) for s, n in filled.counts.items() if n) or say("nothing")
    lines.append(paragraph(say("Figures filled in: {counts}.", counts=counts), "", "  "))
    lines += [paragraph(sentence, "", "  ") for sentence in told]
    lines += [
        *_understood(filled, basin),
        *_blanks(filled, basin),
        *_carried(filled, folder),
        *_provisional(folder, basin),
        *_untold(filled),
    ]
    return "\n".join(lines) + "\n"


def _understood(filled: Filled, basin: Basin) -> Iterator[str]:
    """Forecasts in the units they were written in, and what they are in Mm3."""
    if filled.runoff.understood:
        yield heading(say("Forecast as it was understood"))
        units = {"norm": say("% of norm"), "rate": unit_called("m3/s"), "volume": unit_called("Mm3")}
        rows = [
            [
                called(basin, u.name),
                estimate_called(u.estimate),
                window_in_words(str(u.span)),
                f"{number(u.value, 1)} {units[u.kind]}",
                number(u.volume_Mm3),
                number(u.norm_Mm3),
                per_cent(u.volume_Mm3, u.norm_Mm3),
            ]
            for u in filled.runoff.understood
        ]
        head = [say("Headwater"), say("estimate"), say("when"), say("as written"), unit_called("Mm3"), say("norm"), say("of norm")]
        yield columns(head, rows, left=3)
        yield paragraph(_norms(filled.kit))
    for estimate in filled.runoff.values:
        lacking = [called(basin, node) for node, given in filled.runoff.forecast[estimate].items() if not given]
        if estimate != "mean" and lacking:
            told = say("{estimate}: the mean stands for {names}.", estimate=estimate_called(estimate), names="; ".join(lacking))
            yield paragraph(told, "", "  ")
    for node in filled.runoff.own_norms:
        yield paragraph(
            say("{place}: the norm is your own, of {source}.", place=called(basin, node), source=filled.runoff.norm_sources[node])
        )
    for node, file in filled.runoff.replaced:
        yield paragraph(say("{place}: the sheet's forecast gives way to that of {file}.", place=called(basin, node), file=file))


def _blanks(filled: Filled, basin: Basin) -> Iterator[str]:
    """Blank cells, and what is assumed in their place."""
    yield heading(say("Blank, and what is assumed"))
    nothing: dict[str, list[str]] = {}
    # of a row for which other days have something, days without are none of its own
    something = {(b.sheet, b.name) for b in filled.blanks if any(v is not None for v in b.values)}
    for blank in filled.blanks:
        if all(v is None for v in blank.values):
            if (blank.sheet, blank.name) not in something:
                nothing.setdefault(blank.sheet, []).append(called(basin, blank.name))
        elif blank.sheet != "clauses":
            yield paragraph(_blank(blank, basin, filled.kit), "", "  ")
    for sheet, names in nothing.items():
        unique = "; ".join(dict.fromkeys(names))
        yield paragraph(say("{subject}: nothing counts in the place of {names}.", subject=say(SUBJECTS[sheet]), names=unique), "", "  ")
    clauses = [b for b in filled.blanks if b.sheet == "clauses"]
    if clauses:
        there = ", ".join(called(basin, b.name) for b in clauses if b.values[0]) or say("none")
        yield paragraph(say("agreements: in force as in {like}: {names} (assumed).", like=clauses[0].like, names=there), "", "  ")
    if not filled.blanks:
        yield say("Nothing is blank.")


def _blank(blank: Blank, basin: Basin, kit: Kit) -> str:
    """A row's blanks in one sentence."""
    unit = "GWh" if blank.sheet == "power" else "Mm3"
    parts = [(s, v) for s, v in zip(blank.spans, blank.values, strict=True) if v is not None]
    if len(parts) > FEW:
        parts = [(Window(blank.spans[0].start, blank.spans[-1].end), sum(v for _, v in parts))]
    days = [f"{window_in_words(str(s))} " if s.start < s.end else "" for s, _ in parts]
    figures = "; ".join(day + quantity(v, unit, 0 if v >= WHOLE or not v else 1) for day, (_, v) in zip(days, parts, strict=True))
    place, what, graded = called(basin, blank.name), say(SUBJECTS[blank.sheet]), grade_called(blank.grade)
    if blank.sheet == "forecast":
        return say(
            "{what}: {place}: {figures}, the norm of {source} ({grade}).",
            what=what,
            place=place,
            figures=figures,
            source=blank.source,
            grade=graded,
        )
    return say(
        "{what}: {place}: {figures}, as in {like} ({grade}).", what=what, place=place, figures=figures, like=blank.like, grade=graded
    )


def _carried(filled: Filled, folder: Folder) -> Iterator[str]:
    """Rows of other tables that stand in for those of the season."""
    like, years = filled.kit.like.file.scenario, _years(filled.kit)
    if folder.carried:
        tables = ", ".join(f"{name} {count}" for name, count in folder.carried.items())
        yield paragraph(say("Rows of {like} carried on by {years}, assumed: {tables}.", like=like, years=years, tables=tables), "", "  ")
    if folder.left_out:
        yield paragraph(say("Left out, for they are of another season: {tables}.", tables=", ".join(folder.left_out)), "", "  ")
    if folder.without_norms:
        yield paragraph(say("Runoff is by dekad: the other series of the table runoff, by month, are left out of the folder."), "", "  ")


def _provisional(folder: Folder, basin: Basin) -> Iterator[str]:
    """Limits of the first month, cut until the forecast comes."""
    if folder.provisional:
        yield heading(say("Provisional limits of the first month"))
        rows = [
            [called(basin, p), number(whole), number(month / (1 - CUT)), number(month)] for p, (whole, month) in folder.provisional.items()
        ]
        yield columns(
            [say("Party"), say("limit of\nthe season"), say("its part in\nthe month"), say("less {cut}", cut=per_cent(CUT))], rows
        )


def _untold(filled: Filled) -> Iterator[str]:
    """Figures without a source or a grade."""
    if filled.untold:
        named = "; ".join(filled.untold[:NAMED]) + ("; ..." if len(filled.untold) > NAMED else "")
        sentence = say_many(
            "{count} figure without a source or a grade: it is called unverified: {where}.",
            "{count} figures without a source or a grade: they are called unverified: {where}.",
            len(filled.untold),
            where=named,
        )
        yield paragraph(sentence, "", "  ")
