"""The commands: a season from its plan to a protocol annex, in both languages; what goes unheard is refused."""

import json

import jsonschema
import pytest

import waterflow as wf
from waterflow import cli
from waterflow.loading.spreadsheet import read_sheets
from waterflow.report.published import schema_of

FACTS = """place,quantity,period,value,unit,source,grade
mountain,release,2025-01,90,Mm3,Dam office (invented),assumed
mountain,release,2025-02-21/2025-02-25,5,Mm3,Dam office (invented),assumed
mountain,storage,2025-01-31,520,Mm3,Dam office (invented),assumed
plain,inflow,2025-01,85,Mm3,Gauge office (invented),assumed
valley fields,,2025-01,0,Mm3,Canal office (invented),assumed
"""


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    path = tmp_path_factory.mktemp("plan") / "plan.nc"
    wf.allocate(wf.read_basin("two_reservoirs")).save(path)
    return str(path)


@pytest.fixture(scope="module")
def with_facts(plan, tmp_path_factory):
    """A ledger with a plan and facts."""
    folder = tmp_path_factory.mktemp("ledger")
    (folder / "facts.csv").write_text(FACTS)
    assert cli.main(["ledger", "add", str(folder / "season.jsonl"), plan, "--by", "UP"]) == 0
    assert cli.main(["ledger", "add", str(folder / "season.jsonl"), str(folder / "facts.csv"), "--by", "UP"]) == 0
    return (folder / "season.jsonl").read_bytes()


