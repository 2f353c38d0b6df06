"""Dask: a cluster gives the same Dataset; without the extra, or without a scheduler, that is said."""

import pytest

import waterflow as wf
from tests.futures.ensembles import members, with_shares
from waterflow import cli
from waterflow.errors import InputError
from waterflow.futures.executors import at_scheduler

#: the cluster leaves sockets and loops to the collector
LOUD = ("ignore::ResourceWarning", "ignore::DeprecationWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(scope="module")
def cluster():
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        yield cluster


@pytest.mark.long
@pytest.mark.filterwarnings(*LOUD)
def test_a_cluster_gives_the_same_dataset(cluster):
    basin = with_shares()
    runoff = members(basin, 9)
    with at_scheduler(cluster.scheduler_address) as executor:
        found = wf.ensemble(basin, runoff, executor=executor, chunk=2)
    assert found.identical(wf.ensemble(basin, runoff, workers=1))


@pytest.mark.filterwarnings(*LOUD)
def test_an_address_without_a_scheduler_is_refused(monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr("waterflow.futures.executors.WAITS", 0.5)
    with pytest.raises(InputError, match="no-scheduler"), at_scheduler("tcp://127.0.0.1:9"):
        pass


def test_without_the_extra_it_is_named(monkeypatch, capsys):
    monkeypatch.setattr("waterflow.extras.find_spec", lambda _name: None)
    asked = ["ensemble", "syr_darya", "--members", "1", "--scheduler", "tcp://127.0.0.1:9", "--no-progress"]
    assert cli.main(asked) == 3
    assert "missing-extra" in capsys.readouterr().err
    with pytest.raises(InputError, match=r"syr-waterflow\[dask\]"), at_scheduler("tcp://127.0.0.1:9"):
        pass
