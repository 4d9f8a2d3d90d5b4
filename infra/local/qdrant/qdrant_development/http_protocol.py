"""HTTP/1.1 over asyncio: keep-alive, pipelining, one answer after the other."""

import asyncio
from http import HTTPStatus

import httptools

LARGEST_BODY = 32 * 1024 * 1024
_FILE_BLOCK = 1 << 20
_KEPT_HEADERS = frozenset((b"api-key", b"authorization", b"content-type", b"expect"))
_STATUS_LINES = {status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode() for status in HTTPStatus}


class HttpProtocol(asyncio.Protocol):
    """Answers are made at once, in the event loop: the engine holds the interpreter anyway."""

    def __init__(self, application):
        self._application = application
        self._transport: asyncio.Transport | None = None
        self._parser = None
        self._reset()

    def _reset(self) -> None:
        self._url = b""
        self._headers: dict = {}
        self._chunks: list = []
        self._size = 0

    def connection_made(self, transport) -> None:
        self._transport = transport
        self._parser = httptools.HttpRequestParser(self)

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._transport.close()
        except httptools.HttpParserError:
            self._send(400, b"text/plain; charset=utf-8", b"Malformed HTTP request", keep_alive=False)

    # What the parser calls

    def on_message_begin(self) -> None:
        self._reset()

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        name = name.lower()
        if name in _KEPT_HEADERS:
            self._headers[name] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        if self._headers.get(b"expect", "").lower() == "100-continue":
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        self._size += len(body)
        if self._size <= LARGEST_BODY:
            self._chunks.append(body)

    def on_message_complete(self) -> None:
        keep_alive = self._parser.should_keep_alive()
        if self._size > LARGEST_BODY:
            message = f"JSON payload ({self._size} bytes) is larger than allowed (limit: {LARGEST_BODY} bytes)."
            body = f'{{"status":{{"error":"{message}"}},"time":0.0}}'.encode()
            self._send(400, b"application/json", body, keep_alive)
            return
        body = self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
        status, content_type, answer = self._application.answer(
            self._parser.get_method().decode(), self._url.decode("latin-1"), body, self._headers
        )
        if type(answer) is bytes:
            self._send(status, content_type, answer, keep_alive)
        else:
            self._send_file(content_type, answer)

    def _send(self, status: int, content_type: bytes, body: bytes, keep_alive: bool = True) -> None:
        head = b"content-length: %d\r\ncontent-type: %b\r\n" % (len(body), content_type)
        if not keep_alive:
            head += b"connection: close\r\n"
        self._transport.write(b"".join((_STATUS_LINES[status], head, b"\r\n", body)))
        if not keep_alive:
            self._transport.close()

    def _send_file(self, content_type: bytes, path) -> None:
        size = path.stat().st_size
        head = b"content-length: %d\r\ncontent-type: %b\r\nconnection: close\r\n\r\n" % (size, content_type)
        self._transport.write(_STATUS_LINES[200] + head)
        with open(path, "rb") as file:
            while block := file.read(_FILE_BLOCK):
                self._transport.write(block)
        self._transport.close()
