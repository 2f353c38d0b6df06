"""Options of the test run; rivers live in ``rivers.py``, data in no fixture."""

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("rivers", deadline=None, derandomize=True, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("rivers")


def pytest_addoption(parser):
    parser.addoption("--update", action="store_true", help="rewrite the expected rows from what is printed now")


def pytest_collection_modifyitems(items):
    """The page first: its tests take longest, and at the end one process would wait for them alone."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)


@pytest.fixture
def update(request) -> bool:
    """True if expected files are to be rewritten."""
    return bool(request.config.getoption("--update"))
