"""Server-sent events (WHATWG HTML 9.2): how an answer that goes on is opened, whoever sends on it."""

from twisted.web.server import Request


def open_stream(request: Request) -> None:
    """The headers: the type, and that nobody on the way keeps or gathers what is sent."""
    headers = request.responseHeaders
    headers.setRawHeaders("Content-Type", ["text/event-stream; charset=utf-8"])
    headers.setRawHeaders("Cache-Control", ["no-store"])
    headers.setRawHeaders("X-Accel-Buffering", ["no"])
    headers.setRawHeaders("X-Content-Type-Options", ["nosniff"])
