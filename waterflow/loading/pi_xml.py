"""PI-XML, the form in which Delft-FEWS gives and takes time series; read and written with the library ``fewsxml`` (extra fews)."""

from __future__ import annotations

import datetime as dt
import math
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from waterflow.errors import InputError, Problem
from waterflow.extras import require_extra
from waterflow.files import is_file
from waterflow.loading.forecast_series import KINDS, ForecastSeries, twice
from waterflow.words.catalogue import say
from waterflow.words.near import either

__all__ = ["pi_xml", "read_pi_xml"]

#: a forecast of a basin is far smaller
LARGEST_MB = 200
VERSION = "1.25"
#: of the head of a series, what the library does not read and a series may be told by
MEMBER_ID = "ensembleMemberId"
UNSTEADY = "nonequidistant"


def read_pi_xml(path: Path, told: list[str]) -> list[ForecastSeries]:
    """Every series of a PI-XML file.

    Parameters
    ----------
    path : Path
    told : list of str
        Sentences about what had to be understood are added to it.

    Raises
    ------
    InputError
        If the extra is missing, there is no such file, it is too large, it is no PI-XML (one that declares entities is refused
        unread), or a series lacks its place, unit or kind; all at once.
    """
    require_extra("fewsxml", "fews", path.name)
    wanted = say("a PI-XML file of time series")
    if not is_file(path):
        raise Problem("no-such-file", str(path), say("no file"), wanted).refusal()
    if path.stat().st_size > LARGEST_MB * 1e6:
        found = say("{size:,.0f} MB", size=path.stat().st_size / 1e6)
        raise Problem("too-large", str(path), found, say("at most {most} MB", most=LARGEST_MB)).refusal()
    import fewsxml
    from defusedxml import DefusedXmlException

    try:
        others = list(_unread(path, set(fewsxml.PIHeader.model_fields)))
        found = fewsxml.read(str(path))
    except DefusedXmlException as error:
        raise Problem("not-a-table", str(path), say("a file that declares entities: not read"), wanted).refusal() from error
    except (SyntaxError, ValueError, KeyError, TypeError) as error:
        raise Problem("not-a-table", str(path), say("something else, or a damaged file"), wanted).refusal() from error
    if not found.series:
        raise Problem("not-a-table", str(path), say("no series"), wanted, say("Written without the namespace of the PI?")).refusal()
    if found.timeZone is None:
        told.append(say("{file}: no time zone: its times are taken as UTC, as the PI says.", file=path.name))
    dropped = sorted({name for names in others for name in names} - {MEMBER_ID})
    if dropped:
        told.append(say("{file}: not read of the heads of its series: {names}.", file=path.name, names=", ".join(dropped)))
    problems: list[Problem] = []
    made = [_series(s, o, found.timeZone or 0.0, path.name, problems) for s, o in zip(found.series, others, strict=True)]
    series = [one for one in made if one is not None]
    problems += twice(series, path.name)
    if problems:
        raise InputError(problems)
    return series


def _unread(path: Path, known: set[str]) -> Iterator[dict[str, str]]:
    """Of the head of every series, the words that the library passes over."""
    from defusedxml import ElementTree

    for element in ElementTree.parse(path).getroot():
        if element.tag.rpartition("}")[2] == "series":
            heads = [h for h in element if h.tag.rpartition("}")[2] == "header"]
            words = {w.tag.rpartition("}")[2]: w.text or "" for h in heads for w in h}
            yield {name: text for name, text in words.items() if name not in known}


