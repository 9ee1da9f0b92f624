"""A load balancer in a few lines: each request goes to the next of several servers."""

import http.client
import itertools
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

HOP = {"connection", "transfer-encoding", "content-length", "host"}


class Balancer(ThreadingHTTPServer):
    """Listens on a port of its own while it is entered; `url` is its address, `counts` requests a port."""

    daemon_threads = True

    def __init__(self, ports: list[int]) -> None:
        super().__init__(("127.0.0.1", 0), Passing)
        self.turns = itertools.cycle(ports)
        self.counts = dict.fromkeys(ports, 0)
        self.url = f"http://127.0.0.1:{self.server_port}"

    def __enter__(self) -> "Balancer":
        Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.shutdown()
        self.server_close()


class Passing(BaseHTTPRequestHandler):
    """Passes one request on, whole, and its answer back."""

    server: Balancer
    protocol_version = "HTTP/1.1"

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        port = next(self.server.turns)
        self.server.counts[port] += 1
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request(self.command, self.path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
        except OSError:
            self.send_error(502)
            return
        finally:
            connection.close()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = _pass

    def log_message(self, *_words: object) -> None:
        """Say nothing."""
