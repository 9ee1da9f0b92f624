"""Serves `frontend/` as plain files with the product's own security headers: for pages without a server."""

import json
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import shared_schema

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; worker-src 'self'; font-src 'self'; manifest-src 'self'; form-action 'none'; "
    "base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types lit-html chedang"
)


class Handler(SimpleHTTPRequestHandler):
    """Files of `frontend/`, `/schema.json`, and the headers."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".js": "text/javascript",
        ".webmanifest": "application/manifest+json",
    }

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", CSP)
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def do_GET(self) -> None:
        if self.path != "/schema.json":
            return super().do_GET()
        body = json.dumps(shared_schema.load(), ensure_ascii=False).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        return None

    def log_message(self, *_args: object) -> None:
        """Quiet: a failed load shows in the browser's console, which the tests read."""


@contextmanager
def static_site():
    """Yields the address of the running site, `http://127.0.0.1:<free port>`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(FRONTEND)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
