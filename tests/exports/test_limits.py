"""What a worker gives up is really gone, tried in a process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TRIES = {
    "socket": "import socket; socket.socket()",
    "resolver": "import socket; socket.getaddrinfo('localhost', 80)",
    "urllib": "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/')",
    "subprocess": "import subprocess; subprocess.run(['true'])",
    "system": "import os; os.system('true')",
    "exec": "import os; os.execv('/bin/true', ['true'])",
    "spawn": "import os; os.posix_spawn('/bin/true', ['true'], {})",
    "fork": "import os; os.fork()",
}


def run(code: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-c", f"from exports import limits\n{code}"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("name", TRIES)
def test_sockets_and_children_are_refused(name: str):
    allowed = run(f"import os; {TRIES[name]}")
    refused = run(f"limits.forbid()\n{TRIES[name]}")
    assert "PermissionError: refused: " not in allowed.stderr
    assert "PermissionError: refused: " in refused.stderr


def test_processor_time_is_granted_anew_for_each_document():
    code = """
import resource
limits.allow_processor(5)
first = resource.getrlimit(resource.RLIMIT_CPU)
sum(range(30_000_000))
limits.allow_processor(5)
assert resource.getrlimit(resource.RLIMIT_CPU)[0] >= first[0]
limits.allow_processor(1)
while True: pass
"""
    assert run(code).returncode == -24


def test_memory_and_files_are_capped():
    code = """
import sys
limits.limit(300)
try:
    open("/dev/null").close()
    big = bytearray(600 << 20)
except MemoryError:
    sys.exit(3)
"""
    assert run(code).returncode == (3 if sys.platform.startswith("linux") else 0)


def test_without_a_namespace_the_network_is_still_shut():
    code = """
print(limits.drop_network())
limits.forbid()
import urllib.request
try:
    urllib.request.urlopen("http://127.0.0.1:9/", timeout=2)
except Exception as error:
    print(type(error).__name__, error)
"""
    assert "refused: socket." in run(code).stdout
