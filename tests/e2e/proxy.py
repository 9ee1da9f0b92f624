"""A network that misbehaves as told: it stands between browser and server, before every worker."""

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.e2e.server import Server

PORTAL = "<!doctype html><title>登录 Wi-Fi</title><h1>portal</h1>".encode()
ASKS = {"host", "if-none-match", "if-modified-since", "accept-encoding"}  # whole answers only, to be changed
HOP = {"connection", "transfer-encoding", "keep-alive", "content-length", "date", "server"}
WAIT_S = 30


class Network:
    """`url` is what browsers open. `change` may rewrite an answer, `portal` and `late` spoil it."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.asked: list[tuple[str, str, bytes]] = []
        self.portal: Callable[[str], bool] = lambda path: False
        self.late: Callable[[str], float] = lambda path: 0.0
        self.change: Callable[[str, bytes], bytes] = lambda path, body: body
        self.up = True
        self.port = 0

    @property
    def url(self) -> str:
        """Where browsers find the app."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def runs(self) -> bool:
        """Is there a way to the server, as the watch asks?"""
        return self.up and self.server.runs

    def bodies(self, path: str) -> list[bytes]:
        """What was posted to a path."""
        return [body for _method, asked, body in self.asked if asked == path]

    def answer(self, method: str, path: str, body: bytes, headers: dict) -> tuple[int, list, bytes]:
        """The server's answer, or what the weather makes of it: status, headers, body.

        :raise OSError: there is no way to the server.
        """
        time.sleep(self.late(path))
        if not self.up:
            raise OSError("no network")
        self.asked.append((method, path, body))
        if self.portal(path):
            return 200, [("Content-Type", "text/html; charset=utf-8")], PORTAL
        way = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=WAIT_S)
        try:
            way.request(method, path, body or None, headers)
            told = way.getresponse()
            kept = [(name, value) for name, value in told.getheaders() if name.lower() not in HOP]
            return told.status, kept, self.change(path, told.read())
        finally:
            way.close()


class Handler(BaseHTTPRequestHandler):
    """One request through the network; nothing comes back when there is no way."""

    network: Network
    protocol_version = "HTTP/1.1"

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP | ASKS}
        headers |= {"Host": f"127.0.0.1:{self.network.port}", "Accept-Encoding": "identity"}
        try:
            status, told, text = self.network.answer(self.command, self.path, body, headers)
        except (OSError, http.client.HTTPException):
            self.close_connection = True
            return
        self.send_response(status)
        for name, value in told:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PUT = do_HEAD = _pass

    def log_message(self, *_said: object) -> None:
        """Say nothing."""


class Quiet(ThreadingHTTPServer):
    """Threads end with the test; a browser that hangs up is nothing to report."""

    daemon_threads = True

    def handle_error(self, *_where: object) -> None:
        """Say nothing."""


@contextmanager
def network(server: Server) -> Iterator[Network]:
    """A network in front of a server, on a port of its own."""
    made = Network(server)
    with Quiet(("127.0.0.1", 0), type("Way", (Handler,), {"network": made})) as front:
        made.port = front.server_port
        threading.Thread(target=front.serve_forever, daemon=True).start()
        yield made
        front.shutdown()
