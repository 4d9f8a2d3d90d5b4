"""Filters: from Qdrant's JSON conditions to the engine's."""

import qdrant_edge as engine

from . import field_conditions
from .checks import integer, mapping, one_or_many, refuse_unknown, required, sequence, text
from .errors import malformed
from .point_values import point_id

_CLAUSES = ("should", "min_should", "must", "must_not")


def parse_filter(body: object, path: str = "filter"):
    """An `engine.Filter`, or None where there is no filter."""
    if body is None:
        return None
    refuse_unknown(mapping(body, path), _CLAUSES, path)
    return engine.Filter(
        must=_conditions(body.get("must")),
        should=_conditions(body.get("should")),
        must_not=_conditions(body.get("must_not")),
        min_should=_min_should(body.get("min_should")),
    )


def excluding(filter_, ids: list):
    """The filter, with these points left out."""
    if not ids:
        return filter_
    return engine.Filter(must=None if filter_ is None else [filter_], must_not=[engine.HasIdCondition(set(ids))])


def parse_condition(body: object):
    if type(body) is dict:
        if type(body.get("key")) is str:
            return field_conditions.parse(body)
        for name, parser in _SPECIAL.items():
            if name in body:
                return parser(body[name])
        if not body or any(clause in body for clause in _CLAUSES):
            return parse_filter(body)
    raise malformed("data did not match any variant of untagged enum Condition")


def _conditions(value: object):
    if value is None:
        return None
    return [parse_condition(item) for item in one_or_many(value)]


def _min_should(value: object):
    if value is None:
        return None
    body = mapping(value, "min_should")
    conditions = _conditions(sequence(required(body, "conditions"), "min_should.conditions"))
    required(body, "min_count")
    return engine.MinShould(conditions, integer(body, "min_count"))


def _is_empty(value: object):
    return engine.IsEmptyCondition(text(required(mapping(value, "is_empty"), "key"), "is_empty.key"))


def _is_null(value: object):
    return engine.IsNullCondition(text(required(mapping(value, "is_null"), "key"), "is_null.key"))


def _has_id(value: object):
    return engine.HasIdCondition({point_id(item) for item in one_or_many(value)})


def _has_vector(value: object):
    return engine.HasVectorCondition(text(value, "has_vector"))


def _nested(value: object):
    body = mapping(value, "nested")
    return engine.NestedCondition(text(required(body, "key"), "nested.key"), parse_filter(required(body, "filter")))


def _slice(value: object):
    body = mapping(value, "slice")
    required(body, "total"), required(body, "index")
    total = integer(body, "total", path="slice.total")
    if total == 0:
        raise malformed("slice.total: invalid value: integer `0`, expected a nonzero u32")
    index = integer(body, "index", path="slice.index", maximum=total - 1)
    return engine.SliceCondition(total, index)


_SPECIAL = {
    "is_empty": _is_empty,
    "is_null": _is_null,
    "has_id": _has_id,
    "has_vector": _has_vector,
    "nested": _nested,
    "slice": _slice,
}
