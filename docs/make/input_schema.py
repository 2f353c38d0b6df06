"""``docs/reference/inputs.schema.json`` from the tables and models of the readers: ``python -m docs.make input_schema``."""

from __future__ import annotations

import sys

from docs.make.pages import kept
from waterflow.commands.reading import as_json
from waterflow.report.input_schema import inputs_schema

PAGE = "docs/reference/inputs.schema.json"


def main() -> int:
    """Write the file, or with ``--check`` tell if it would change."""
    return kept({PAGE: as_json(inputs_schema())}, "input_schema")


if __name__ == "__main__":
    sys.exit(main())
