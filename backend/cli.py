"""The commands: `python -m backend serve | worker | init | demo | migrate | import | export |
snapshot | backup | backup-key | restore | doctor | rebuild-feed`.
"""

import argparse
import getpass
import sys
from collections.abc import Sequence
from pathlib import Path

from peewee import OperationalError

from backend import clock, commands, config, db, setup
from backend.demo import unknown_years
from backend.jobs import tasks
from backend.server import serve
from backend.storage import open_storage
from backend.sync import state
from backend.upkeep import UpkeepError
from backend.upkeep import commands as upkeep_commands


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status. Problems are one line on stderr."""
    arguments = _parser().parse_args(argv)
    try:
        settings = config.from_environment()
        return arguments.run(settings, arguments) or 0
    except (config.ConfigError, setup.SetupError, UpkeepError, OperationalError) as error:
        print(f"chedang: {str(error).splitlines()[0]}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m backend", description="车档 Chedang")
    parsers = parser.add_subparsers(required=True, metavar="command")
    for name, run, text in (
        ("serve", _serve, "migrate, create the demo group when empty, serve with the job worker"),
        ("worker", _worker, "the job worker alone (further hosts)"),
        ("migrate", _migrate, "bring the database to this version"),
        ("snapshot", _snapshot, "build the tablets' first download now"),
    ):
        parsers.add_parser(name, help=text).set_defaults(run=run)
    demo = parsers.add_parser("demo", help="load the demo group into an empty database")
    demo.add_argument("--vehicles", type=int, default=setup.DEMO_VEHICLES, help="in all branches together")
    demo.add_argument("--seed", type=int, default=1)
    demo.set_defaults(run=_demo)
    _add_office(parsers)
    upkeep_commands.add(parsers)
    init = parsers.add_parser("init", help="a new group: the first branch and the first admin")
    for flag, text in (
        ("--branch", "branch code, such as SZ01"),
        ("--branch-name", "branch name"),
        ("--username", "the admin's account"),
        ("--name", "the admin's name"),
        ("--password", "the admin's password (asked for when left out)"),
    ):
        init.add_argument(flag, help=text)
    init.set_defaults(run=_init)
    return parser


def _add_office(parsers: argparse._SubParsersAction) -> None:
    enrol = parsers.add_parser("enrol", help="a one-time code for a new tablet")
    enrol.add_argument("--branch", required=True)
    enrol.add_argument("--name", required=True, help="the tablet's name, such as 前台平板 2")
    enrol.set_defaults(run=_enrol)
    load = parsers.add_parser("import", help="import a spreadsheet as a member of staff")
    load.add_argument("file", type=Path)
    load.add_argument("--branch", required=True)
    load.add_argument("--kind", required=True, choices=["deliveries", "repair_orders"])
    load.add_argument("--as", dest="username", required=True, help="whose import it is")
    load.set_defaults(run=_import)
    export = parsers.add_parser("export", help="write a sheet as PDF")
    export.add_argument("form", choices=["complaint", "callback_log", "callback_record", "vehicle_file"])
    export.add_argument("record", help="the record's id; callback_log: 2026-11-01/2026-11-30@SZ01")
    export.add_argument("--to", type=Path, required=True)
    export.add_argument("--as", dest="username", required=True, help="who prints it")
    export.set_defaults(run=_export)


def _open(settings: config.Config) -> None:
    db.connect(settings.database)
    state.prepare()


def _serve(settings: config.Config, _arguments: argparse.Namespace) -> int:
    return serve(settings)


def _worker(settings: config.Config, _arguments: argparse.Namespace) -> None:
    from backend.jobs import worker

    worker.run(settings)


def _migrate(settings: config.Config, _arguments: argparse.Namespace) -> None:
    db.connect(settings.database)
    applied = state.prepare()
    print("\n".join(applied) if applied else "nothing to do")


def _snapshot(settings: config.Config, _arguments: argparse.Namespace) -> None:
    _open(settings)
    print(f"built {tasks.build_snapshots(open_storage(settings), clock.now())} snapshots")


def _demo(settings: config.Config, arguments: argparse.Namespace) -> None:
    _open(settings)
    setup.load_demo(arguments.seed, arguments.vehicles, clock.now(), print)
    years = unknown_years(clock.now())
    if years:
        print(f"public holidays not announced yet, weekly days off only: {', '.join(map(str, years))}")


def _enrol(settings: config.Config, arguments: argparse.Namespace) -> None:
    _open(settings)
    print(commands.enrol(arguments.branch, arguments.name))


def _import(settings: config.Config, arguments: argparse.Namespace) -> None:
    _open(settings)
    counts = commands.import_file(
        settings, arguments.file, arguments.branch, arguments.kind, arguments.username
    )
    print(", ".join(f"{name} {count}" for name, count in counts.items()))


def _export(settings: config.Config, arguments: argparse.Namespace) -> None:
    _open(settings)
    commands.export_sheet(settings, arguments.form, arguments.record, arguments.to, arguments.username)


def _init(settings: config.Config, arguments: argparse.Namespace) -> None:
    _open(settings)
    answers = {
        "branch": arguments.branch or input("Branch code (such as SZ01): "),
        "branch_name": arguments.branch_name or input("Branch name: "),
        "username": arguments.username or input("Admin account: "),
        "name": arguments.name or input("Admin name: "),
    }
    password = arguments.password or getpass.getpass("Admin password (8 characters or more): ")
    setup.create_group(**answers, password=password, now=clock.now())
    print(f"{answers['username']} can log in now; add branches and staff under 管理.")
