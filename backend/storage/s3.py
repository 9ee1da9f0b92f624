"""An S3-compatible store (MinIO, Ceph, Amazon, a cloud's own): names are object keys in one bucket."""

from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import boto3
from botocore.config import Config as ClientConfig
from botocore.exceptions import BotoCoreError, ClientError

from backend.storage.base import PIECE_BYTES, Missing, Unavailable, checked, checked_folder

_GONE = ("404", "NoSuchKey", "NotFound")
CONNECT_S, READ_S, TRIES = 5, 30, 3


def _remote(method: Callable) -> Callable:
    @wraps(method)
    def run(*args: object, **more: object) -> object:
        try:
            return method(*args, **more)
        except (BotoCoreError, ClientError) as error:
            raise Unavailable(f"storage: {type(error).__name__}") from error

    return run


class S3Storage:
    """See `Storage`. One PUT writes one object, so it is there whole or not at all."""

    def __init__(self, url: str) -> None:
        """`url`: `s3://key:secret@host[:port]/bucket?region=…&secure=0|1` (https unless `secure=0`)."""
        parts = urlsplit(url)
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        host = f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
        self.bucket = parts.path.strip("/")
        self.client = boto3.client(
            "s3",
            endpoint_url=f"{'http' if options.get('secure') == '0' else 'https'}://{host}",
            aws_access_key_id=unquote(parts.username or ""),
            aws_secret_access_key=unquote(parts.password or ""),
            region_name=options.get("region", "us-east-1"),
            config=ClientConfig(
                signature_version="s3v4",
                s3={"addressing_style": "path"},
                retries={"mode": "standard", "total_max_attempts": TRIES},
                connect_timeout=CONNECT_S,
                read_timeout=READ_S,
                # Stores other than Amazon's know no trailing checksums; the caller's SHA-256 is the proof.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    @_remote
    def put(self, name: str, source: Path | bytes) -> None:
        """See `Storage.put`."""
        place = {"Bucket": self.bucket, "Key": checked(name)}
        if isinstance(source, bytes):
            self.client.put_object(**place, Body=source)
            return
        with source.open("rb") as file:
            self.client.put_object(**place, Body=file)

    @_remote
    def get(self, name: str, first: int = 0, length: int | None = None) -> Iterator[bytes]:
        """See `Storage.get`."""
        size = self.size(name)
        if size is None:
            raise Missing(name)
        last = size if length is None else min(size, first + length)
        if last <= first:
            return iter(())
        wanted = {"Bucket": self.bucket, "Key": name, "Range": f"bytes={first}-{last - 1}"}
        return _reading(self.client.get_object(**wanted)["Body"])

    @_remote
    def size(self, name: str) -> int | None:
        """See `Storage.size`."""
        try:
            return self.client.head_object(Bucket=self.bucket, Key=checked(name))["ContentLength"]
        except ClientError as error:
            if error.response["Error"]["Code"] in _GONE:
                return None
            raise

    @_remote
    def delete(self, name: str) -> None:
        """See `Storage.delete`."""
        self.client.delete_object(Bucket=self.bucket, Key=checked(name))

    @_remote
    def list(self, prefix: str) -> Iterator[tuple[str, int]]:
        """See `Storage.list`."""
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=f"{checked_folder(prefix)}/"
        )
        return iter([(item["Key"], item["Size"]) for page in pages for item in page.get("Contents", [])])


def _reading(body: object) -> Iterator[bytes]:
    try:
        with body:
            yield from body.iter_chunks(PIECE_BYTES)
    except (BotoCoreError, ClientError) as error:
        raise Unavailable(f"storage: {type(error).__name__}") from error
