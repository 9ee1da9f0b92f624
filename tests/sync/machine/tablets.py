"""The tablets of a schedule, in a Node process or in a browser's page: a command goes in, what came of it
comes out.
"""

import json
import os
import subprocess
from itertools import count
from pathlib import Path
from typing import Protocol

HERE = Path(__file__).parent
# Several pieces and chunks of a file from a few hundred bytes.
SMALL = [
    {"file": "/store/blobs.js", "from": "PIECE_BYTES = 1024 * 1024", "to": "PIECE_BYTES = 256"},
    {"file": "/sync/blobs.js", "from": "SMALLEST_CHUNK = 64 * 1024", "to": "SMALLEST_CHUNK = 128"},
]


class Wire(Protocol):
    """Where the tablets are: takes a line of JSON, gives one back."""

    def ask(self, line: str) -> str:
        """What came of a command."""

    def close(self) -> None:
        """End it."""


class Node:
    """The tablets in a Node process of their own; `bug` is loaded into them."""

    def __init__(self, bug: dict | None = None) -> None:
        hooks = ["--import", str(HERE / "mutate.mjs")]
        env = {**os.environ, "MUTATIONS": json.dumps([*SMALL, *([bug] if bug else [])])}
        self.process = subprocess.Popen(
            ["node", *hooks, str(HERE / "node.mjs")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=env,
        )

    def ask(self, line: str) -> str:
        """What came of a command.

        :raise RuntimeError: when the process has ended.
        """
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the tablets' process ended with {self.process.wait()}")
        return answer.decode()

    def close(self) -> None:
        """End the process."""
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


class Flow:
    """Something that was begun in a tab; `state` is running, done, failed or dead."""

    def __init__(self, tab: str) -> None:
        self.tab = tab
        self.state = "running"
        self.value: object = None


class Tablets:
    """Tabs by name, the requests they wait for, and the flows under way."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.numbers = count(1)
        self.trace: list[str] | None = None
        self.now = 0
        self._forget()

    def _forget(self) -> None:
        self.flows: dict[int, Flow] = {}
        self.fetches: dict[int, dict] = {}
        self.orphans: list[dict] = []
        self.gone: set[str] = set()

    def command(self, what: str, /, **args: object) -> dict:
        """One command; flows and requests are brought up to date by what it tells."""
        line = json.dumps({"do": what, "now": self.now, **args}, ensure_ascii=False)
        told = json.loads(self.wire.ask(line))
        if told["errors"]:
            raise AssertionError("an error that nobody waited for: " + told["errors"][0])
        self._note(told)
        if self.trace is not None:
            self.trace.append(f"{line[:400]} → {json.dumps(told, ensure_ascii=False)[:1500]}")
        return told

    def _note(self, told: dict) -> None:
        for fetch in told["fetches"]:
            self.fetches[fetch["id"]] = fetch
        for number, good, value in told["flows"]:
            flow = self.flows.pop(number)
            flow.state, flow.value = ("done" if good else "failed"), value
        for tab in told["dead"]:
            self.gone.add(tab)
            for number in [n for n, flow in self.flows.items() if flow.tab == tab]:
                self.flows.pop(number).state = "dead"
            gone = [n for n, fetch in self.fetches.items() if fetch["tab"] == tab]
            self.orphans += [self.fetches.pop(n) for n in gone]

    def begin(self, tab: str, name: str, **args: object) -> Flow:
        """Start a flow; it may be over when this returns, or wait for requests."""
        flow, number = Flow(tab), next(self.numbers)
        if name == "open":
            self.gone.discard(tab)
        self.flows[number] = flow
        self.command("step", flow=number, tab=tab, name=name, args=args)
        return flow

    def answer(self, answers: list[dict]) -> None:
        """Let answers arrive, all at once."""
        for one in answers:
            self.fetches.pop(one["id"], None)
        self.command("answer", answers=answers)

    def clear(self, seed: int) -> None:
        """Forget all tabs and databases but those kept aside."""
        if self.trace is not None:
            self.trace.clear()
        self._forget()
        self.command("clear", seed=seed)
        self._forget()
