"""PDFs are made in child processes that can be killed: little memory and time, no network (TRUST.md, PDF)."""

import json
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from types import TracebackType

from exports.fonts import FONT_DIR
from exports.worker import OUT_OF_MEMORY, receive, send

ROOT = Path(__file__).parent.parent
PER_DOCUMENT_S = 3
REASONS = {OUT_OF_MEMORY: "memory", -24: "cpu"}  # SIGXCPU is 24 on Linux and macOS


class PrintError(Exception):
    """No document. `reason`: `time`, `cpu`, `memory`, `crash`, `busy`, or `refused` (bad input)."""

    def __init__(self, reason: str, detail: str = ""):
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


class _Worker:
    """One child process; not thread-safe, the pool hands it to one caller at a time."""

    def __init__(self, font_dir: Path, folder: Path, memory_mb: int, start_s: float):
        command = [sys.executable, "-m", "exports.worker", str(Path(font_dir).resolve()), str(memory_mb)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder, env=_environment(folder)
        )
        self.network = self._exchange(None, start_s).decode()
        self.jobs = 0

    def pdf(self, job: dict, time_s: float) -> bytes:
        self.jobs += 1
        return self._exchange(json.dumps(job, ensure_ascii=False).encode(), time_s)

    def _exchange(self, request: bytes | None, time_s: float) -> bytes:
        self._late = False
        timer = threading.Timer(time_s, self._too_late)
        timer.daemon = True
        timer.start()
        try:
            answer = self._talk(request)
        finally:
            timer.cancel()
        if answer is None:
            self.stop()
            raise PrintError("time" if self._late else REASONS.get(self._process.returncode, "crash"))
        if answer[:1] != b"+":
            raise PrintError("refused", answer[1:].decode(errors="replace"))
        return answer[1:]

    def _too_late(self) -> None:
        self._late = True
        self._process.kill()

    def _talk(self, request: bytes | None) -> bytes | None:
        assert self._process.stdin and self._process.stdout
        try:
            if request is not None:
                send(self._process.stdin, request)
            return receive(self._process.stdout)
        except OSError:
            return None

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> None:
        """End the child, whatever it is doing, unless it has ended by itself."""
        try:
            self._process.wait(timeout=0.2)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            try:
                if pipe:
                    pipe.close()
            except OSError:
                continue


def _environment(folder: Path) -> dict[str, str]:
    """All the child may know: none of the server's secrets, and Homebrew's libraries on macOS."""
    libraries = "/opt/homebrew/lib:/usr/local/lib:/usr/lib"
    places = dict.fromkeys(("HOME", "TMPDIR", "XDG_CACHE_HOME"), str(folder))
    return {"LANG": "C.UTF-8", "PYTHONPATH": str(ROOT), "DYLD_FALLBACK_LIBRARY_PATH": libraries, **places}


class Pool:
    """Up to `size` workers, started when first needed, replaced when killed or after `jobs` documents.

    Thread-safe. Make it after forking, and close it: `with Pool() as pool: …`.
    """

    def __init__(
        self,
        size: int = 1,
        *,
        font_dir: Path = FONT_DIR,
        time_s: float = 45,
        cpu_s: int = 30,
        memory_mb: int = 1024,
        start_s: float = 90,
        wait_s: float = 120,
        jobs: int = 500,
    ):
        self._font_dir, self._start_s, self._wait_s = font_dir, start_s, wait_s
        self._time_s, self._cpu_s, self._memory_mb, self._jobs = time_s, cpu_s, memory_mb, jobs
        self._folder = Path(tempfile.mkdtemp(prefix="chedang-print-"))
        self._places: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        self._size = size
        for _ in range(size):
            self._places.put(None)

    def pdf(self, form: str, payloads: list[dict]) -> bytes:
        """One PDF of several documents of one form, each counting its own pages.

        :raise PrintError: with its reason; the worker is replaced when it had to be killed
        """
        more = PER_DOCUMENT_S * (len(payloads) - 1)
        job = {"form": form, "payloads": payloads, "cpu_s": self._cpu_s + more}
        worker = self._take()
        try:
            worker = worker or _Worker(self._font_dir, self._folder, self._memory_mb, self._start_s)
            return worker.pdf(job, self._time_s + more)
        finally:
            self._give_back(worker)

    def _take(self) -> _Worker | None:
        try:
            worker = self._places.get(timeout=self._wait_s)
        except queue.Empty:
            raise PrintError("busy") from None
        if worker and not worker.alive:
            worker.stop()
            return None
        return worker

    def _give_back(self, worker: _Worker | None) -> None:
        if worker and (not worker.alive or worker.jobs >= self._jobs):
            worker.stop()
            worker = None
        self._places.put(worker)

    def close(self) -> None:
        """End all workers and remove what they left."""
        for _ in range(self._size):
            worker = self._places.get()
            if worker:
                worker.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> "Pool":
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
