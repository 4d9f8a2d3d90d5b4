"""One HTTP request, and the query parameters that Qdrant knows."""

from urllib.parse import parse_qsl

import orjson

from .errors import ApiError, invalid, malformed

_ORDERINGS = ("weak", "medium", "strong")
_CONSISTENCIES = ("majority", "quorum", "all")


# The result of work whose end the client did not want to wait for: 202 without a result.
ACCEPTED = object()


class Request:
    """`names` are what the path's placeholders hold."""

    __slots__ = ("method", "body", "names", "content_type", "_query")

    def __init__(self, method: str, query: str, body: bytes, content_type: str):
        self.method = method
        self.body = body
        self.names: tuple = ()
        self.content_type = content_type
        self._query = dict(parse_qsl(query, keep_blank_values=True)) if query else {}
        if self._query:
            self._check_query()

    def json(self) -> object:
        if "json" not in self.content_type:
            raise ApiError(400, "Content type error")
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError as error:
            raise malformed(str(error)) from error

    @property
    def wait(self) -> bool:
        return self._query.get("wait") == "true"

    @property
    def refuses_to_wait(self) -> bool:
        """For endpoints that wait unless told otherwise."""
        return self._query.get("wait") == "false"

    def _check_query(self) -> None:
        query = self._query
        if query.get("wait", "true") not in ("true", "false"):
            raise _bad_parameter(f"wait: provided string was not `true` or `false`: {query['wait']}")
        if query.get("ordering", "weak") not in _ORDERINGS:
            raise _bad_parameter(f"ordering: unknown variant `{query['ordering']}`, expected one of `weak`, `medium`, `strong`")
        consistency = query.get("consistency", "")
        if consistency and not consistency.isdigit() and consistency not in _CONSISTENCIES:
            raise _bad_parameter(f"failed to deserialize read consistency query parameter value '{consistency}'")
        timeout = query.get("timeout")
        if timeout is not None and not timeout.isdigit():
            raise _bad_parameter("timeout: invalid digit found in string")
        if timeout == "0":
            raise invalid("timeout", "value 0 invalid, must be 1 or larger", "query parameters")


def _bad_parameter(message: str) -> ApiError:
    return ApiError(400, f"Deserialize error in query parameters: {message}")
