"""Edits of what people type: a cell, a row, a line or a sign of a table, a YAML file, a plan or a workbook."""

from hypothesis import strategies as st

from tests.loading.broken import MODELS

#: what stands in a cell where a figure, a name or a date should
CELLS = st.one_of(
    st.sampled_from(["", " ", "-", "nan", "inf", "-1", "1e999", "1,5", "1.5.2", "#N/A", "=A1", "нет", "2025-02-30", "02-30", "1e15"]),
    st.floats(-1e9, 1e15, allow_nan=False).map(repr),
    st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\r\n"), max_size=8),
    st.dates().map(str),
)
#: signs that a file may gain at any place
SIGNS = st.sampled_from(
    [",", ";", '"', "'", "\n", "\t", "\x00", "\ufeff", "é", "\\", "#", ":", "-", "{", "[", "&a", "*a", "!!python/x", "  "]
)
TABLES = sorted(path.stem for path in (MODELS / "two_reservoirs" / "tables").glob("*.csv"))
YAMLS = ["model.yaml", "tables/sources.yaml", "agreements/pact.yaml", "scenarios/dry.yaml"]
PACT = """format: 1
title: Pact
reason: a test
signatories: {UP: signs}
clauses:
  - id: spring
    type: release
    title: Spring
    text: Water.
    giver: UP
    receivers: [DOWN]
    reservoir: mountain
    figures: [{start: "01-01", end: "01-31", amount_Mm3: 50}]
    assumed: a test
"""


@st.composite
def table_edits(draw):
    """A table, and what one edit makes of its lines."""
    table = draw(st.sampled_from(TABLES))
    lines = (MODELS / "two_reservoirs" / "tables" / f"{table}.csv").read_text(encoding="utf-8").splitlines()
    row = draw(st.integers(0, len(lines) - 1))
    cells = lines[row].split(",")
    column = draw(st.integers(0, len(cells) - 1))
    edit = draw(st.sampled_from(["cell", "drop row", "same row twice", "drop cell", "swap", "sign", "empty", "header alone", "blank line"]))
    if edit == "cell":
        cells[column] = draw(CELLS)
        lines[row] = ",".join(cells)
    elif edit == "drop row":
        del lines[row]
    elif edit == "same row twice":
        lines.insert(row, lines[row])
    elif edit == "drop cell":
        del cells[column]
        lines[row] = ",".join(cells)
    elif edit == "swap":
        other = draw(st.integers(0, len(cells) - 1))
        cells[column], cells[other] = cells[other], cells[column]
        lines[row] = ",".join(cells)
    elif edit == "sign":
        at = draw(st.integers(0, len(lines[row])))
        lines[row] = lines[row][:at] + draw(SIGNS) + lines[row][at:]
    elif edit == "blank line":
        lines.insert(row, "")
    else:
        lines = lines[: edit == "header alone"]
    return table, "\n".join(lines) + "\n"


@st.composite
def yaml_edits(draw):
    """A file, a line of it, and what is done to that."""
    return (
        draw(st.sampled_from(YAMLS)),
        draw(st.integers(0, 60)),
        draw(st.integers(0, 80)),
        draw(SIGNS),
        draw(st.sampled_from(["sign", "drop", "twice"])),
    )


@st.composite
def plan_edits(draw):
    """A line, a cell and what stands in it then; or a sign anywhere."""
    return draw(st.integers(0, 200)), draw(st.integers(0, 8)), draw(st.one_of(CELLS, SIGNS)), draw(st.booleans())


@st.composite
def book_edits(draw):
    """Cells of a workbook changed, or its bytes."""
    cells = st.one_of(CELLS, st.floats(allow_nan=False, allow_infinity=False), st.booleans())
    return draw(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 12), cells), max_size=4)), draw(
        st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=3)
    )


#: bytes of a file put in place of others
FLIPS = st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 255)), min_size=1, max_size=3)
