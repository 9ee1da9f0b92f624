"""The only place that reads the environment, so that a bad value stops the start with one clear line."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import pyrage

BUCKET = re.compile(r"/[a-z0-9][a-z0-9.-]{1,62}/?")
PROJECT = Path(__file__).resolve().parent.parent


class ConfigError(ValueError):
    """A setting that cannot be used; its text is one line for the person who starts the server."""


@dataclass(frozen=True)
class Config:
    """Settings of one server. `data_dir` is created; `database_url` is `sqlite:///…` or `postgresql://…`."""

    data_dir: Path
    database_url: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    redis_url: str = ""
    smtp_url: str = ""
    blob_url: str = ""
    backup_recipients: tuple[str, ...] = ()
    font_dir: Path = field(default=PROJECT / "frontend" / "vendor" / "fonts")

    @property
    def database(self) -> str:
        """The database's URL; by default a file under `data_dir`."""
        return self.database_url or f"sqlite:///{self.data_dir / 'chedang.db'}"

    @property
    def loopback(self) -> bool:
        """True when only this machine can reach the server: demo accounts work only then."""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """True for an address that only this machine has, and for `localhost`."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _integer(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = env.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
        raise ConfigError(f"{name}={text!r}: must be a whole number from {low} to {high}")
    return int(text)


def _url(env: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str:
    text = env.get(name, "").strip()
    if text and urlsplit(text).scheme not in schemes:
        raise ConfigError(f"{name}: must begin with " + " or ".join(f"{s}://" for s in schemes))
    return text


def _blob_url(env: Mapping[str, str]) -> str:
    """Where files lie; the message never repeats the address, as it holds a secret."""
    text = _url(env, "BLOB_URL", ("file", "s3"))
    parts = urlsplit(text)
    if parts.scheme == "s3":
        try:
            sound = parts.hostname and parts.username and parts.password and parts.port != 0
        except ValueError:
            sound = False
        if not sound or not BUCKET.fullmatch(parts.path):
            raise ConfigError("BLOB_URL: must look like s3://key:secret@host:port/bucket?region=…&secure=0")
    elif parts.scheme == "file" and (parts.netloc or not parts.path.strip("/")):
        raise ConfigError("BLOB_URL: must look like file:///path/to/folder")
    return text


def _backup_recipients(env: Mapping[str, str]) -> tuple[str, ...]:
    """For whom backups are sealed: age keys, separated by commas or blanks."""
    keys = tuple(env.get("BACKUP_RECIPIENTS", "").replace(",", " ").split())
    for key in keys:
        try:
            pyrage.x25519.Recipient.from_str(key)
        except pyrage.RecipientError:
            hint = (
                "; that is the secret half, keep it elsewhere" if key.upper().startswith("AGE-SECRET") else ""
            )
            raise ConfigError(
                f"BACKUP_RECIPIENTS: must be public keys of `backup-key` (age1…){hint}"
            ) from None
    return keys


def _data_dir(env: Mapping[str, str]) -> Path:
    path = Path(env.get("DATA_DIR", "").strip() or PROJECT / "var").expanduser().resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe = path / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise ConfigError(f"DATA_DIR={str(path)!r}: cannot be written to ({error.strerror})") from None
    return path


def from_environment(env: Mapping[str, str] = os.environ) -> Config:
    """Read PORT, HOST, DATA_DIR, DATABASE_URL, WORKERS, REDIS_URL, BLOB_URL, BACKUP_RECIPIENTS, SMTP_URL.

    :raise ConfigError: if a value cannot be used.
    """
    return Config(
        data_dir=_data_dir(env),
        database_url=_url(env, "DATABASE_URL", ("sqlite", "postgresql")),
        host=env.get("HOST", "").strip() or "127.0.0.1",
        port=_integer(env, "PORT", 8000, 1, 65535),
        workers=_integer(env, "WORKERS", 2, 1, 64),
        redis_url=_url(env, "REDIS_URL", ("redis", "rediss")),
        smtp_url=_url(env, "SMTP_URL", ("smtp", "smtps")),
        blob_url=_blob_url(env),
        backup_recipients=_backup_recipients(env),
    )
