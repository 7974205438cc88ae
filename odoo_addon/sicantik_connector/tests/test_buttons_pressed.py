import inspect

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .counts_case import CountsCase

WINDOW = "ir.actions.act_window"


@tagged("post_install", "-at_install", "sicantik")
class TestButtonsPressed(CountsCase):
    """Over RPC anybody presses any button, of whatever they like."""

    def buttons(self):
        """``[(model, method)]`` of these addons that need records: buttons, and what
        else anybody calls for some."""
        addons = {f"odoo.addons.{name}" for name in self.addons()}
        found = []
        for name, model in sorted(self.env.items()):
            for method, code in inspect.getmembers(type(model), inspect.isfunction):
                where = [
                    base.__module__
                    for base in type(model).__mro__
                    if method in vars(base)
                ]
                own = [".".join(one.split(".")[:3]) in addons for one in where]
                button = method.startswith("action_") and any(own)
                # Odoo 18 and 19 mark what needs no record each in a way of its own.
                needs_none = getattr(code, "_api_model", False) or (
                    getattr(code, "_api", "") == "model"
                )
                public = not method.startswith("_") and all(own) and not needs_none
                if button or public:
                    found.append((name, method))
        return found

    def test_a_button_that_is_pressed_for_nothing_does_nothing(self):
        buttons = self.buttons()
        self.assertIn(("sicantik.permit", "action_view_contact"), buttons)
        self.assertIn(("sicantik.config", "set_address"), buttons)
        people = [
            self._user(group, f"base.group_{group}") for group in ("portal", "user")
        ]
        people += [self.viewer, self.operator, self.manager, self.of_both]
        refused = set()
        for model, method in buttons:
            for user in people:
                told = f"{user.login}: {model} {method}"
                try:
                    answer = self.pressed(self.env[model].with_user(user), method)
                except (AccessError, UserError):
                    refused.add((method, user))
                    continue
                except Exception as error:
                    raise AssertionError(told) from error
                opens = isinstance(answer, dict) and answer["type"] == WINDOW
                self.assertFalse(opens, told)
        for user in people[:2]:
            self.assertIn(("action_view_permits", user), refused)

    def pressed(self, records, method):
        """The answer to a call with no record and, for each value asked for, a word."""
        call = getattr(records, method)
        asked = inspect.signature(call).parameters.values()
        required = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.empty)
        return call(*("x" for one in asked if (one.kind, one.default) == required))

    def test_what_a_permit_does_not_have_is_not_opened(self):
        permit = self.permits_of[self.config][0]
        permit.write({"partner_id": False, "last_run_id": False})
        permit = permit.with_user(self.viewer)
        self.assertFalse(permit.action_view_contact())
        self.assertFalse(permit.action_view_run())
        self.assertFalse(permit.permit_type_id.browse().action_view_permits())
