"""Sealed backups: every file is encrypted with age (age-encryption.org/v1) for X25519 keys whose secret
halves the server never has, so that whoever takes a backup, or the server, cannot open those of before
(TRUST.md, Backup).
"""

import fcntl
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyrage
from pyrage import x25519

from backend.upkeep import UpkeepError

SUFFIX, ASIDE = ".age", ".plain-"


def new_key(path: Path) -> str:
    """Make a key pair; return its public half (`age1…`), for `BACKUP_RECIPIENTS`. The secret half goes into a
    new file that only its owner can read, in the form that `age` itself reads.

    :raise UpkeepError: if the file exists or cannot be written.
    """
    key = x25519.Identity.generate()
    public = str(key.to_public())
    try:
        path.touch(mode=0o600, exist_ok=False)
        path.write_text(f"# Opens the backups made for {public}\n{key}\n", encoding="utf-8")
    except OSError as error:
        raise UpkeepError(f"{path}: {error.strerror}") from error
    return public


def read_key(path: Path) -> list[x25519.Identity]:
    """The secret keys in a file, as `new_key` or `age-keygen` write it.

    :raise UpkeepError: if there is none.
    """
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
        keys = [x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except OSError as error:
        raise UpkeepError(f"{path}: {error.strerror}") from error
    except (UnicodeDecodeError, pyrage.IdentityError):
        keys = []
    if not keys:
        raise UpkeepError(f"{path}: holds no key that `backup-key` made")
    return keys


@contextmanager
def alone(aside: Path) -> Iterator[None]:
    """Nobody else backs up or restores meanwhile; what one that was killed has left plain is removed.

    :raise UpkeepError: if somebody does.
    """
    with (aside / ".upkeep").open("ab") as turn:
        try:
            fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UpkeepError("another backup or restore is running on this machine") from error
        for left in aside.glob(f"{ASIDE}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


class Writer:
    """Puts files into a backup's folder, sealed for `recipients` (`age1…`), or plain where there are none.

    What is to be sealed is written below `aside` first, a folder that is as well kept as the database.
    """

    def __init__(self, folder: Path, recipients: Sequence[str], aside: Path) -> None:
        self.folder, self.aside = folder, aside
        self.recipients = [x25519.Recipient.from_str(text) for text in recipients]

    @contextmanager
    def file(self, name: str) -> Iterator[Path]:
        """Where to write the file's plain content; it is in the backup when the block ends without error."""
        target = self.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            if not self.recipients:
                yield target
                return
            target = target.with_name(target.name + SUFFIX)
            with _plain(self.aside) as plain:
                yield plain
                pyrage.encrypt_file(str(plain), str(target), self.recipients)
        except BaseException:
            target.unlink(missing_ok=True)
            raise


@contextmanager
def opened(path: Path, keys: Sequence[x25519.Identity], aside: Path) -> Iterator[Path]:
    """A file of a backup, plain: itself, or a sealed one's content below `aside` while the block lasts.

    :raise UpkeepError: if the keys do not open it.
    """
    if path.suffix != SUFFIX:
        yield path
        return
    with _plain(aside) as plain:
        try:
            pyrage.decrypt_file(str(path), str(plain), keys)
        except pyrage.DecryptError as error:
            raise UpkeepError(f"{path}: this key does not open it ({error})") from error
        yield plain


def plain_name(name: str) -> str:
    """What a file of a backup is called outside of it."""
    return name.removesuffix(SUFFIX)


@contextmanager
def _plain(aside: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=aside, prefix=ASIDE) as folder:
        yield Path(folder) / "content"
