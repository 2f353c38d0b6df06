"""The trade-off of agreements: three figures of each, and a picture that is the same for the same plans."""

import pytest

import waterflow as wf
from waterflow import cli
from waterflow.accounts.plan import Plan
from waterflow.negotiation.trade_off import TradeOff, trade_off


def plan(name, scenario="stress"):
    found = wf.allocate(wf.read_basin("syr_darya", scenario, agreements=[name]))
    return Plan(found.basin, found.dataset)


def test_what_each_regime_gives_up():
    """Under stress: without agreement the winter is warm and the lake dry; under the regime of 1984 the other way round."""
    points = trade_off({name: plan(name) for name in ("limits_2024_25", "none", "irrigation_1984")})
    winter, summer, lake = ({name: getattr(p, c) for name, p in points.items()} for c in TradeOff.model_fields)
    assert winter["none"] > winter["limits_2024_25"] > winter["irrigation_1984"] + 3_000
    assert summer["irrigation_1984"] > summer["limits_2024_25"] > summer["none"]
    assert lake["none"] < 5 < 1_000 < lake["limits_2024_25"]


def test_winter_power_served_is_what_is_asked_less_what_is_not_served():
    found = plan("limits_2024_25")
    point = trade_off({"now": found})["now"]
    asked = sum(found.basin.power["KGZ"].demand[:6])
    assert point.winter_power_GWh == pytest.approx(asked - float(found.dataset["unserved"][:, :6].sum()))


@pytest.mark.long
def test_the_same_plans_draw_the_same_picture(tmp_path, capsys):
    pytest.importorskip("matplotlib")
    drawn = []
    for name in ("one", "two"):
        path = tmp_path / f"{name}.svg"
        assert cli.main(["compare", "syr_darya", "--agreements", "-", "none", "--picture", str(path)]) == 0
        drawn.append(path.read_bytes())
    assert drawn[0] == drawn[1]
    assert b"<svg" in drawn[0]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["compare", "bahri_tojik", "--agreements", "-", "bahri_tojik_1999", "--picture", "a.svg"], "no-trade-off"),
        (["compare", "syr_darya", "--agreements", "-", "none", "--picture", "nowhere/a.svg"], "bad-folder"),
        (["compare", "syr_darya", "--agreements", "-", "none", "--picture", "a.png"], "bad-folder"),
    ],
)
def test_a_picture_that_cannot_be_drawn_is_refused(tmp_path, monkeypatch, capsys, arguments, code):
    pytest.importorskip("matplotlib")
    monkeypatch.chdir(tmp_path)
    assert cli.main(arguments) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert code in err
    assert list(tmp_path.iterdir()) == []
