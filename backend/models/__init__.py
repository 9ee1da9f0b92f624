"""The tables and their queries, one file an aggregate. Everything is reached through a `Scope`."""

from backend.models import access, blobs, files, group, service, sync
from backend.models.base import RECORDS, Record, Table

OWN_TABLES: list[type[Table]] = [
    *(sync.Op, sync.Feed, sync.FeedHead, sync.Moved, sync.Snapshot, sync.PartKey, sync.Meta),
    sync.SnapshotLease,
    *(sync.ImportRun, sync.ImportMapping, sync.Device, access.Account, access.Session, access.LoginCounter),
    *(access.EnrolCode, access.DeviceLog),
    blobs.Blob,
]
ALL: list[type[Table]] = [*RECORDS.values(), *OWN_TABLES]

__all__ = ["ALL", "OWN_TABLES", "RECORDS", "Record", "access", "blobs", "files", "group", "service", "sync"]
