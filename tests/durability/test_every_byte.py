"""The network cut after every single byte of a push and a pull (TRUST.md 6); CI cuts at a stride."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.nightly
def test_a_cut_after_every_byte_loses_and_doubles_nothing():
    """Invariants 1, 2, 3, 20: about 5,000 cuts, on the real client and server."""
    command = ["node", "--test", "--test-timeout=7200000", "tests/sync/byte_cuts.test.mjs"]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"STRIDE": "1"}, capture_output=True, text=True, check=False
    )
    print(*(line for line in done.stdout.splitlines() if "cuts, the last before byte" in line), sep="\n")
    assert done.returncode == 0, done.stdout[-4000:]
