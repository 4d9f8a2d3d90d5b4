"""Reading values out of a JSON body with the failures that Qdrant answers.

A wrong type is a 400 («Format error»), a value out of range a 422 («Validation error»).
"""

from .errors import ApiError, invalid, malformed

_KINDS = {bool: "boolean", int: "integer", float: "floating point", str: "string", list: "sequence", dict: "map", type(None): "null"}


def wrong_type(path: str, value: object, expected: str) -> ApiError:
    return malformed(f"{path}: invalid type: {_KINDS.get(type(value), 'value')}, expected {expected}")


def mapping(value: object, path: str) -> dict:
    if type(value) is not dict:
        raise wrong_type(path, value, "a map")
    return value


def sequence(value: object, path: str) -> list:
    if type(value) is not list:
        raise wrong_type(path, value, "a sequence")
    return value


def required(body: dict, key: str) -> object:
    value = body.get(key)
    if value is None:
        raise malformed(f"missing field `{key}`")
    return value


def text(value: object, path: str) -> str:
    if type(value) is not str:
        raise wrong_type(path, value, "a string")
    return value


def texts(value: object, path: str) -> list:
    for item in sequence(value, path):
        text(item, path)
    return value


def boolean(body: dict, key: str, default=None):
    value = body.get(key)
    if value is None:
        return default
    if type(value) is not bool:
        raise wrong_type(key, value, "a boolean")
    return value


def number(body: dict, key: str, default=None, minimum=None, maximum=None, path=None):
    value = body.get(key)
    if value is None:
        return default
    if type(value) not in (int, float):
        raise wrong_type(path or key, value, "a number")
    in_range(value, path or key, minimum, maximum)
    return value


def integer(body: dict, key: str, default=None, minimum=0, maximum=None, path=None):
    value = body.get(key)
    if value is None:
        return default
    if type(value) is not int:
        raise wrong_type(path or key, value, "usize")
    if value < 0:
        raise malformed(f"{path or key}: invalid value: integer `{value}`, expected usize")
    in_range(value, path or key, minimum, maximum)
    return value


def choice(body: dict, key: str, allowed, default=None, path=None):
    value = body.get(key)
    if value is None:
        return default
    if type(value) is not str or value not in allowed:
        names = ", ".join(f"`{name}`" for name in allowed)
        raise malformed(f"{path or key}: unknown variant `{value}`, expected one of {names}")
    return value


def one_or_many(value: object) -> list:
    if value is None:
        return []
    return value if type(value) is list else [value]


def in_range(value, path: str, minimum, maximum, where="JSON body") -> None:
    if (minimum is None or value >= minimum) and (maximum is None or value <= maximum):
        return
    if minimum is not None and maximum is not None:
        bounds = f"must be from {minimum} to {maximum}"
    elif maximum is None:
        bounds = f"must be {minimum} or larger"
    else:
        bounds = f"must be {maximum} or smaller"
    raise invalid(path, f"value {value} invalid, {bounds}", where)


def refuse_unknown(body: dict, known, path: str) -> None:
    for key in body:
        if key not in known:
            names = ", ".join(f"`{name}`" for name in known)
            raise malformed(f"{path}: unknown field `{key}`, expected one of {names}")
