"""The command line of rig.py: arguments in, exit code out."""

import argparse
import signal
import sys
from collections.abc import Callable, Sequence

from . import commands, packages, versions
from .processes import RigError

FAILED = 1
CANNOT = 2
"""A person has something to do first: packages to install, arguments to mend."""
INTERRUPTED = 130


def main(arguments: Sequence[str]) -> int:
    """Run one command. SIGTERM and a closed terminal end it as Ctrl-C does: everything is stopped and removed."""
    options = _parser().parse_args(arguments)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        return 0 if options.command(options) else FAILED
    except packages.MissingPackages as error:
        print(f"rig: {error}", file=sys.stderr)
        return CANNOT
    except RigError as error:
        print(f"rig: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("rig: interrupted; everything is stopped and removed", file=sys.stderr)
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rig.py", description="Real Odoo servers for tests and demonstrations. See README.md beside it."
    )
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")

    def verb(name: str, run: Callable[[argparse.Namespace], bool], text: str) -> argparse.ArgumentParser:
        one = verbs.add_parser(name, help=text, description=text)
        one.add_argument(
            "--odoo",
            type=int,
            action="append",
            choices=sorted(versions.SERIES),
            help="version; may be repeated (default: all that are there)",
        )
        one.set_defaults(command=run)
        return one

    verb("setup", commands.setup, "prepare the machine and the cache once (every other command does it too)")
    verb("test", commands.test_command, "everything: addon tests, lifecycle, end-to-end tests").add_argument(
        "arguments", nargs="*", help="after --: for pytest"
    )
    verb("pytest", commands.pytest_command, "only the end-to-end tests").add_argument(
        "arguments", nargs="*", help="after --: for pytest"
    )
    for name, run, text, default in (
        ("addon-tests", commands.addon_tests_command, "Odoo's own tests of the addons", "odoo_addon/ and tests/odoo/addons/"),
        ("lifecycle", commands.lifecycle_command, "install, upgrade and uninstall each addon; look for leftovers", "odoo_addon/"),
    ):
        verb(name, run, text).add_argument("--modules", nargs="+", default=[], metavar="ADDON", help=f"default: all of {default}")
    verb("account-tests", commands.account_tests_command, "Odoo's own tests of payments, with and without protected ones")
    up = verb("up", commands.up_command, "serve one Odoo until Ctrl-C (the newest version unless --odoo is given)")
    up.add_argument("--modules", nargs="+", default=[], metavar="MODULE", help="default: sicantik_connector")
    up.add_argument("--cron", action="store_true", help="run scheduled actions")
    up.add_argument("--demo-data", action="store_true", help="with the addons' demo data, and Odoo's own")
    demo = verb("demo", commands.demo_command, "Odoo, a stand-in SICANTIK and the worker until Ctrl-C (newest version)")
    demo.add_argument("--once", action="store_true", help="sync everything once, compare with SICANTIK, end")
    bench = verb("bench", commands.bench_command, "measure the sync, print each figure beside its goal (newest version)")
    bench.add_argument("--rounds", type=int, default=15, help="how often ways are compared; 1 shows that it runs, not how fast")
    bench.add_argument("--only", metavar="PART", action="append", default=[], help="a part of the figures, as holders or pages")
    bench.add_argument("--beside", metavar="COMMIT", default="", help="today's addons beside that commit's, too (default: no)")
    verb("translations", commands.translations_command, "bring i18n/ of the addons up to date, name what is not translated")
    pages = verb("pages", commands.pages_command, "make the addons' README.md and pages for Odoo's Apps from their readme/")
    pages.add_argument("--pictures", action="store_true", help="with pictures anew from target/screenshots")
    verb("pictures", commands.pictures_command, "take the pictures of the manuals anew (oldest version that is there)")
    verb("pins", commands.pins_command, "raise constraints.txt to the newest packages that requirements*.txt allow")
    verb("clean", commands.clean_command, "empty the cache; an odoo-18/ tree in it stays")
    return parser


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
