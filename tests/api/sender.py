"""A person who sends a file in chunks, as a tablet does."""

import hashlib

from backend.sync import blobs
from tests.cast import SZ01

CHUNK = blobs.CHUNK_BYTES


class Sender:
    """A person who sends one file."""

    def __init__(self, web, data: bytes, part: str = SZ01, name: str | None = None) -> None:
        self.web, self.data, self.part = web, data, part
        self.name = name or hashlib.sha256(data).hexdigest()
        self.path = f"/api/v1/blobs/{self.name}"

    def head(self):
        answer = self.web.client.head(self.path, query_string={"part": self.part}, headers=self.web.headers)
        assert answer.status_code == 200
        return int(answer.headers["Upload-Offset"]), answer.headers["Upload-Complete"] == "1"

    def put(self, offset: int, data: bytes, size: int | None = None):
        query = {"part": self.part, "offset": offset, "size": size or len(self.data)}
        return self.web.client.put(self.path, query_string=query, data=data, headers=self.web.headers)

    def chunk(self, offset: int, length: int = CHUNK):
        return self.put(offset, self.data[offset : offset + length])

    def all(self):
        answer = None
        for offset in range(0, len(self.data), CHUNK):
            answer = self.chunk(offset)
        return answer

    def get(self, **more: object):
        query = {"part": self.part, **more.pop("query", {})}
        headers = {**self.web.headers, **more.pop("headers", {})}
        return self.web.client.get(self.path, query_string=query, headers=headers)


def refused(answer) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]
