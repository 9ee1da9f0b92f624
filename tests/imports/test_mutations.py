"""Damaged files by the hundred, and a very long one: a preview or a refusal, within limits (TRUST.md)."""

import random
import resource

import pytest

import shared_schema
from backend.imports import ImportRefused, Limits
from backend.imports.refused import MB
from tests.imports import making
from tests.imports.making import deliveries, look_at

SMALL = Limits(seconds=60, memory_bytes=512 * MB)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def made(writer, path, count):
    """The bytes of a good file."""
    made_path = making.xls(path) if writer == "xls" else getattr(making, writer)(path, deliveries(count))
    return made_path.read_bytes()


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.99])
@pytest.mark.parametrize("writer", ["xlsx", "ods", "xls"])
def test_truncated_workbooks_are_damaged(writer, share, tmp_path):
    content = made(writer, tmp_path / "a", 50)
    path = tmp_path / "b"
    path.write_bytes(content[: int(len(content) * share)])
    try:
        preview = look_at(path, limits=SMALL)
    except ImportRefused as error:
        assert error.code in (
            "import.damaged",
            "import.unknown_type",
            "import.wrong_type",
            "import.empty",
            "import.no_header",
        )
    else:
        assert preview.counts["error"] == 0, "what can still be read is whole"


def mutations(content, seed, count):
    """Copies with a few bytes changed, cut out or doubled."""
    chance = random.Random(seed)
    for _ in range(count):
        data = bytearray(content)
        for _ in range(chance.randint(1, 12)):
            at = chance.randrange(len(data))
            step = chance.choice(("flip", "drop", "double"))
            if step == "flip":
                data[at] = chance.randrange(256)
            elif step == "drop":
                del data[at : at + chance.randint(1, 40)]
            else:
                data[at:at] = data[at : at + 30]
        yield bytes(data)


def survive(path, content):
    """Reading ends in a preview or in a refusal, never in anything else."""
    path.write_bytes(content)
    try:
        look_at(path, limits=SMALL)
    except ImportRefused as error:
        assert error.code in shared_schema.load()["codes"]


@pytest.mark.parametrize("writer", ["xls", "xlsx", "ods", "html", "xml_2003", "text"])
def test_mutated_files_end_in_a_preview_or_a_refusal(writer, tmp_path):
    content = made(writer, tmp_path / "a", 5)
    for mutation in mutations(content, writer, 12):
        survive(tmp_path / "b", mutation)


@pytest.mark.parametrize(
    "start", [b"", OLE, b"PK\x03\x04", b"\x09\x08\x10\x00", b"<?xml ", b"\xff\xfe", b"<html>"]
)
def test_random_bytes_end_in_a_refusal(start, tmp_path):
    chance = random.Random(start)
    for length in (10, 600, 5000):
        path = tmp_path / "a.xls"
        path.write_bytes(start + chance.randbytes(length))
        with pytest.raises(ImportRefused):
            look_at(path, limits=SMALL)


@pytest.mark.nightly
def test_many_more_mutations(tmp_path):  # TRUST.md test plan 9
    for writer in ("xlsx", "ods", "html", "xml_2003", "text"):
        content = made(writer, tmp_path / "a", 5)
        for mutation in mutations(content, f"nightly-{writer}", 300):
            survive(tmp_path / "b", mutation)


@pytest.mark.nightly
def test_a_hundred_thousand_rows_need_little_memory(tmp_path):
    """100,000 rows × 17 columns: the reader process and this one stay far below 500 MB."""
    headings = [*making.ORDER_HEADINGS, *(f"其它{n}" for n in range(9))]
    rows = [headings, *([*making.order(n), *(f"值{n}" for _ in range(9))] for n in range(100_000))]
    path = making.text(tmp_path / "a.csv", rows, "gb18030")
    del rows
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert look_at(path, kind="repair_orders").counts["new"] == 100_000
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 300_000 and resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 500_000
