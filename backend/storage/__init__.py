"""Where files lie that are not rows: photos, scans, recordings, snapshots; a local disk and an S3-compatible
store look the same from here (DESIGN.md, Beyond one machine).

Names are paths like `blobs/B:SZ01/<sha256>` or `snapshots/B:SZ01/<name>`. A name's content appears whole or
not at all, whatever stops the writer; putting the same name again replaces it.
"""

from functools import lru_cache
from urllib.parse import unquote, urlsplit

from backend.config import Config
from backend.storage.base import BadName, Missing, Storage, Unavailable
from backend.storage.local import LocalStorage

__all__ = ["BadName", "Missing", "Storage", "Unavailable", "open_storage"]


@lru_cache(maxsize=8)
def open_storage(config: Config) -> Storage:
    """The store that BLOB_URL names: `file:///path`, or `s3://key:secret@host:port/bucket?region=…&secure=0`.

    By default DATA_DIR itself, so that photos lie in DATA_DIR/blobs. Made once per process and configuration;
    nothing is contacted yet.
    """
    url = urlsplit(config.blob_url)
    if url.scheme == "s3":
        from backend.storage.s3 import S3Storage  # a third of a second to import; most shops have a disk

        return S3Storage(config.blob_url)
    return LocalStorage(unquote(url.path) if url.path else config.data_dir)
