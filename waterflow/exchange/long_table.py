"""A Dataset as one long table: a row for each value, with its coordinates and its unit.

What has no value has no row: absent is not zero. Texts (`stage_path`) are no values and have none either.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd
import xarray as xr

from waterflow.errors import InputError, Problem
from waterflow.words.catalogue import say
from waterflow.words.near import slip

__all__ = ["TIME", "long_table", "texts_of"]

#: of a period: its first and last day, and its label in tables
TIME = ("period", "period_end", "period_label")


def texts_of(dataset: xr.Dataset) -> tuple[str, ...]:
    """Variables that are texts, and have no row in a long table."""
    return tuple(str(name) for name, values in dataset.data_vars.items() if values.dtype.kind not in "fiu")


def long_table(dataset: xr.Dataset, only: Collection[str] = ()) -> pd.DataFrame:
    """Every value of a Dataset as a row.

    Parameters
    ----------
    dataset : Dataset
        Of an allocation; values over any of its dimensions.
    only : collection of str
        Variables that are wanted; all of them without.

    Returns
    -------
    DataFrame
        Columns ``variable``, ``stage``, the three of `TIME`, every other dimension that a value has, ``value`` and ``unit``;
        a coordinate that a variable does not have is blank.

    Raises
    ------
    InputError
        If a variable is wanted that there is none of; names them all.
    """
    texts = texts_of(dataset)
    known = [str(name) for name in dataset.data_vars if name not in texts]
    wrong = [name for name in only if name not in known]
    if wrong:
        allowed = say("a variable of the Dataset, as docs/reference/dataset.md lists them")
        raise InputError(Problem("unknown-variable", "--only", name, allowed, slip(name, known)) for name in wrong)
    parts = [_rows(dataset, name) for name in known if not only or name in only]
    parts = [part for part in parts if len(part)]
    dims = [str(d) for d in dataset.sizes if d not in ("stage", "period") and any(d in part for part in parts)]
    order = ["variable", "stage", *TIME, *dims, "value", "unit"]
    if not parts:
        return pd.DataFrame(columns=order)
    return pd.concat([part.reindex(columns=order) for part in parts], ignore_index=True)


def _rows(dataset: xr.Dataset, name: str) -> pd.DataFrame:
    """The values of one variable, in the order of its dimensions."""
    held = dataset[name]
    values = held.to_numpy().astype(float)
    at = np.nonzero(~np.isnan(values))
    columns: dict[str, object] = {"variable": name}
    for dim, places in zip(held.dims, at, strict=True):
        if dim == "period":
            for column in TIME:
                found = dataset[column].to_numpy()[places]
                columns[column] = found if column == "period_label" else found.astype("datetime64[D]").astype(str)
        else:
            columns[str(dim)] = dataset[dim].to_numpy()[places].astype(str)
    columns |= {"value": values[at], "unit": held.attrs.get("unit_in_words", held.attrs.get("units", ""))}
    return pd.DataFrame(columns, index=range(len(at[0]) if held.dims else int(not np.isnan(values))))
