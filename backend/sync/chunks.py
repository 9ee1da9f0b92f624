"""Sealed chunks of a snapshot in the store: the same content gives the same bytes and the same name
(SYNC.md, Snapshot).
"""

import hashlib
import hmac
import re
import zlib
from collections.abc import Iterator

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from backend.storage import Storage

NONCE = 12
LEVEL = 6
NAME = re.compile(r"[0-9a-f]{64}")


def place(part: str, name: str = "") -> str:
    """The storage name of a partition's chunk, or of the folder they lie in."""
    return f"snapshots/{part}/{name}".rstrip("/")


def stored_names(storage: Storage, part: str) -> set[str]:
    """The names of a partition's chunks that are stored."""
    return {name.rpartition("/")[2] for name, _bytes in storage.list(place(part))}


class Chunks:
    """A partition's chunks. A chunk is one or more pieces, each compressed and sealed by itself."""

    def __init__(self, part: str, key: bytes, storage: Storage):
        self.part, self.key, self.storage = part, key, storage
        self.cipher = AESGCM(key)
        self.here = stored_names(storage, part)

    def seal(self, plain: bytes) -> bytes:
        """A piece: nonce(12) ‖ AES-256-GCM(deflate(plain)), AAD the partition; the nonce is a function of
        the content.
        """
        packed = zlib.compress(plain, LEVEL)
        nonce = hmac.digest(self.key, b"nonce" + packed, "sha256")[:NONCE]
        return nonce + self.cipher.encrypt(nonce, packed, self.part.encode())

    def write(self, kind: str, number: int, pieces: list[bytes], rows: int) -> dict:
        """Store sealed pieces as one file, unless it is there; return its line of the manifest.

        `no` is the number of the first piece, `pieces` are their lengths in bytes.
        """
        sealed = b"".join(pieces)
        name = hmac.new(self.key, b"name" + sealed, hashlib.sha256).hexdigest()
        if name not in self.here:
            self.storage.put(place(self.part, name), sealed)
            self.here.add(name)
        return {
            **{"url": f"/api/v1/sync/chunks/{self.part}/{name}", "name": name, "kind": kind, "no": number},
            **{"rows": rows, "bytes": len(sealed), "pieces": [len(piece) for piece in pieces]},
            "sha256": hashlib.sha256(sealed).hexdigest(),
        }

    def read(self, chunk: dict) -> Iterator[bytes]:
        """The plain pieces of a chunk of ours."""
        sealed, at = b"".join(self.storage.get(place(self.part, chunk["name"]))), 0
        for length in chunk["pieces"]:
            piece = sealed[at : at + length]
            yield zlib.decompress(self.cipher.decrypt(piece[:NONCE], piece[NONCE:], self.part.encode()))
            at += length

    def sweep(self, kept: list[dict]) -> None:
        """Remove the chunks of older snapshots: tablets may be downloading those of the last two."""
        for name in self.here - {chunk["name"] for chunk in kept}:
            self.storage.delete(place(self.part, name))
