"""Work that no request waits for: Huey tasks in the same database, or in Redis when it is configured."""
