"""What every fact is: a frozen, typed figure or group of figures without a word of prose. The unit ends a field's name."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

__all__ = ["Answer", "Fact", "Rule"]

Rule = Literal["at_least", "at_most"]


def _untitled(schema: dict[str, Any]) -> None:
    """A field needs no title in a schema that only repeats its name."""
    for field in schema.get("properties", {}).values():
        field.pop("title", None)


class Fact(BaseModel):
    """A frozen figure or a group of them; nothing extra, no infinity."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, json_schema_extra=_untitled)
    #: the fields that tell one fact of a kind from another, and the one that tells when it holds
    named_by: ClassVar[tuple[str, ...]] = ("place",)
    timed_by: ClassVar[str] = "window"

    @field_validator("*")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        """A plain number, never -0.0."""
        return float(value) + 0.0 if isinstance(value, float) else value


class Answer(Fact):
    """The facts of a whole answer, with the what-if questions it was asked under."""

    questions: tuple[str, ...] = Field(default=(), description="What-if questions, as they were understood; their figures are assumed")
