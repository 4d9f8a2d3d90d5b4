"""Conditions on one payload field: match, range, geography, counts."""

import qdrant_edge as engine

from .checks import boolean, integer, mapping, number, refuse_unknown, required, sequence, text
from .errors import invalid, malformed

_RANGE = ("lt", "gt", "gte", "lte")


def parse(body: dict):
    arguments = {name: parser(body[name]) for name, parser in _PARSERS.items() if body.get(name) is not None}
    for flag in ("is_empty", "is_null"):
        value = boolean(body, flag)
        if value is not None:
            arguments[flag] = value
    if not arguments:
        raise invalid("?", "Validation error: At least one field condition must be specified [{}]")
    return engine.FieldCondition(body["key"], **arguments)


def _match(value: object):
    body = mapping(value, "match")
    for name, make in _MATCHES.items():
        if name in body:
            return make(body[name])
    raise malformed("data did not match any variant of untagged enum MatchInterface")


def _match_value(value: object):
    if type(value) not in (str, int, bool):
        raise malformed("match.value: expected a string, an integer or a boolean")
    return engine.MatchValue(_Boolean(value) if type(value) is bool else value)


class _Boolean:
    """The binding tries integers before booleans and takes `True` for 1. Numpy's boolean, known to it by name, is no integer."""

    def __init__(self, value: bool):
        self._value = value

    def __bool__(self) -> bool:
        return self._value


_Boolean.__module__, _Boolean.__name__ = "numpy", "bool_"


def _variants(value: object, path: str) -> list:
    kinds = {type(item) for item in sequence(value, path)}
    if kinds <= {str} or kinds <= {int}:
        return value
    raise malformed(f"{path}: expected a list of strings or a list of integers")


def _phrase(value: object):
    return engine.MatchPhrase(text(value, "match.phrase"))


_MATCHES = {
    "value": _match_value,
    "text": lambda value: engine.MatchText(text(value, "match.text")),
    "text_any": lambda value: engine.MatchTextAny(text(value, "match.text_any")),
    "phrase": _phrase,
    "prefix": lambda value: engine.MatchPrefix(text(value, "match.prefix")),
    "any": lambda value: engine.MatchAny(_variants(value, "match.any")),
    "except": lambda value: engine.MatchExcept(_variants(value, "match.except")),
}


def _range(value: object):
    body = mapping(value, "range")
    refuse_unknown(body, _RANGE, "range")
    bounds = {name: body[name] for name in _RANGE if body.get(name) is not None}
    if bounds and all(type(bound) is str for bound in bounds.values()):
        return engine.RangeDateTime(**bounds)
    return engine.RangeFloat(**{name: number(body, name, path=f"range.{name}") for name in bounds})


def _values_count(value: object):
    body = mapping(value, "values_count")
    return engine.ValuesCount(**{name: integer(body, name) for name in _RANGE if body.get(name) is not None})


def geo_point(value: object):
    body = mapping(value, "geo point")
    required(body, "lon"), required(body, "lat")
    return engine.GeoPoint(number(body, "lon"), number(body, "lat"))


def _bounding_box(value: object):
    body = mapping(value, "geo_bounding_box")
    return engine.GeoBoundingBox(geo_point(required(body, "top_left")), geo_point(required(body, "bottom_right")))


def _radius(value: object):
    body = mapping(value, "geo_radius")
    required(body, "radius")
    return engine.GeoRadius(geo_point(required(body, "center")), number(body, "radius", minimum=0, path="geo_radius.radius"))


def _line(value: object) -> list:
    return [geo_point(item) for item in sequence(required(mapping(value, "line"), "points"), "points")]


def _polygon(value: object):
    body = mapping(value, "geo_polygon")
    interiors = body.get("interiors")
    return engine.GeoPolygon(
        _line(required(body, "exterior")),
        None if interiors is None else [_line(line) for line in sequence(interiors, "interiors")],
    )


_PARSERS = {
    "match": _match,
    "range": _range,
    "geo_bounding_box": _bounding_box,
    "geo_radius": _radius,
    "geo_polygon": _polygon,
    "values_count": _values_count,
}
