"""What the sheets of a season's file may hold: names by every spelling, units by sheet, grades in every language."""

from __future__ import annotations

from waterflow.loading.columns import GRADES
from waterflow.loading.season_sheet import Form
from waterflow.loading.season_words import Kind
from waterflow.loading.spellings import plain
from waterflow.season.kit import Kit
from waterflow.words.catalogue import languages, say, speaking

__all__ = ["forms_of", "grades_said"]

KINDS: dict[str, tuple[Kind, ...]] = {
    "storages": ("volume",),
    "forecast": ("norm", "rate", "volume"),
    "limits": ("volume", "rate"),
    "agreed_flows": ("volume", "rate"),
    "targets": ("volume", "rate"),
    "power": ("energy",),
    "clauses": ("",),
}
#: tables whose rows have titles, and the column of the name
TITLED = (("nodes", "node"), ("demands", "demand"))


def forms_of(kit: Kit) -> dict[str, Form]:
    """The form of every sheet, those without a cell included: a row there names what there is none of."""
    titles: dict[str, str] = {}
    for table, column in TITLED:
        for row in kit.like.rows.get(table, ()):
            for title in ("name", "name_ru"):
                titles.setdefault(plain(row.values.get(title, "")), row.text(column))
    found = {}
    for sheet, kinds in KINDS.items():
        names = dict.fromkeys(slot.name for slot in kit.of(sheet))
        known = {plain(name): name for name in names}
        known |= {said: name for said, name in titles.items() if name in names and said and said not in known}
        day = kit.calendar.start if sheet == "storages" else None
        found[sheet] = Form(sheet, known, kinds, estimates=sheet == "forecast", truths=sheet == "clauses", day=day)
    return found


def grades_said() -> dict[str, str]:
    """Grades by every word for them in every language, plain."""
    found: dict[str, str] = {}
    for language in languages():
        with speaking(language):
            found |= {plain(say(grade)): grade for grade in GRADES}
    return found | {grade: grade for grade in GRADES}
