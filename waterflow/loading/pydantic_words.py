"""What pydantic refuses, in our words: what stands there and what may stand there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from waterflow.words.catalogue import mark, say
from waterflow.words.near import either

__all__ = ["found_and_allowed"]

LONGEST = 80
#: types of pydantic's errors -> what is allowed; parts are those of the error
ALLOWED = {
    "missing": mark("a value"),
    "extra_forbidden": mark("no such field"),
    "literal_error": mark("one of these: {expected}"),
    "union_tag_invalid": mark("one of these: {expected_tags}"),
    "union_tag_not_found": mark("a field type"),
    "string_pattern_mismatch": mark("text of the form {pattern}"),
    "greater_than_equal": mark("{ge:g} or more"),
    "greater_than": mark("more than {gt:g}"),
    "less_than_equal": mark("{le:g} or less"),
    "too_short": mark("at least {min_length}"),
    "finite_number": mark("a finite number"),
    **dict.fromkeys(("float_type", "float_parsing"), mark("a number")),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), mark("a whole number")),
    **dict.fromkeys(("bool_type", "bool_parsing"), mark("true or false")),
    "string_type": mark("text"),
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type"), mark("key: value lines")),
    **dict.fromkeys(("tuple_type", "list_type"), mark("a list")),
    **dict.fromkeys(
        ("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"), mark("a date written 2024-10-01")
    ),
}


def found_and_allowed(item: Mapping[str, Any]) -> tuple[str, str]:
    """What stands and what may stand where pydantic found an error."""
    found = say("nothing") if item["type"] == "missing" else repr(item["input"])[:LONGEST]
    parts = dict(item.get("ctx", {}))
    if item["type"] == "value_error":
        return found, str(parts["error"])
    if item["type"] not in ALLOWED:
        return found, str(item["msg"])
    for name in ("expected", "expected_tags"):
        if name in parts:
            parts[name] = either(re.findall(r"'([^']*)'", parts[name]) or [parts[name]])
    sentence = ALLOWED[item["type"]]
    return found, say(sentence, **parts)
