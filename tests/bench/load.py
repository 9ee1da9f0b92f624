"""Many tablets in one process: keep-alive connections in threads, each answer's time noted."""

import http.client
import json
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.bench.browsing import WHO

CALM_MS, CROWDED_MS, FIRST, LEAST, MOST = 100, 250, 10, 10, 200  # as `frontend/src/sync/push.js` paces itself


@dataclass
class Client:
    """One tablet: a connection that stays open."""

    port: int
    device: str = field(default_factory=lambda: str(uuid.uuid4()))
    session: dict = field(default_factory=dict)
    times: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def close(self) -> None:
        """Hang up; the next question dials again."""
        self.connection.close()

    def ask(self, path: str, message: dict) -> dict:
        """Post a message; its time in seconds is noted, and an answer that is none."""
        headers = {"Content-Type": "application/json"}
        if self.session:
            headers["Authorization"] = f"Bearer {self.session['token']}"
        begin = time.perf_counter()
        self.connection.request("POST", path, json.dumps(message), headers)
        answer = self.connection.getresponse()
        text = answer.read()
        self.times.append(time.perf_counter() - begin)
        if answer.status != 200:
            self.errors.append(f"{answer.status} {text[:200]!r}")
        return json.loads(text)

    def log_in(self) -> None:
        """Open a session."""
        self.session = self.ask("/api/v1/auth/login", {**WHO, "device": {"id": self.device, "name": "bench"}})
        self.times.clear()

    def push(self, ops: list[dict]) -> None:
        """Hand in ops, so many at a time as a tablet does: more when the server is quick, fewer when not."""
        most, rest = FIRST, ops
        while rest:
            some, rest = rest[:most], rest[most:]
            message = {
                "proto": 1,
                "device": self.device,
                "epoch": self.session["epoch"],
                "pending": len(some),
            }
            answer = self.ask("/api/v1/sync/push", {**message, "ops": some})
            self.errors += [str(one) for one in answer.get("results", []) if one["status"] != "applied"]
            if answer["waited_ms"] < CALM_MS:
                most = min(2 * most, MOST)
            elif answer["waited_ms"] >= CROWDED_MS:
                most = max(LEAST, most // 2)


def at_once(clients: list[Client], work: Callable[[Client], None]) -> float:
    """Let all clients work at the same time; how long it took in seconds."""

    def run(client: Client) -> None:
        try:
            work(client)
        except (OSError, ValueError, KeyError) as error:
            client.errors.append(repr(error))
        finally:
            client.close()

    threads = [threading.Thread(target=run, args=(client,)) for client in clients]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - begin
