"""Sealed chunks of a snapshot on the disk: the same content gives the same bytes and the same name
(SYNC.md, Snapshot).
"""

import hashlib
import hmac
import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from backend.domain.ids import new_id

NONCE = 12
LEVEL = 6
NAME = re.compile(r"[0-9a-f]{64}")


def folder(data_dir: Path, part: str) -> Path:
    """Where a partition's chunks lie."""
    return data_dir / "snapshots" / part.replace(":", "_")


class Chunks:
    """A partition's chunks. A chunk is one or more pieces, each compressed and sealed by itself."""

    def __init__(self, part: str, key: bytes, path: Path):
        self.part, self.key, self.path = part, key, path
        self.cipher = AESGCM(key)
        path.mkdir(parents=True, exist_ok=True)

    def seal(self, plain: bytes) -> bytes:
        """A piece: nonce(12) ‖ AES-256-GCM(deflate(plain)), AAD the partition; the nonce is a function of
        the content.
        """
        packed = zlib.compress(plain, LEVEL)
        nonce = hmac.digest(self.key, b"nonce" + packed, "sha256")[:NONCE]
        return nonce + self.cipher.encrypt(nonce, packed, self.part.encode())

    def write(self, kind: str, number: int, pieces: list[bytes], rows: int) -> dict:
        """Write sealed pieces as one file (temporary name, then renamed); return its line of the manifest.

        `no` is the number of the first piece, `pieces` are their lengths in bytes.
        """
        sealed = b"".join(pieces)
        name = hmac.new(self.key, b"name" + sealed, hashlib.sha256).hexdigest()
        target = self.path / name
        if not target.exists():
            temporary = target.with_suffix(f".{new_id()}")
            temporary.write_bytes(sealed)
            temporary.rename(target)
        return {
            **{"url": f"/api/v1/sync/chunks/{self.part}/{name}", "name": name, "kind": kind, "no": number},
            **{"rows": rows, "bytes": len(sealed), "pieces": [len(piece) for piece in pieces]},
            "sha256": hashlib.sha256(sealed).hexdigest(),
        }

    def read(self, chunk: dict) -> Iterator[bytes]:
        """The plain pieces of a chunk of ours."""
        sealed, at = (self.path / chunk["name"]).read_bytes(), 0
        for length in chunk["pieces"]:
            piece = sealed[at : at + length]
            yield zlib.decompress(self.cipher.decrypt(piece[:NONCE], piece[NONCE:], self.part.encode()))
            at += length

    def holds(self, chunks: list[dict]) -> bool:
        """True when every chunk's file is here."""
        return all((self.path / chunk["name"]).exists() for chunk in chunks)

    def sweep(self, names: set[str]) -> None:
        """Remove chunks of older snapshots, but those of the last one: tablets may be downloading them."""
        keep_file = self.path / "kept.json"
        before = set(json.loads(keep_file.read_text())) if keep_file.exists() else set()
        for path in self.path.iterdir():
            if NAME.fullmatch(path.name) and path.name not in names | before:
                path.unlink(missing_ok=True)
        temporary = keep_file.with_suffix(f".{new_id()}")
        temporary.write_text(json.dumps(sorted(names)))
        temporary.replace(keep_file)
