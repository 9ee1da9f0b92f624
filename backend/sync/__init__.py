"""The door and the feed: every change enters here and leaves here in commit order (SYNC.md)."""
