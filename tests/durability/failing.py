"""A disk that fails: the n-th write, flush or read is an error, once or until mended (TRUST.md 5)."""

import apsw

FULL = apsw.FullError
BROKEN = apsw.IOError


class FailingVfs(apsw.VFS):
    """The default VFS while it is entered; `arm` says which call fails, `heal` ends it."""

    def __init__(self) -> None:
        self.real = apsw.vfs_names()[0]
        super().__init__("failing", self.real, makedefault=True)
        self.heal()

    def __enter__(self) -> "FailingVfs":
        return self

    def __exit__(self, *_error: object) -> None:
        self.heal()
        self.unregister()

    def arm(self, n: int, error: type[apsw.Error], calls: tuple[str, ...], lasting: bool) -> None:
        """Let the n-th of these calls fail, counted from 1 and from now; `lasting`: all after it, too."""
        self.left, self.error, self.calls, self.lasting, self.failed = n, error, calls, lasting, 0

    def heal(self) -> None:
        """From here on nothing fails."""
        self.arm(0, FULL, (), False)

    def call(self, name: str) -> None:
        """Count a call, and fail if it is its turn.

        :raise apsw.Error: then.
        """
        if name not in self.calls:
            return
        self.left -= 1
        if self.left == 0 or (self.left < 0 and self.lasting):
            self.failed += 1
            raise self.error(f"{name} failed, as the test wants it")

    def xOpen(self, name, flags):
        return FailingFile(self, name, flags)


class FailingFile(apsw.VFSFile):
    """Any file of SQLite's, temporary ones too."""

    def __init__(self, vfs: FailingVfs, name: object, flags: list[int]) -> None:
        super().__init__(vfs.real, name, flags)
        self.vfs = vfs

    def xRead(self, amount, offset):
        self.vfs.call("read")
        return super().xRead(amount, offset)

    def xWrite(self, data, offset):
        self.vfs.call("write")
        super().xWrite(data, offset)

    def xTruncate(self, size):
        self.vfs.call("write")
        super().xTruncate(size)

    def xSync(self, flags):
        self.vfs.call("sync")
        super().xSync(flags)
