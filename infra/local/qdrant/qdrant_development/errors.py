"""The one failure type of the server, and how engine failures become it."""


class ApiError(Exception):
    """A request that fails: the HTTP status and the sentence that Qdrant would answer."""

    def __init__(self, status: int, message: str):
        super().__init__(message)
        self.status = status
        self.message = message


def wrong_input(message: str) -> ApiError:
    return ApiError(400, f"Wrong input: {message}")


def bad_request(message: str) -> ApiError:
    return ApiError(400, f"Bad request: {message}")


def not_found(message: str) -> ApiError:
    return ApiError(404, f"Not found: {message}")


def malformed(message: str) -> ApiError:
    """The body is not of the shape that the endpoint takes."""
    return ApiError(400, f"Format error in JSON body: {message}")


def invalid(path: str, message: str, where: str = "JSON body") -> ApiError:
    """The shape is right, a value is out of its range."""
    return ApiError(422, f"Validation error in {where}: [{path}: {message}]")


def not_supported(feature: str) -> ApiError:
    return ApiError(
        501,
        f"The development Qdrant server does not support {feature}. "
        "Point QDRANT_URL at a real Qdrant to use it.",
    )


def from_engine(error: BaseException) -> ApiError:
    """Translate what the engine raised, by its text: it has only one exception class."""
    text = str(error)
    if isinstance(error, (TypeError, ValueError, OverflowError)):
        return malformed(text.split("\n", 1)[0])
    if text.startswith("No point with id"):
        return not_found(f"{text} found")
    if text.startswith("Service runtime error") or not isinstance(error, Exception):
        return ApiError(500, f"Service internal error: {text}")
    return wrong_input(text)
