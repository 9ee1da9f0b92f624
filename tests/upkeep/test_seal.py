"""Sealed backups: without the key nothing of a customer can be read (TRUST.md, Backup)."""

from dataclasses import replace

import pyrage
import pytest

from backend import config as configuration
from backend import db
from backend.models.blobs import COMPLETE, Blob
from backend.storage import open_storage
from backend.upkeep import UpkeepError, backup, restore, seal
from backend.upkeep.summary import summarise
from tests.cast import SZ01, customer
from tests.upkeep.conftest import NOW, public_half

CANARIES = [customer(1)["name"], customer(2)["phones"][0], "a photo of somebody", "a row of a spreadsheet"]


@pytest.fixture
def folder(worked, config, tmp_path):
    """Where the keys lie; the server has a photo and an upload by now."""
    upload = config.data_dir / "imports" / "run" / "rows.jsonl"
    upload.parent.mkdir(parents=True)
    upload.write_text(CANARIES[3])
    name = "0" * 64
    open_storage(config).put(f"blobs/{SZ01}/{name}", CANARIES[2].encode())
    row = {"part": SZ01, "sha256": name, "size": 19, "received": 19, "state": COMPLETE}
    Blob.create(**row, created_by="x", created_at=NOW)
    for owner in ("ours", "theirs"):
        seal.new_key(tmp_path / owner)
    return tmp_path


def sealed(config, folder, *owners: str):
    """A backup for these owners."""
    keys = tuple(key for owner in owners for key in public_half(folder / owner))
    return backup.make(replace(config, backup_recipients=keys), folder / "-".join(["made", *owners]), NOW)


def readable(place) -> list[str]:
    """Which canaries the bytes below a folder show."""
    content = b"".join(path.read_bytes() for path in place.rglob("*") if path.is_file())
    return [text for text in CANARIES if text.encode() in content]


def test_a_sealed_backup_shows_nothing_of_a_customer(folder, config):
    """0 hits; the positive control is the plain one (PostgreSQL's dump is compressed, so its rows hide)."""
    assert readable(sealed(config, folder, "ours")) == []
    assert readable(sealed(config, folder)) == (CANARIES if db.is_sqlite() else CANARIES[2:])
    assert list(config.data_dir.glob(".plain-*")) == []


@pytest.mark.parametrize(
    ("key", "said"), [(None, "--key FILE"), ("theirs", "does not open it"), ("manifest", "holds no key")]
)
def test_without_its_key_it_stays_closed_and_nothing_changes(folder, config, key, said):
    """One line says what is missing; the running group is untouched."""
    made = sealed(config, folder, "ours")
    (folder / "manifest").write_bytes((made / "manifest.json").read_bytes())
    before = summarise(db.database.execute_sql)
    with pytest.raises(UpkeepError, match=said):
        restore.restore(config, made, True, NOW, key and folder / key)
    assert summarise(db.database.execute_sql) == before
    assert list(config.data_dir.glob(".plain-*")) == []


def test_each_of_several_keys_opens_it(folder, config):
    """So that a lost key is no lost backup."""
    made = sealed(config, folder, "ours", "theirs")
    for owner in ("ours", "theirs"):
        with seal.opened(next(made.glob("imports/run/*")), seal.read_key(folder / owner), folder) as plain:
            assert plain.read_text() == CANARIES[3]


def test_the_secret_half_is_for_its_owner_alone(folder):
    """0600, never written over, in the form that other programs for age read."""
    path = folder / "ours"
    assert path.stat().st_mode & 0o777 == 0o600
    before = path.read_text()
    with pytest.raises(UpkeepError, match="exists"):
        seal.new_key(path)
    assert path.read_text() == before
    public, secret = before.splitlines()
    key = pyrage.x25519.Identity.from_str(secret)
    assert public.endswith(str(key.to_public()))


def test_a_setting_that_names_no_public_key_stops_the_start(folder):
    """A secret that was set by mistake is not repeated on the screen."""
    secret = (folder / "ours").read_text().split()[-1]
    (public,) = public_half(folder / "ours")
    for text in (secret, public[:-1], "age1"):
        with pytest.raises(configuration.ConfigError, match="backup-key") as told:
            configuration.from_environment({"BACKUP_RECIPIENTS": text, "DATA_DIR": str(folder)})
        assert secret not in str(told.value)
    env = {"BACKUP_RECIPIENTS": f"{public}, {public}", "DATA_DIR": str(folder)}
    assert configuration.from_environment(env).backup_recipients == (public, public)
