"""Odoo's own tests of payments and reconciliation, with the addon that protects payments and without it.

`rig.py account-tests` (`make test-account`) runs both and compares the results test by test. No approval is asked for, so
what Odoo's tests see should be Odoo as it is; where a test does what the addon forbids on purpose, `EXPECTED` says why.
"""

import argparse
import ast
import re
import sys
from collections.abc import Mapping, Sequence

from cash_office import ADDON
from riglib.cache import say
from riglib.log import entries
from riglib.processes import RigError
from riglib.session import Rig

SUBJECTS = (
    "test_account_bank_statement",
    "test_account_move_payments_widget",
    "test_account_move_reconcile",
    "test_account_payment",
    "test_account_payment_duplicate",
    "test_account_payment_items",
    "test_account_payment_method_line",
    "test_account_payment_register",
    "test_early_payment_discount",
)
"""Odoo's files of tests that payments go through."""
_UNDONE = "it undoes what a posted payment is reconciled with"
_RESET = "it resets or cancels a posted payment or its entry"
EXPECTED: Mapping[str, str] = {
    "TestAccountMoveReconcile.test_caba_undo_reconciliation": _UNDONE,
    "TestAccountMoveReconcile.test_partial_payments_auto_validation": _UNDONE,
    "TestAccountMoveReconcile.test_reconcile_special_mexican_workflow_1": _RESET,
    "TestAccountMoveReconcile.test_reconcile_special_mexican_workflow_2": _RESET,
    "TestAccountMoveReconcile.test_links_between_move_and_payment": _RESET,
    "TestAccountMoveReconcile.test_reconcile_draft_cash_basis_surprise_use_case": _UNDONE,
    "TestAccountPayment.test_journal_change_and_change_names": _RESET,
    "TestAccountPayment.test_payment_memo_account_move_ref_inverse": "it changes a posted payment",
    "TestAccountPayment.test_resequence_change_payment_name": "it numbers its entry anew without a reason",
    "TestAccountPayment.test_payment_move_sync_create_write": _RESET,
    "TestAccountPayment.test_payment_move_sync_onchange": _RESET,
    "TestAccountPayment.test_reconciliation_payment_states_reverse_payment_move": _UNDONE,
    "TestAccountPayment.test_reconciliation_with_old_oustanding_account": _UNDONE,
    "TestAccountPaymentRegister.test_payment_with_branch": _UNDONE,
}
"""Tests whose result differs with the addon, and the reason."""
_STARTED = re.compile(r"^Starting (\w+\.\w+) \.\.\.")
_FAILED = re.compile(r"^(?:FAIL|ERROR): (?:Subtest )?(\w+\.\w+)")


def classes(rig: Rig) -> list[str]:
    """The names of the test classes in Odoo's files."""
    folder = rig.installation.addon("account") / "tests"
    found = [ast.parse((folder / f"{name}.py").read_text()) for name in SUBJECTS]
    return [node.name for tree in found for node in tree.body if isinstance(node, ast.ClassDef)]


def results(rig: Rig, *, protected: bool) -> dict[str, str]:
    """`passed` or `failed` by the name of each test."""
    odoo = rig.database(("account",))
    odoo.see_only({ADDON} if protected else (), [])
    if protected:
        odoo.install(ADDON)
    tags = ",".join(f"/account:{name}" for name in classes(rig))
    odoo.attempt(
        "-u", "account", "--stop-after-init", "--test-enable", "--test-tags", tags, "--http-port", str(odoo.port),
    )  # fmt: skip
    found: dict[str, str] = {}
    for entry in entries(odoo.log_path):
        if started := _STARTED.match(entry.text):
            found.setdefault(started[1], "passed")
        elif failed := _FAILED.match(entry.text):
            found[failed[1]] = "failed"
    rig.discard(odoo)
    return found


def main(arguments: Sequence[str]) -> int:
    """0 when each test has the same result with the addon as without it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--odoo", type=int, default=18)
    number = parser.parse_args(arguments).odoo
    with Rig(number) as rig:
        alone, protected = (results(rig, protected=choice) for choice in (False, True))
    if not alone:
        raise RigError("Odoo ran none of its tests")
    differing = sorted(name for name in {*alone, *protected} if alone.get(name) != protected.get(name))
    for name in differing:
        reason = EXPECTED.get(name)
        each = f"{alone.get(name, 'not run')} alone, {protected.get(name, 'not run')} with the addon"
        say(f"{name}: {each}; {reason or 'NO REASON KNOWN'}")
    failed = sorted(name for name, result in alone.items() if result == "failed")
    if failed:
        say(f"Odoo's own, failed without the addon, too: {', '.join(failed)}")
    unknown = [name for name in differing if name not in EXPECTED]
    differ = f"{len(differing)} differ with the addon, {len(unknown)} of them without a reason"
    print(f"Odoo {number}.0: {len(alone)} of Odoo's own tests; {differ}", flush=True)
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
