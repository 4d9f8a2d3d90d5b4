"""From one parsed HTTP request to one answer: status, headers and body."""

import sys
import time
import traceback
from pathlib import Path
from urllib.parse import unquote

import orjson

from . import service
from .errors import ApiError, from_engine, invalid
from .manage_collections import LONGEST_NAME
from .request import ACCEPTED, Request
from .routes import find, is_known

JSON = b"application/json"
PLAIN = b"text/plain; charset=utf-8"
_ENGINE_MODULE = "qdrant_edge"


class Application:
    """`answer` never raises: whatever happens becomes a response in Qdrant's shape."""

    def __init__(self, store, api_key: str | None):
        self.store = store
        self.api_key = api_key
        self.responses: dict = {}

    def answer(self, method: str, url: str, body: bytes, headers: dict):
        """(status, content type, body) where the body is bytes, or the path of a file to send."""
        path, _, query = url.partition("?")
        segments = [unquote(part) if "%" in part else part for part in path.split("/") if part]
        probe = self._probe(method, segments)
        if probe is not None:
            return probe
        if self.api_key is not None and not self._is_authorized(headers):
            return 401, PLAIN, b"Must provide an API key or an Authorization bearer token"
        if segments == ["telemetry"] and method == "GET":
            result = service.telemetry(self.store, self.responses)
            return 200, JSON, orjson.dumps({"result": result, "status": "ok", "time": 0.0})
        if segments == ["metrics"] and method == "GET":
            return 200, PLAIN, service.metrics(self.store, self.responses).encode()
        return self._call(method, segments, query, body, headers)

    def _note(self, method: str, template: str, status: int, seconds: float) -> None:
        key = (method, template.replace("{}", "{collection_name}", 1), status)
        total, before = self.responses.get(key, (0, 0.0))
        self.responses[key] = (total + 1, before + seconds)

    @staticmethod
    def _probe(method: str, segments: list):
        """What answers without a key."""
        if method != "GET" or len(segments) > 1:
            return None
        name = segments[0] if segments else ""
        if name == "":
            return 200, JSON, orjson.dumps(service.version_info())
        if name in ("healthz", "livez"):
            return 200, PLAIN, b"healthz check passed"
        if name == "readyz":
            return 200, PLAIN, b"all shards are ready"
        return None

    def _is_authorized(self, headers: dict) -> bool:
        return headers.get(b"api-key") == self.api_key or headers.get(b"authorization") == f"Bearer {self.api_key}"

    def _call(self, method: str, segments: list, query: str, body: bytes, headers: dict):
        started = time.perf_counter()
        handler, template, names = find(method, segments)
        try:
            if names and len(names[0]) > LONGEST_NAME:
                raise invalid("collection_name", f"value {names[0]} invalid, length must be from 1 to {LONGEST_NAME}", "path parameters")
            if handler is None:
                raise _unknown(method, template, segments)
            request = Request(method, query, body, headers.get(b"content-type", ""))
            request.names = names
            result = handler(self.store, request)
            status = 200
            if isinstance(result, Path):
                return 200, b"application/octet-stream", result
            envelope = {"result": result, "status": "ok", "time": time.perf_counter() - started}
            if result is ACCEPTED:
                status, envelope = 202, {"status": "accepted", "time": time.perf_counter() - started}
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # the engine's panics are no Exception
            failure = _failure(error)
            status = failure.status
            envelope = {"status": {"error": failure.message}, "time": time.perf_counter() - started}
        self._note(method, template if handler else "/unknown", status, time.perf_counter() - started)
        return status, JSON, orjson.dumps(envelope)


def _unknown(method: str, template: str, segments: list) -> ApiError:
    if is_known(segments):
        return ApiError(501, f"The development Qdrant server does not support {method} {template}. Point QDRANT_URL at a real Qdrant to use it.")
    return ApiError(404, f"Not found: {method} {template}")


def _failure(error: BaseException) -> ApiError:
    if isinstance(error, ApiError):
        return error
    if _is_from_engine(error):
        return from_engine(error)
    traceback.print_exception(error, file=sys.stderr)
    return ApiError(500, f"Service internal error: {type(error).__name__}: {error}")


def _is_from_engine(error: BaseException) -> bool:
    """The engine raises plain Exceptions, ValueErrors and TypeErrors, and panics, out of compiled code."""
    return type(error) is Exception or type(error).__name__ == "PanicException" or isinstance(error, (TypeError, ValueError, OverflowError))
