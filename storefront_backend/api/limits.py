"""What a query may cost: how deep it goes, and how many values it could return."""

from __future__ import annotations

from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    IntValueNode,
    SelectionSetNode,
    ValidationContext,
    ValidationRule,
)
from graphql.language import OperationDefinitionNode

# A list whose length the query does not state is counted as this many.
_UNSTATED_LIST = 20
_SHORT_LISTS = {"fulfillments": 3, "refunds": 2}
_LISTS = frozenset(
    {
        "edges",
        "variants",
        "media",
        "lines",
        "products",
        "notes",
        "brands",
        "fulfillments",
        "refunds",
        "orders",
        "explanation",
    }
)


def limit_rule(max_depth: int, max_cost: int) -> type[ValidationRule]:
    """A validation rule that refuses what is deeper or dearer. Introspection is not counted."""

    class LimitRule(ValidationRule):
        """Depth and cost of each operation."""

        def enter_operation_definition(self, node: OperationDefinitionNode, *_: Any) -> None:
            """Measure before anything runs."""
            depth, cost = _measure(self.context, node.selection_set, max_depth + 1, frozenset())
            if depth > max_depth:
                self.report_error(
                    GraphQLError(f"The query is more than {max_depth} levels deep", node)
                )
            elif cost > max_cost:
                self.report_error(
                    GraphQLError(f"The query could return {cost} values, over {max_cost}", node)
                )

    return LimitRule


def _measure(
    context: ValidationContext,
    selections: SelectionSetNode | None,
    levels: int,
    inside: frozenset[str],
) -> tuple[int, int]:
    """(depth, cost); stops counting once it is too deep. `inside` keeps cyclic fragments out."""
    if selections is None or levels == 0:
        return 0, 0
    deepest = total = 0
    for node in selections.selections:
        if isinstance(node, FieldNode):
            if node.name.value.startswith("__"):
                continue
            below, cost = _measure(context, node.selection_set, levels - 1, inside)
            depth, cost = below + 1, (cost + 1) * _times(node)
        elif isinstance(node, InlineFragmentNode):
            depth, cost = _measure(context, node.selection_set, levels, inside)
        else:
            depth, cost = _measure_spread(context, node, levels, inside)
        deepest, total = max(deepest, depth), total + cost
    return deepest, total


def _measure_spread(
    context: ValidationContext, node: Any, levels: int, inside: frozenset[str]
) -> tuple[int, int]:
    assert isinstance(node, FragmentSpreadNode)
    name = node.name.value
    fragment: FragmentDefinitionNode | None = context.get_fragment(name)
    if fragment is None or name in inside:
        return 0, 0
    return _measure(context, fragment.selection_set, levels, inside | {name})


def _times(node: FieldNode) -> int:
    """How often a field may occur: its `first`, or a guess for a list, or once.

    The `edges` below a field with `first` are that many already, so they count once.
    """
    for argument in node.arguments:
        if argument.name.value == "first" and isinstance(argument.value, IntValueNode):
            return max(1, int(argument.value.value))
    if node.name.value in _LISTS and node.name.value not in ("edges", "products", "orders"):
        return _SHORT_LISTS.get(node.name.value, _UNSTATED_LIST)
    if node.name.value in ("products", "orders"):
        return 100
    return 1