def _series(found: Any, other: dict[str, str], zone: float, shown: str, problems: list[Problem]) -> ForecastSeries | None:
    """One series; None, and its problems, where it cannot be understood."""
    head = found.header
    where = f"{shown}: {head.locationId}"
    wrong = []
    if head.type not in KINDS:
        wrong.append(Problem("unknown-choice", f"{where}, type", str(head.type), either(KINDS)))
    if not head.units:
        wrong.append(Problem("unknown-unit", f"{where}, units", say("no units"), "m3/s"))
    member = other.get(MEMBER_ID, "") or ("" if head.ensembleMemberIndex is None else str(head.ensembleMemberIndex))
    stamps, values, flags = [], [], []
    for event in found.event:
        try:
            stamps.append(_moment(event.date, event.time))
            values.append(_value(event.value, head.missVal))
        except (TypeError, ValueError):
            wrong.append(Problem("not-a-number", f"{where}, {event.date} {event.time}", str(event.value), say("a time and a number")))
            break
        flags.append(event.flag)
    problems += wrong
    if wrong:
        return None
    step = head.timeStep
    return ForecastSeries(
        location=head.locationId,
        parameter=head.parameterId,
        unit=head.units,
        kind=head.type,
        stamps=tuple(stamps),
        values=tuple(values),
        zone=zone,
        issued=_moment(head.forecastDate.date, head.forecastDate.time) if head.forecastDate else None,
        member=member,
        step=(step.unit or UNSTEADY, step.multiplier or 1) if step else (UNSTEADY, 1),
        missing=head.missVal or "NaN",
        ensemble=head.ensembleId or "",
        station=head.stationName or "",
        organisation=head.sourceOrganisation or "",
        flags=tuple(flags) if any(f is not None for f in flags) else (),
    )


def _moment(date: str, time: str | None) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{date}T{time or '00:00:00'}")


def _value(value: object, missing: str | None) -> float | None:
    """A figure; None where it is the one that stands for missing, or none."""
    number = float(value)  # type: ignore[arg-type]
    return None if math.isnan(number) or (missing not in (None, "") and number == float(missing or "nan")) else number


def pi_xml(series: Sequence[ForecastSeries]) -> bytes:
    """Series as a PI-XML file.

    Raises
    ------
    InputError
        If the extra is missing, the series are of several time zones, a member is no number, or a figure is the one that stands
        for missing.
    """
    require_extra("fewsxml", "fews", "PI-XML")
    import fewsxml

    zones = sorted({one.zone for one in series})
    if len(zones) > 1:
        found, allowed = ", ".join(f"{z:+g}" for z in zones), say("one time zone")
        raise Problem("bad-period", "PI-XML", found, allowed).refusal()
    clash = [one.location for one in series if _value(one.missing, None) is not None and float(one.missing) in one.values]
    if clash:
        raise Problem("not-finite", f"PI-XML: {clash[0]}", say("a figure that stands for missing"), say("another missVal")).refusal()
    if named := [one.member for one in series if one.member and not one.member.isdecimal()]:
        raise Problem("not-a-count", "PI-XML, ensembleMemberIndex", named[0], say("a number for each member")).refusal()
    made = fewsxml.PITimeSeries(version=VERSION, timeZone=zones[0] if zones else 0.0, series=[_written(one) for one in series])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "series.xml"
        fewsxml.write(made, str(path))
        return path.read_bytes()


def _written(one: ForecastSeries) -> Any:
    import fewsxml

    index = int(one.member) if one.member.isdecimal() else None
    head = fewsxml.PIHeader(
        type=one.kind,
        locationId=one.location,
        parameterId=one.parameter,
        ensembleId=one.ensemble or None,
        ensembleMemberIndex=index,
        timeStep=fewsxml.PITimeStep(unit=one.step[0], multiplier=None if one.step[0] == UNSTEADY else one.step[1]),
        startDate=_date(one.stamps[0]),
        endDate=_date(one.stamps[-1]),
        forecastDate=_date(one.issued) if one.issued else None,
        missVal=one.missing,
        stationName=one.station or None,
        units=one.unit,
        sourceOrganisation=one.organisation or None,
    )
    flags = one.flags or (None,) * len(one.stamps)
    events = [
        fewsxml.PIEvent(date=str(s.date()), time=str(s.time()), value=one.missing if v is None else v, flag=f)
        for s, v, f in zip(one.stamps, one.values, flags, strict=True)
    ]
    return fewsxml.PISeries(header=head, event=events)


def _date(moment: dt.datetime) -> Any:
    import fewsxml

    return fewsxml.PIDateTime(date=str(moment.date()), time=str(moment.time()))
