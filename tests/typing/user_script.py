"""What a user writes: read, change, allocate, look, compare, save, ask what one more unit does, and meet a refusal."""

from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import xarray as xr

import waterflow as wf


def drier(basin: wf.Basin, share: float) -> wf.Basin:
    """The same river with less runoff in every period."""
    labels = basin.calendar.labels
    less = {(node, label): share * v for node, series in basin.runoff.items() for label, v in zip(labels, series, strict=True)}
    return basin.changed(runoff=less)


def by_party(allocation: wf.Allocation) -> dict[str, float]:
    """Water delivered to each party, Mm3."""
    water: xr.DataArray = allocation.dataset["delivery"].groupby("party").sum().sum("period")
    return {str(party): float(water.sel(party=party)) for party in water["party"].values}


def main(folder: Path) -> str:
    """Everything in a row."""
    version: str = wf.__version__
    basin = wf.read_basin("two_reservoirs")
    allocation: wf.Allocation = wf.allocate(basin)
    costly: wf.Basin = basin.at_level("high")
    solver = wf.Solver(basin)
    dry: wf.Allocation = solver.allocate(drier(basin, 0.9))
    prices: xr.Dataset = solver.marginal("runoff", ("mountain", basin.calendar.labels[0]))
    one_more = float(prices["delivery"].sel(side="right").sum())
    with ProcessPoolExecutor(1) as pool:
        elsewhere: wf.Allocation = pool.submit(wf.allocate, costly).result()
    table = wf.compare(allocation, dry, elsewhere)
    again: wf.Allocation = wf.open_allocation(allocation.save(folder / "plan.nc"))
    told = [again.summary(), f"{version} {one_more:g} {by_party(again)} {len(table)}"]
    try:
        wf.allocate(basin.changed(target_volume={"nowhere": 1.0}))
    except wf.InputError as refused:
        told += [f"{problem.code}: {problem.allowed}" for problem in refused.problems]
    except (wf.ConflictError, wf.SolverError) as failed:
        told.append(str(failed))
    return "\n".join(told)


if __name__ == "__main__":
    print(main(Path()))
