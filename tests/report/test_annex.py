"""The protocol annex: figures in the PDF, the workbook and the page are the Dataset's to the printed digit; the workbook reads back."""

import io
import re

import pytest

import waterflow as wf
from tests.loading.broken import Copy
from waterflow import cli
from waterflow.accounts.plan_facts import plan_facts
from waterflow.loading.model import read_model
from waterflow.loading.plan_sheet import read_cells
from waterflow.loading.plan_table import read_plan
from waterflow.negotiation.evaluate import evaluate
from waterflow.report.annex import annex, digest_of
from waterflow.report.annex_files import annex_file
from waterflow.words.catalogue import speaking


@pytest.fixture(scope="module")
def plan():
    return wf.allocate(read_model("syr_darya").basin())


@pytest.fixture(scope="module")
def dekads():
    return wf.allocate(read_model("two_reservoirs").basin())


def made(allocation, form, lang, before=None):
    with speaking(lang):
        facts = plan_facts(allocation.basin, allocation.dataset)
        old = plan_facts(before.basin, before.dataset) if before else None
        found = annex(facts, allocation.basin.parties, digest_of(allocation.basin), "0", old)
        return found, annex_file(found, form, allocation.basin, allocation.dataset)


def read_pdf(content):
    pypdf = pytest.importorskip("pypdf")
    return "\n".join(page.extract_text(extraction_mode="layout") for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def digits(text):
    """Figures of a text, whatever parts their thousands."""
    joined = re.sub(r"(?<=\d)[,\u00a0\u202f ](?=\d{3}\b)", "", text)
    return set(re.findall(r"\d+", joined))


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_pdf_of_the_season_has_the_figures_of_the_dataset(plan, lang):
    pytest.importorskip("typst")
    _, content = made(plan, "pdf", lang)
    found = digits(read_pdf(content))
    storage = plan.dataset["storage"].sel(reservoir="toktogul").values
    for value in storage:
        assert f"{value:.0f}" in found
    passed = plan.dataset["delivery"].sel(demand="kyzylkum_kaz").values
    assert f"{passed[:6].sum():.0f}" in found
    assert f"{passed[6:].sum():.0f}" in found
    assert content == made(plan, "pdf", lang)[1]


def test_a_russian_annex_has_no_english_but_names(plan):
    pytest.importorskip("typst")
    text = read_pdf(made(plan, "pdf", "ru")[1]).replace(plan.basin.scenario, "")
    assert "Лимиты водозаборов" in text
    words = set(re.findall(r"[A-Za-z]{3,}", text)) - {"KAZ", "KGZ", "TJK", "UZB", "waterflow"}
    assert not {w for w in words if not re.fullmatch(r"[0-9a-f]+", w)}


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_workbook_reads_back_into_evaluate_and_breaks_nothing(plan, lang, tmp_path):
    path = tmp_path / "annex.xlsx"
    path.write_bytes(made(plan, "xlsx", lang)[1])
    given = read_plan(read_cells(path), path.name, plan.basin)
    found = evaluate(plan.basin, given, optimum=plan)
    assert not found.broken
    assert abs(found.allocation.dataset["storage"].values - plan.dataset["storage"].values).max() < 0.01


def test_a_workbook_is_judged_under_the_scenario_it_was_made_for_and_says_so(tmp_path, capsys):
    path = tmp_path / "annex.xlsx"
    dry = wf.allocate(read_model("syr_darya", "dry_year").basin())
    found, content = made(dry, "xlsx", "en")
    path.write_bytes(content)
    assert "dry_year" in found.subtitle
    assert cli.main(["evaluate", "syr_darya", str(path)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "The workbook was made for the scenario dry_year, and is followed under it." in said
    assert "The plan keeps every limit and agreement" in said
    assert cli.main(["evaluate", "syr_darya", str(path), "--scenario", "wet_year"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "The workbook was made for the scenario dry_year; it is followed under wet_year." in said


def test_figures_of_the_workbook_are_figures_in_the_order_of_the_sections(plan, tmp_path):
    calamine = pytest.importorskip("python_calamine")
    found, content = made(plan, "xlsx", "en")
    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert len(book.sheet_names) == len(found.sections) + 2
    cells = book.get_sheet_by_name(book.sheet_names[1]).to_python()
    section = found.sections[0]
    read = [row for row in cells if row and row[0] in {r[0] for r in section.rows}]
    for row, own in zip(read, section.rows, strict=True):
        for cell, figure in zip(row[1:], own[1:], strict=False):
            if isinstance(figure, tuple):
                assert cell == pytest.approx(figure[0])


def test_the_page_is_one_file_that_asks_for_nothing(plan):
    pytest.importorskip("jinja2")
    page = made(plan, "html", "ru")[1].decode()
    assert page.count("<table>") >= 4
    assert not re.search(r"(src|href)=", page)
    assert "13 015" in page.replace("\u00a0", " ").replace("\u202f", " ")


def test_what_changed_against_the_plan_before_and_who_gains(dekads):
    dry = wf.allocate(dekads.basin.asked({"runoff.all": "x0.8"}))
    found, _ = made(dry, "xlsx", "en", before=dekads)
    changed = next(x for x in found.sections if "changed" in x.heading)
    for name, old, new, change in changed.rows:
        assert name
        assert change[0] == pytest.approx(new[0] - old[0])
    assert not [x for x in made(dekads, "xlsx", "en", before=dekads)[0].sections if "changed" in x.heading]


def test_the_command_writes_each_form_and_refuses_others(dekads, tmp_path, capsys):
    pytest.importorskip("typst")
    saved = tmp_path / "plan.nc"
    dekads.save(saved)
    for form in ("pdf", "xlsx", "html"):
        assert cli.main(["report", str(saved), "--to", str(tmp_path / f"annex.{form}"), "--lang", "ru"]) == 0
        assert (tmp_path / f"annex.{form}").stat().st_size > 1000
    capsys.readouterr()
    assert cli.main(["report", str(saved), "--to", str(tmp_path / "annex.docx")]) == 3
    assert "bad-sheet" in capsys.readouterr().err


def test_dekads_stand_below_one_another(plan):
    found = wf.allocate(read_model("syr_darya", step="dekad").basin())
    section = next(x for x in made(found, "xlsx", "en")[0].sections if "reservoirs" in x.heading)
    assert len(section.rows) == 37
    assert section.rows[1][1][0] == pytest.approx(float(found.dataset["storage"].sel(reservoir="toktogul").values[0]))


def test_targets_by_parts_of_a_season_are_added_up(tmp_path):
    """200 by the end of February and 40 in March are 240 of the cold half; 60 in April stand by themselves."""
    parts = (("2025-01-01", "2025-02-28", "200"), ("2025-03-01", "2025-03-31", "40"), ("2025-04-01", "2025-04-30", "60"))
    copy = Copy(tmp_path)
    head = copy.lines("targets")[0]
    copy.write("targets", [head, *(["example", "lake", "lake", "lower", *part, "made_up", "assumed"] for part in parts)])
    allocation = wf.allocate(wf.read_basin(copy.folder))
    given = allocation.dataset["flow"].sel(reach="lower").values
    found, _ = made(allocation, "html", "en")
    (section,) = (x for x in found.sections if x.heading.startswith("Below the line"))
    (row,) = section.rows
    assert (row[1][0], row[4][0]) == (240, 60)
    assert row[2][0] == pytest.approx(given[:3].sum())
    assert row[5][0] == pytest.approx(given[3])
