r"""Flow rules: the most, or the least, that enters several reaches together in a period. Mm3. A rule is hard."""

from __future__ import annotations

from typing import Any

from waterflow.formulation.language import Equation, given

GIVENS = (given("ruled_flow"),)


def _together(m: Any, x: str) -> Any:
    rule = m.basin.flow_rules[x]
    return sum(m.flow[a, m.basin.calendar.labels[rule.period]] for a in rule.reaches)


def flows_not_passed(m: Any, x: str) -> Any:
    r"""No more than was agreed enters the reaches together.

    .. math:: \overline{F}_x - \sum_{a \in x} F_{a,t} \ge 0
    """
    return m.ruled_flow[x] - _together(m, x) >= 0 if m.basin.flow_rules[x].rule == "at_most" else None


def flows_held(m: Any, x: str) -> Any:
    r"""No less than was agreed enters the reaches together.

    .. math:: \sum_{a \in x} F_{a,t} - \underline{F}_x \ge 0
    """
    return _together(m, x) - m.ruled_flow[x] >= 0 if m.basin.flow_rules[x].rule == "at_least" else None


EQUATIONS = (
    Equation(flows_not_passed, ("flow_rules",), "Mm3", agreed="ruled_flow"),
    Equation(flows_held, ("flow_rules",), "Mm3", agreed="ruled_flow"),
)
