"""The shipped ``datapackage.json`` is what the schema makes of the shipped tables."""

from waterflow.loading.datapackage import datapackage
from waterflow.loading.shipped import inputs_folder


def test_the_shipped_data_package_is_generated():
    folder = inputs_folder() / "syr_darya"
    assert (folder / "datapackage.json").read_text(encoding="utf-8") == datapackage(folder), (
        "write the text of waterflow.loading.datapackage.datapackage(folder) to datapackage.json"
    )
