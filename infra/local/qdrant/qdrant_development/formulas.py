"""Score formulas: from JSON expressions to the engine's."""

import qdrant_edge as engine

from .checks import mapping, number, required, sequence, text
from .errors import invalid, malformed
from .field_conditions import geo_point
from .filters import parse_condition

Expression = engine.Expression


def parse_formula(body: dict):
    defaults = body.get("defaults")
    return engine.Formula(_expression(body["formula"]), None if defaults is None else mapping(defaults, "defaults"))


def _expression(value: object):
    if type(value) in (int, float):
        return Expression.Constant(value)
    if type(value) is str:
        return Expression.Variable(value)
    if type(value) is dict:
        for name, parser in _PARSERS.items():
            if name in value:
                return parser(value[name])
        return Expression.Condition(parse_condition(value))
    raise malformed("data did not match any variant of untagged enum Expression")


def _many(make):
    return lambda value: make([_expression(item) for item in sequence(value, "expression")])


def _one(make):
    return lambda value: make(_expression(value))


def _divide(value: object):
    body = mapping(value, "div")
    return Expression.Div(_expression(required(body, "left")), _expression(required(body, "right")), number(body, "by_zero_default"))


def _power(value: object):
    body = mapping(value, "pow")
    return Expression.Pow(_expression(required(body, "base")), _expression(required(body, "exponent")))


def _decay(kind):
    def parse(value: object):
        body = mapping(value, "decay")
        midpoint = number(body, "midpoint")
        if midpoint is not None and not 0 < midpoint < 1:
            raise invalid("midpoint", f"value {midpoint} invalid, must be between 0 and 1")
        scale = number(body, "scale")
        if scale is not None and scale <= 0:
            raise invalid("scale", f"value {scale} invalid, must be larger than 0")
        target = body.get("target")
        return Expression.Decay(
            kind, _expression(required(body, "x")), None if target is None else _expression(target), midpoint, scale
        )

    return parse


def _geo_distance(value: object):
    body = mapping(value, "geo_distance")
    return Expression.GeoDistance(geo_point(required(body, "origin")), text(required(body, "to"), "geo_distance.to"))


_PARSERS = {
    "mult": _many(Expression.Mult),
    "sum": _many(Expression.Sum),
    "neg": _one(Expression.Neg),
    "abs": _one(Expression.Abs),
    "sqrt": _one(Expression.Sqrt),
    "exp": _one(Expression.Exp),
    "log10": _one(Expression.Log10),
    "ln": _one(Expression.Ln),
    "div": _divide,
    "pow": _power,
    "lin_decay": _decay(engine.DecayKind.Lin),
    "exp_decay": _decay(engine.DecayKind.Exp),
    "gauss_decay": _decay(engine.DecayKind.Gauss),
    "geo_distance": _geo_distance,
    "datetime": lambda value: Expression.Datetime(text(value, "datetime")),
    "datetime_key": lambda value: Expression.DatetimeKey(text(value, "datetime_key")),
}
