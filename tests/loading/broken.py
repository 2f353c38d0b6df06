"""A copy of a shipped model with one thing broken, and what the reader says about it."""

import csv
import shutil
from pathlib import Path

import pytest

import waterflow as wf

MODELS = Path(__file__).resolve().parents[2] / "models"


class Copy:
    """A model folder of one's own; ``set`` changes a cell, ``add`` a row, ``drop`` takes rows out."""

    def __init__(self, folder, model="two_reservoirs"):
        self.folder = folder / model
        shutil.copytree(MODELS / model, self.folder)

    def path(self, table):
        return self.folder / "tables" / f"{table}.csv"

    def lines(self, table):
        with self.path(table).open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))

    def write(self, table, lines):
        with self.path(table).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(lines)
        return self

    def set(self, table, row, column, value):
        """Change one cell; rows are counted as a spreadsheet counts them, the header being 1."""
        lines = self.lines(table)
        lines[row - 1][lines[0].index(column)] = value
        return self.write(table, lines)

    def rename(self, table, column, name):
        lines = self.lines(table)
        lines[0][lines[0].index(column)] = name
        return self.write(table, lines)

    def add(self, table, *cells):
        return self.write(table, [*self.lines(table), list(cells)])

    def drop(self, table, row):
        lines = self.lines(table)
        del lines[row - 1]
        return self.write(table, lines)

    def text(self, name, old, new):
        """Change the text of a file of the model folder."""
        file = self.folder / name
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")
        return self

    def problems(self, **options):
        """What the reader refuses, as problems; the message must hold every one of them."""
        with pytest.raises(wf.InputError) as caught:
            wf.read_basin(self.folder, **options)
        for problem in caught.value.problems:
            assert problem.where in str(caught.value)
            assert problem.found in str(caught.value)
            assert problem.allowed in str(caught.value)
        return caught.value.problems

    def problem(self, **options):
        """The only problem there is."""
        problems = self.problems(**options)
        assert len(problems) == 1, [str(p) for p in problems]
        return problems[0]
