"""Published facts: their schemas describe them, every shipped model's answers obey them, and the JSON page is made from them."""

import json

import jsonschema
import pytest

import waterflow as wf
from docs.make import json_page
from waterflow import cli
from waterflow.accounts.comparison import comparison
from waterflow.accounts.parties import beside
from waterflow.accounts.plan import Plan
from waterflow.accounts.plan_facts import plan_facts
from waterflow.loading.shipped import shipped_models
from waterflow.report.published import PUBLISHED, published, schema_of


def obeys(facts, name):
    jsonschema.Draft202012Validator(schema_of(name)).validate(facts.model_dump(mode="json"))


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_schema_is_one_and_says_what_every_class_and_key_is(name):
    schema = schema_of(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    for cls in (schema, *schema["$defs"].values()):
        assert cls.get("description"), cls["title"]
        if cls["type"] == "object":
            assert cls["additionalProperties"] is False, cls["title"]


@pytest.mark.parametrize("model", shipped_models())
def test_every_shipped_plan_obeys_its_schema(model):
    allocation = wf.allocate(wf.read_basin(model))
    obeys(plan_facts(allocation.basin, allocation.dataset), "plan")


def test_a_plan_with_head_obeys_it_too():
    allocation = wf.allocate(wf.read_basin("two_reservoirs"))
    dataset = allocation.dataset.assign_attrs(head_passes=3, head_steps_taken=2, head_gap=1e-6, head_energy_gap_GWh=0.1)
    facts = plan_facts(allocation.basin, dataset)
    assert facts.audit.head_passes == 3
    obeys(facts, "plan")


def test_comparisons_obey_theirs():
    one, two = wf.allocate(wf.read_basin("two_reservoirs")), wf.allocate(wf.read_basin("larson_four_reservoirs"))
    obeys(comparison(one, two), "comparison")
    obeys(beside("two_reservoirs", {"-": Plan(one.basin, one.dataset), "other": Plan(one.basin, one.dataset)}), "agreements")


ASKED = {
    "comparison": ["compare", "two_reservoirs", "example", "example"],
    "agreements": ["compare", "bahri_tojik", "--agreements", "-", "bahri_tojik_1999"],
    "clauses": ["clauses", "bahri_tojik"],
    "other_clause": ["clauses", "bahri_tojik", "--without", "spring_storage"],
    "value": ["value", "syr_darya", "--scenario", "benefit", "--at", "toktogul"],
    "why": ["why", "two_reservoirs", "lake"],
    "ensemble": ["ensemble", "syr_darya", "--scenario", "benefit", "--members", "2", "--workers", "1"],
}


@pytest.mark.parametrize("name", ASKED)
def test_what_a_command_answers_obeys_its_schema(name, capsys):
    assert cli.main([*ASKED[name], "--format", "json"]) == 0
    jsonschema.Draft202012Validator(schema_of(name)).validate(json.loads(capsys.readouterr().out))


def test_a_schema_is_asked_for_by_name(capsys):
    assert cli.main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == schema_of("plan")
    assert cli.main(["schema", "comparison"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "Comparison"
    assert cli.main(["schema", "plna"]) == 2


def test_the_page_of_the_json_is_as_the_models_say():
    assert json_page.main(["--check"]) == 0


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_key_is_said_to_be_something(name):
    assert not [key for key, info in published(name).model_fields.items() if not json_page.row(key, info).split("|")[2].strip()]
