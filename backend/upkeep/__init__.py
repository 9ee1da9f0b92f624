"""Keeping a server's data: backup and restore, the doctor, the feed built anew."""


class UpkeepError(RuntimeError):
    """A backup, restore or check that cannot be done; the text is one line for the person at the keyboard."""
