"""A second host: the same server in its own process, with its own connections and memory, on one database.

`python -m tests.sync.machine.peer URL FOLDER` takes a line of JSON and gives one back.
"""

import base64
import json
import subprocess
import sys
from pathlib import Path

from tests.sync.machine.host import Answer, Host


class Peer:
    """The process, seen from the first host; one request at a time."""

    def __init__(self, host: Host) -> None:
        command = [sys.executable, "-m", "tests.sync.machine.peer", host.url, str(host.folder)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.served = 0
        self.ask(do="forget")

    def ask(self, **message: object) -> dict:
        """One line there, one line back."""
        self.process.stdin.write(json.dumps(message).encode() + b"\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the second host ended with {self.process.wait()}")
        return json.loads(line)

    def call(self, now_ms: int, method: str, path: str, headers: dict, body: bytes) -> Answer:
        """A request, served over there."""
        self.served += 1
        asked = {"method": method, "path": path, "headers": headers, "body": base64.b64encode(body).decode()}
        told = self.ask(do="serve", now_ms=now_ms, **asked)
        return Answer(told["status"], told["kind"], base64.b64decode(told["body"]), told["headers"])

    def close(self) -> None:
        """End the process."""
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


def answer(host: Host, do: str, now_ms: int = 0, body: str = "", **asked: str) -> dict:
    """What a line asks for."""
    if do == "serve":
        host.now_ms = now_ms
        made = host.serve(body=base64.b64decode(body), **asked)
        sent = {"status": made.status, "kind": made.kind, "headers": made.headers}
        return {**sent, "body": base64.b64encode(made.body).decode()}
    host.disconnect()
    if do == "forget":
        host.forget()
    return {}


def main(url: str, folder: str) -> None:
    """Serve until the pipe ends; what the server logs goes to standard error."""
    pipe, sys.stdout = sys.stdout, sys.stderr
    with Host(Path(folder), "postgresql", url=url).prepared() as host:
        for line in sys.stdin:
            print(json.dumps(answer(host, **json.loads(line))), file=pipe, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
