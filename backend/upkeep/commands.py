"""The commands that keep a server's data: `backup`, `backup-key`, `restore`, `doctor`, `rebuild-feed`."""

import argparse
from pathlib import Path

from backend import clock, db
from backend.config import Config
from backend.sync import rebuild, state
from backend.upkeep import UpkeepError, backup, doctor, restore, seal

AFTERWARDS = """\
the replaced database: {kept}
what to do next:
  1. python -m backend doctor       everything should say ok
  2. start the server               staff whose login is newer than the backup log in again
                                    (everybody, if the replaced database did not go on from this backup)
  3. tablets connect by themselves and send again what they saved after {made_at};
     keep them switched on and on line until 「待上传」 shows 0
  4. what head office and admins changed on the server since then (staff, rules, scripts, imports) is not
     in the backup: do it again"""
KEY_MADE = """\
BACKUP_RECIPIENTS={public}
what to do next:
  1. move {path} off this server, to two places: without it no sealed backup can be opened
  2. set the line above in the environment of `backup`
  3. make a backup, and try `restore … --key` on another machine"""
PLAIN = "not sealed: whoever reads it reads every customer's data; see `backup-key`"


def add(parsers: argparse._SubParsersAction) -> None:
    """Add these commands to the parser."""
    copy = parsers.add_parser("backup", help="copy the running database and its files into one folder")
    copy.add_argument("target", type=Path, help="a folder to make it in, or the name it gets")
    copy.set_defaults(run=_backup)
    key = parsers.add_parser("backup-key", help="make the key pair that seals backups and opens them")
    key.add_argument("file", type=Path, help="the new file for the secret half")
    key.set_defaults(run=_backup_key)
    back = parsers.add_parser("restore", help="put a backup back (server stopped)")
    back.add_argument("backup", type=Path)
    back.add_argument(
        "--replace", action="store_true", help="although there is a group already; it is put aside"
    )
    back.add_argument("--key", type=Path, help="the file with the secret half, if the backup is sealed")
    back.set_defaults(run=_restore)
    look = parsers.add_parser(
        "doctor", help="check everything, a line each; exit status 1 if something is wrong"
    )
    look.add_argument("--repair", action="store_true", help="put right what is safe to put right")
    look.set_defaults(run=_doctor)
    feed = parsers.add_parser("rebuild-feed", help="make the feed from the records again; tablets begin anew")
    feed.add_argument("--part", action="append", help="this partition only, such as B:SZ01 (may be repeated)")
    feed.set_defaults(run=_rebuild)


def _backup(config: Config, arguments: argparse.Namespace) -> None:
    db.connect(config.database)
    state.prepare()
    place = backup.make(config, arguments.target, clock.now())
    size = sum(path.stat().st_size for path in place.rglob("*") if path.is_file())
    print(f"{place}  {size // 1024} KiB, checked")
    print(f"sealed for {', '.join(config.backup_recipients)}" if config.backup_recipients else PLAIN)


def _backup_key(_config: Config, arguments: argparse.Namespace) -> None:
    print(KEY_MADE.format(public=seal.new_key(arguments.file), path=arguments.file))


def _restore(config: Config, arguments: argparse.Namespace) -> None:
    done = restore.restore(config, arguments.backup, arguments.replace, clock.now(), arguments.key)
    made_at, ops = done["manifest"]["made_at"], done["manifest"]["holds"]["counts"]["op"]
    print(f"restored {ops} ops as of {made_at}; new epoch {done['epoch']}")
    print(AFTERWARDS.format(kept=done["kept"] or "there was none", made_at=made_at))
    if done["left"]:
        print(f"  5. had left since, have no password now; set to 已离职 again: {', '.join(done['left'])}")
    if not done["photos"]:
        print("  !  the store of photos did not answer; once it does: python -m backend doctor --repair")


def _doctor(config: Config, arguments: argparse.Namespace) -> int:
    db.connect(config.database)
    findings = doctor.examine(doctor.Patient(config, clock.now()), arguments.repair)
    print("\n".join(doctor.lines(findings)))
    return 0 if doctor.sound(findings) else 1


def _rebuild(config: Config, arguments: argparse.Namespace) -> None:
    db.connect(config.database)
    state.prepare()
    try:
        built = rebuild.rebuild(arguments.part)
    except KeyError as error:
        raise UpkeepError(f"no partition {error}") from error
    for part, rows in built.items():
        print(f"{part}: {rows} records")
    print("new epoch: tablets load their data again by themselves and lose nothing")
