"""A real S3-compatible server on this machine, for tests: moto's, listening on a port of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import boto3
from moto.server import ThreadedMotoServer


class Server:
    """A running server; every `bucket()` is empty and has a BLOB_URL of its own."""

    def __init__(self, host: str, port: int) -> None:
        self.place = f"{host}:{port}"

    def bucket(self) -> str:
        """The BLOB_URL of a fresh bucket."""
        name = f"test-{uuid4().hex}"
        keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}
        boto3.client("s3", endpoint_url=f"http://{self.place}", **keys).create_bucket(Bucket=name)
        return f"s3://key:secret@{self.place}/{name}?region=us-east-1&secure=0"


@contextmanager
def start() -> Iterator[Server]:
    """The server, while the block runs."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        yield Server(*server.get_host_and_port())
    finally:
        server.stop()
