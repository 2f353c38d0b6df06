"""An impossible river on the command line: exit code 4, nothing on standard output, the clash in English or Russian."""

import pytest

from tests.loading.broken import Copy
from waterflow import cli


@pytest.fixture
def impossible(tmp_path):
    """The teaching river, its mountain dam to hold 1,300 in May: 1,000 is all it can."""
    copy = Copy(tmp_path)
    return str(copy.set("storage_rules", 2, "storage_Mm3", "1300").folder)


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        ([], "C", "No plan obeys all of these together"),
        ([], "ru_RU.UTF-8", "нет плана, в котором выполнялось бы всё это вместе"),
        (["--lang", "ru"], "C", "Горная плотина: объём не менее 1 300 млн м³"),
        (["--lang", "en"], "ru_RU.UTF-8", "300.000 Mm3 (23.1 %)"),
    ],
)
def test_the_clash_is_said_in_the_language_asked_for(arguments, environment, said, impossible, capsys, monkeypatch):
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", environment)
    assert cli.main(["allocate", impossible, *arguments]) == 4
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err.replace("\xa0", " ")
