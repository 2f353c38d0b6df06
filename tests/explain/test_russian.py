"""Why, doubt, value and clauses answer in Russian: no two English words in a row but names that somebody types."""

import re

import pytest

from tests.validation.small import written
from waterflow import cli

#: what stays in Latin letters: addresses, files, ids, keys of sources in brackets
TYPED = re.compile(r"https?://\S+|\S+\.(?:csv|yaml)|--\w+|\bpip install\b|\[[\w, ;:-]+\]|\w*_\w+|\S+/\S+")
ENGLISH = re.compile(r"[A-Za-z]{3,}[,.:;]? [A-Za-z]{2,}")


def russian(capsys, *arguments):
    assert cli.main([*map(str, arguments), "--lang", "ru"]) == 0
    return capsys.readouterr().out


def english(text):
    return [said for line in text.splitlines() for said in ENGLISH.findall(TYPED.sub("-", line))]


@pytest.mark.long
@pytest.mark.parametrize("figure", ["north_aral/non_growing", "delivered/KAZ"])
def test_why(capsys, figure):
    text = russian(capsys, "why", "syr_darya", figure, "--no-progress")
    assert not english(text)
    assert "Строки исходных данных" in text


def test_why_of_a_target_that_is_short(tmp_path, capsys):
    text = russian(capsys, "why", written(tmp_path), "end")
    assert "Что мешает выполнить задание" in text


def test_doubt(tmp_path, capsys):
    pytest.importorskip("SALib")
    text = russian(capsys, "doubt", written(tmp_path), "delivered/fields", "--morris")
    assert not english(text)
    assert "Поля: подача воды" in text
    assert "1 Mm3" not in text


def test_value(capsys):
    text = russian(capsys, "value", "syr_darya", "--scenario", "benefit", "--at", "toktogul", "--no-progress")
    assert not english(text)
    assert "Токтогульское" in text


@pytest.mark.parametrize("asked", [[], ["--without", "spring_storage"], ["--more", "spring_storage"]])
def test_clauses(capsys, asked):
    assert not english(russian(capsys, "clauses", "bahri_tojik", *asked))


def test_fuel_in_an_account(capsys):
    text = russian(capsys, "clauses", "syr_darya", "--agreement", "barter_1998", "--no-progress")
    assert not english(text)
    assert "уголь и мазут" in text