@pytest.fixture
def book(with_facts, tmp_path, monkeypatch):
    """That ledger, and the facts, where the reader stands."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "facts.csv").write_text(FACTS)
    (tmp_path / "season.jsonl").write_bytes(with_facts)
    return tmp_path / "season.jsonl"


def run(capsys, *arguments, code=0):
    assert cli.main(["ledger", *arguments]) == code
    return capsys.readouterr()


def test_the_first_lines_say_how_the_season_stands(book, capsys):
    out = run(capsys, "status", "season.jsonl").out
    title, alarms, end = out.splitlines()[:3]
    assert title.startswith("Two reservoirs, to 2025-02-25")
    assert "Mountain dam, release" in alarms
    assert "At the end" in end
    assert "not who wrote it" in out.replace("\n", " ")
    assert "The dekad is not over" in out


@pytest.mark.parametrize(
    "action", [["status", "season.jsonl", "--full"], ["log", "season.jsonl"], ["merge", "season.jsonl", "--out", "m.jsonl"]]
)
def test_every_answer_is_russian(book, capsys, action):
    from tests.cli.test_languages import english

    out = run(capsys, *action, "--lang", "ru").out
    # what people typed stays as they typed it
    for typed in ("Dam office (invented)", "Gauge office (invented)", "Canal office (invented)"):
        out = out.replace(typed, "#")
    assert english(out) == []


def test_help_of_every_action_is_in_both_languages(capsys):
    from tests.cli.test_languages import english
    from waterflow.commands.ledger import ACTIONS

    for action in ACTIONS:
        assert english(run(capsys, action, "--help", "--lang", "ru").out) == []
        assert "LEDGER" in run(capsys, action, "--help", "--lang", "en").out


def test_json_obeys_its_schema_and_csv_has_its_numbers(book, capsys):
    found = json.loads(run(capsys, "status", "season.jsonl", "--format", "json").out)
    jsonschema.Draft202012Validator(schema_of("ledger")).validate(found)
    text = run(capsys, "status", "season.jsonl", "--format", "csv").out
    assert f"{found['lines'][0]['fact_Mm3']}" in text
    rows = json.loads(run(capsys, "log", "season.jsonl", "--format", "json").out)
    assert rows[-1]["by"] == "UP"


def test_a_correction_is_told_and_traced(book, capsys, tmp_path):
    (tmp_path / "new.csv").write_text(FACTS.replace("release,2025-01,90", "release,2025-01,95"))
    told = run(capsys, "add", "season.jsonl", "new.csv", "--by", "UP", code=3).err
    assert "already-typed" in told
    told = run(capsys, "add", "season.jsonl", "new.csv", "--by", "UP", "--correct", "--note", "misread")
    assert "4 figures were there already" in told.err
    assert "95 Mm3 corrects 90 Mm3" in told.err
    assert "1 row was added" in told.out
    log = run(capsys, "log", "season.jsonl", "--place", "mountain", "--corrections").out
    assert "corrected by line" in log
    assert "misread" in log


def test_facts_out_of_order_and_a_plan_added_twice_are_told(book, plan, capsys, tmp_path):
    (tmp_path / "old.csv").write_text(FACTS.splitlines()[0] + "\nmountain,release,2025-02-d1,20,Mm3,Dam office (invented),assumed\n")
    assert "out of order" in run(capsys, "add", "season.jsonl", "old.csv", "--by", "UP").err
    assert "in force already" in run(capsys, "add", "season.jsonl", plan, "--by", "DOWN").out


def test_ledgers_are_merged_in_any_order_and_no_row_is_lost(book, capsys, tmp_path):
    (tmp_path / "other.jsonl").write_bytes(b"".join(book.read_bytes().splitlines(keepends=True)[:-5]))
    (tmp_path / "theirs.csv").write_text(FACTS.replace("release,2025-01,90", "release,2025-01,97"))
    run(capsys, "add", "other.jsonl", "theirs.csv", "--by", "DOWN")
    out = run(capsys, "merge", "season.jsonl", "other.jsonl", "--out", "one.jsonl").out
    run(capsys, "merge", "other.jsonl", "season.jsonl", "--out", "two.jsonl")
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()
    assert "Rows that disagree" in out
    assert "97" in out
    # into one of them: it has all rows then; but never over one whose rows would be lost
    run(capsys, "merge", "season.jsonl", "other.jsonl", "--out", "season.jsonl")
    assert "already-there" in run(capsys, "merge", "other.jsonl", "--out", "season.jsonl", code=3).err


def test_exports_read_back(book, capsys, tmp_path, plan):
    run(capsys, "export", "season.jsonl", "--out", "facts_out.csv")
    run(capsys, "add", "again.jsonl", plan, "--by", "UP")
    assert "5 rows were added" in run(capsys, "add", "again.jsonl", "facts_out.csv", "--by", "UP").out
    assert (
        json.loads(run(capsys, "status", "again.jsonl", "--format", "json").out)["lines"]
        == json.loads(run(capsys, "status", "season.jsonl", "--format", "json").out)["lines"]
    )
    run(capsys, "export", "season.jsonl", "--out", "sheet.xlsx", "--to", "2025-01-31")
    sheets = read_sheets(tmp_path / "sheet.xlsx")
    assert list(sheets) == ["limits to date", "plan and fact", "by dekad", "facts"]
    head, first = sheets["limits to date"][:2]
    assert head[3:] == ["limit, Mm3", "limit to date, Mm3", "fact, Mm3", "%", "difference, Mm3"]
    assert first[0] == "Fields of the valley"
    assert "bad-sheet" in run(capsys, "export", "season.jsonl", "--out", "x.docx", code=3).err
    assert "unknown-choice" in run(capsys, "export", "season.jsonl", "--out", "x.csv", "--source", "x", code=3).err


def test_a_torn_line_is_told(book, capsys):
    with book.open("ab") as file:
        file.write(b'{"kind": "fact", "pl')
    assert "torn" in run(capsys, "status", "season.jsonl").err
    assert "torn" in run(capsys, "log", "season.jsonl").out.lower()


REFUSED = {
    "--shifted": ["add", "season.jsonl", "facts.csv", "--by", "UP", "--shifted", "1"],
    "--issued": ["forecast", "season.jsonl", "facts.csv", "--by", "UP"],
    "with facts.csv": ["forecast", "season.jsonl", "facts.csv", "--by", "UP", "--time-zone", "5"],
    "waterflow replan MODEL --ledger LEDGER": ["replan", "season.jsonl"],
    "unknown-party": ["status", "season.jsonl", "--for", "NOBODY"],
    "--plan": ["status", "season.jsonl", "--plan", "none"],
    "bad-range": ["status", "season.jsonl", "--percent", "-1"],
    "unknown-place": ["log", "season.jsonl", "--place", "nowhere"],
    "no-such-file": ["status", "none.jsonl"],
}


@pytest.mark.parametrize("told", REFUSED)
def test_what_would_go_unheard_is_refused(book, capsys, told):
    assert told in run(capsys, *REFUSED[told], code=3).err


def test_thresholds_in_a_table_and_one_that_does_nothing_is_told(book, capsys, tmp_path):
    (tmp_path / "t.csv").write_text("place,quantity,percent,Mm3\nmountain,release,99,1\nmountian,,1,1\n,inflow,99,1\n")
    told = run(capsys, "status", "season.jsonl", "--thresholds", "t.csv")
    assert "No alarm beyond" in told.out
    assert "mountian" in told.err
    (tmp_path / "t.csv").write_text("place,quantity,percent,Mm3\nmountain,release,,1\n")
    assert "blank" in run(capsys, "status", "season.jsonl", "--thresholds", "t.csv", code=3).err


def test_the_annex_has_limits_to_date(book, plan, capsys, tmp_path):
    pytest.importorskip("jinja2")
    assert cli.main(["report", plan, "--ledger", "season.jsonl", "--to", "annex.html"]) == 0
    page = (tmp_path / "annex.html").read_text()
    assert "plan to date" in page
    assert "Withdrawals by canal and facts to 2025-02-25" in page
    wf.allocate(wf.read_basin("two_reservoirs").asked({"runoff.all": "x0.8"})).save(tmp_path / "other.nc")
    assert cli.main(["report", "other.nc", "--ledger", "season.jsonl", "--to", "annex.html"]) == 3
    assert "no plan" in capsys.readouterr().err
    assert cli.main(["report", plan, "--to-date", "2025-01-31", "--to", "annex.html"]) == 3


def test_a_plan_of_a_river_has_its_ways_and_its_clauses(tmp_path):
    """Travel times of the reaches are summed, and what they keep is multiplied."""
    from tests.rivers import River
    from waterflow.accounts.plan import Plan
    from waterflow.ledger.planned import plan_rows

    river = River(months=2, start="2025-04-01", parties="UP DOWN").node("dam", "reservoir", runoff=100).node("head").node("lake", "outlet")
    river.reach("upper", "dam", "head", days=4, seepage=0.5, before=90).reach("lower", "head", "lake", days=10, seepage=0.1, before=90)
    river.reservoir("dam", 500, 1000).demand("canal", "head", "DOWN", 30, limited=True).limit("DOWN", 50)
    made = wf.allocate(river.basin())
    rows = plan_rows(Plan(made.basin, made.dataset), "x")
    way = next(r for r in rows if r["kind"] == "way")
    assert (way["place"], way["to"], way["days"], way["kept"]) == ("dam", "lake", 14, pytest.approx(0.45))
    assert way["users"] == {"canal": {"days": 10, "kept": pytest.approx(0.9)}}
    limit = next(r for r in rows if r["kind"] == "limit")
    assert (limit["party"], limit["Mm3"], limit["users"]) == ("DOWN", 50, ["canal"])
    # one plan has one name, whoever adds it
    assert rows[0]["plan"] == plan_rows(Plan(made.basin, made.dataset), "x")[0]["plan"]


def test_a_plan_as_a_table_is_followed_on_its_river_and_put_in_force(tmp_path, monkeypatch, capsys):
    """What people agreed is a table: its releases are the plan, not those of the best plan; what it breaks is told."""
    monkeypatch.chdir(tmp_path)
    agreed = {"mountain": (70, 60, 80, 95), "plain": (50, 50, 50, 50)}
    rows = [f"{dam},release,2025-0{k},{v}\n" for dam, of in agreed.items() for k, v in enumerate(of, 1)]
    (tmp_path / "agreed.csv").write_text("place,quantity,period,value_Mm3\n" + "".join(rows))
    asked = ["add", "season.jsonl", "agreed.csv", "--kind", "plan", "--model", "two_reservoirs", "--by", "ICWC"]
    found = run(capsys, *asked)
    assert "is in force" in found.out
    assert "withdrawals are not in the table: the needs are taken" in found.err
    rows = [json.loads(line) for line in (tmp_path / "season.jsonl").read_text().splitlines()]
    said = next(r["values"] for r in rows if r["kind"] == "plan" and (r["place"], r["quantity"]) == ("mountain", "release"))
    assert [said[f"2025-0{k}"] for k in (1, 2, 3, 4)] == pytest.approx([70, 60, 80, 95])
    assert "nothing was written" in run(capsys, *asked).out


def test_a_workbook_put_in_force_says_that_it_was_made_for_another_question(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    wf.ask(wf.read_basin("two_reservoirs"), {"runoff.all": "x0.9"}).allocation.save("drier.nc")
    assert cli.main(["report", "drier.nc", "--to", "annex.xlsx"]) == 0
    told = run(capsys, "add", "season.jsonl", "annex.xlsx", "--kind", "plan", "--model", "two_reservoirs", "--by", "ICWC").err
    assert "made with what is not asked here" in " ".join(told.split())
    assert cli.main(["evaluate", "two_reservoirs", "annex.xlsx"]) == 0
    assert "made with what is not asked here" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["plan.csv", "--kind", "plan"], "--model: found nothing"),
        (["facts.csv", "--model", "two_reservoirs"], "--model: found with facts"),
        (["facts.csv", "--agreement", "x"], "--agreement: found with facts"),
        (["plan.csv", "--kind", "plan", "--model", "two_reservoirs", "--grade", "official"], "--grade: found with a plan"),
    ],
)
def test_what_a_plan_or_facts_would_leave_unheard_is_refused(book, capsys, asked, told):
    assert told in run(capsys, "add", "season.jsonl", *asked, "--by", "UP", code=3).err
