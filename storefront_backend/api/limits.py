"""How large a query may be: counted in one pass whose own work is bounded.

Fragments are what makes a short query large: `F1 { a { ...F0 } b { ...F0 } }` doubles with every
level. The pass merges selections as execution does, so a fragment counts once in a place however
often it is spread there, and it stops at the first limit instead of counting to the end. It comes
before GraphQL's own validation: `OverlappingFieldsCanBeMerged` compares all fields of the same
name in one place with each other, which is quadratic or worse in what this pass counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    IntValueNode,
    Node,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
)

# How many objects a list is taken to hold where the query does not say it with `first`. A
# connection's edges are as many as its `first`, so they count once.
LISTS = {
    "products": 100,
    "orders": 100,
    "edges": 1,
    "brands": 20,
    "channels": 20,
    "explanation": 20,
    "lines": 20,
    "media": 20,
    "variants": 20,
    "shippingMethods": 5,
    "fulfillments": 3,
    "errors": 2,
    "refunds": 2,
}
# The lists of introspection, by what this schema holds.
_INTROSPECTED_LISTS = {
    "types": 60,
    "fields": 10,
    "args": 2,
    "inputFields": 5,
    "enumValues": 5,
    "directives": 5,
    "interfaces": 1,
    "possibleTypes": 1,
}
_INTROSPECTION_DEPTH = 20  # the usual tools ask for 15 levels


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may hold at most. The defaults fit any app of ours ten times over."""

    depth: int = 10
    cost: int = 5_000  # values that could be returned
    introspection: int = 100_000  # the same for `__schema`; the usual tools ask for some 81,000
    fields: int = 2_000  # of all operations and fragments, a fragment's where it is spread
    repeats: int = 30  # of one field in one place, as when components ask for the same
    operations: int = 10
    fragments: int = 60
    variables: int = 50
    root_fields: int = 10
    mutations: int = 5
    # Of each field that opens something: a request is one shopper's step.
    mutation_repeats: int = 1


class TooLarge(GraphQLError):
    """A limit is passed; `extensions` has the code and the limit."""

    def __init__(self, code: str, message: str, limit: int, node: Node | None = None) -> None:
        super().__init__(message, node, extensions={"code": code, "limit": limit})


def check(document: DocumentNode, limits: Limits) -> None:
    """Raise TooLarge for the first limit that the document passes."""
    kinds = document.definitions
    operations = [each for each in kinds if isinstance(each, OperationDefinitionNode)]
    fragments = [each for each in kinds if isinstance(each, FragmentDefinitionNode)]
    for found, limit, name in (
        (operations, limits.operations, "operations"),
        (fragments, limits.fragments, "fragments"),
    ):
        if len(found) > limit:
            raise _too_many(name, limit)
    walk = _Walk(fragments, limits)
    for operation in operations:
        if len(operation.variable_definitions or ()) > limits.variables:
            raise _too_many("variables", limits.variables, operation)
        walk.root(operation)
        if walk.cost([operation.selection_set], limits.depth) > limits.cost:
            raise _too_costly(limits.cost, operation)
    # Validation looks into every fragment, whether an operation uses it or not.
    for fragment in fragments:
        if fragment.type_condition.name.value.startswith("__"):
            walk.introspected([fragment.selection_set], _INTROSPECTION_DEPTH)
        else:
            walk.cost([fragment.selection_set], limits.depth)


class _Walk:
    """One pass over a document; `left` is how many selections it may still look at."""

    def __init__(self, fragments: Iterable[FragmentDefinitionNode], limits: Limits) -> None:
        self.fragments = {fragment.name.value: fragment for fragment in fragments}
        self.limits = limits
        self.left = limits.fields
        self.introspection = limits.introspection

    def root(self, operation: OperationDefinitionNode) -> None:
        """How much one operation begins at once."""
        places = self.merged([operation.selection_set])
        if operation.operation is not OperationType.MUTATION:
            if len(places) > self.limits.root_fields:
                raise _too_many("root fields", self.limits.root_fields, operation)
            return
        if len(places) > self.limits.mutations:
            raise _too_many("mutations", self.limits.mutations, operation)
        names = [fields[0].name.value for fields in places.values()]
        if any(names.count(name) > self.limits.mutation_repeats for name in names):
            raise _too_many("mutations of one name", self.limits.mutation_repeats, operation)

    def cost(self, selections: list[SelectionSetNode], levels: int) -> int:
        """How many values the selections could return. Raises TooLarge on the way."""
        total = 0
        for fields in self.merged(selections).values():
            field = fields[0]
            below = [each.selection_set for each in fields if each.selection_set]
            if field.name.value.startswith("__"):
                self.introspection -= self.introspected(below, _INTROSPECTION_DEPTH)
                if self.introspection < 0:
                    raise _too_costly(self.limits.introspection, field)
                continue
            if levels == 0:
                raise _too_deep(self.limits.depth, field)
            times = max(_times(each) for each in fields)
            total += times * (1 + (self.cost(below, levels - 1) if below else 0))
        return total

    def introspected(self, selections: list[SelectionSetNode], levels: int) -> int:
        """The same below `__schema` and `__type`, by what the schema holds."""
        total = 1
        for fields in self.merged(selections).values():
            if levels == 0:
                raise _too_deep(_INTROSPECTION_DEPTH, fields[0])
            below = [each.selection_set for each in fields if each.selection_set]
            times = _INTROSPECTED_LISTS.get(fields[0].name.value, 1)
            total += times * self.introspected(below, levels - 1)
        return total

    def merged(self, selections: list[SelectionSetNode]) -> dict[str, list[FieldNode]]:
        """The fields of one place by the name they are returned under, fragments spread out."""
        places: dict[str, list[FieldNode]] = defaultdict(list)
        spread: set[str] = set()
        waiting = list(selections)
        while waiting:
            for node in waiting.pop().selections:
                self.left -= 1
                if self.left < 0:
                    raise _too_many("fields", self.limits.fields, node)
                if isinstance(node, FieldNode):
                    place = places[(node.alias or node.name).value]
                    place.append(node)
                    if len(place) > self.limits.repeats:
                        raise _too_many("repeats of a field", self.limits.repeats, node)
                elif not isinstance(node, FragmentSpreadNode):
                    waiting.append(node.selection_set)  # type: ignore[attr-defined]
                elif node.name.value not in spread:
                    spread.add(node.name.value)
                    if fragment := self.fragments.get(node.name.value):
                        waiting.append(fragment.selection_set)
        return places


def _times(node: FieldNode) -> int:
    """How many objects a field may return: its `first`, or what such a list holds, or one."""
    for argument in node.arguments:
        value = argument.value
        if argument.name.value == "first" and isinstance(value, IntValueNode):
            # Longer numbers are refused by the field itself.
            return max(1, int(value.value[:9]))
    return LISTS.get(node.name.value, 1)


def _too_many(what: str, limit: int, node: Node | None = None) -> TooLarge:
    return TooLarge("query_too_large", f"The query has more than {limit} {what}", limit, node)


def _too_deep(limit: int, node: Node) -> TooLarge:
    return TooLarge("query_too_deep", f"The query is more than {limit} levels deep", limit, node)


def _too_costly(limit: int, node: Node) -> TooLarge:
    message = f"The query could return more than {limit} values"
    return TooLarge("query_too_costly", message, limit, node)
