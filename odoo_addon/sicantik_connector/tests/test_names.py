"""Names that others use. Enterprise's `whatsapp`, `sign` and `documents` may be
installed beside our addons, today or later: nothing of ours may be called as theirs."""

from lxml import etree

from odoo.http import _generate_routing_rules
from odoo.tests import TransactionCase, tagged

# What Enterprise's apps are known to be called (their public documentation, the
# modules that build on them).
MODULES = ("whatsapp", "sign", "documents")
MODELS = """
    whatsapp.account whatsapp.composer whatsapp.message whatsapp.preview
    whatsapp.template whatsapp.template.button whatsapp.template.variable
    sign.completed.document sign.document sign.duplicate.template.pdf sign.item
    sign.item.option sign.item.radio.set sign.item.role sign.item.type sign.log
    sign.request sign.request.item sign.request.item.value sign.send.request
    sign.send.request.signer sign.template sign.template.preview sign.template.tag
    documents.access documents.document documents.facet documents.folder
    documents.link_to_record_wizard documents.mixin documents.operation
    documents.redirect documents.request_wizard documents.share
    documents.sharing documents.tag documents.unlink.mixin documents.workflow.action
    documents.workflow.rule
""".split()
FIELDS = {
    "res.partner": "wa_channel_count signature_count signature_ids document_count",
    "res.company": "sign_invite_token documents_account_settings document_limit",
    "res.users": "sign_signature sign_initials sign_signature_frame wa_account_ids",
    "mail.message": "wa_message_ids",
    "mail.activity": "folder_id tags_ids documents_user_id",
}
ROUTES = ("/whatsapp/", "/sign/", "/documents/", "/document/", "/mail/")

# Fields of ours on models of others that do not carry our name: words that a later
# addon of this product shares.
SHARED_WORDS = ("whatsapp_",)
OURS = "sicantik"

# What another addon's view is put into, and other kinds of view inside a form.
PLACES = ("header", "notebook", "page", "group")
INSIDE = ("list", "kanban", "search")

# Odoo's own fields, which it files under every module that extends a model.
AUTOMATIC = "id display_name create_uid create_date write_uid write_date".split()


@tagged("post_install", "-at_install", "sicantik")
class TestNames(TransactionCase):
    def setUp(self):
        super().setUp()
        modules = self.env["ir.module.module"].search([("state", "=", "installed")])
        names = modules.mapped("name")
        self.addons = [name for name in names if name.startswith(f"{OURS}_")]

    def records(self, model):
        """What all our addons that are installed here have of ``model``."""
        data = self.env["ir.model.data"].search(
            [("module", "in", self.addons), ("model", "=", model)]
        )
        return self.env[model].browse(data.mapped("res_id"))

    def models(self):
        """Names of the models that our addons make, and of those that they extend."""
        named = set(self.records("ir.model").mapped("model"))
        return {name for name in named if name.startswith(f"{OURS}.")}, named

    def test_models_carry_our_name(self):
        ours, named = self.models()
        self.assertGreater(len(ours), 6)
        self.assertFalse(named & set(MODELS))
        extended = {name for name in named - ours if not self.env[name]._abstract}
        made = [
            name
            for name in extended
            if self.env[name]._original_module in self.addons  # made here, not extended
        ]
        self.assertFalse(made, "a model of ours begins with sicantik.")

    def test_fields_on_the_models_of_others_clash_with_nobody(self):
        ours, _named = self.models()
        fields = self.records("ir.model.fields")
        foreign = [
            field
            for field in fields
            if field.model not in ours and field.name not in AUTOMATIC
        ]
        self.assertTrue(foreign)
        for field in foreign:
            taken = FIELDS.get(field.model, "").split()
            self.assertNotIn(field.name, taken, field.model)
            self.assertTrue(
                field.name.startswith((OURS, *SHARED_WORDS)),
                f"{field.model}.{field.name} does not say whose it is",
            )

    def test_external_ids_and_the_addons_themselves_clash_with_nobody(self):
        self.assertIn("sicantik_connector", self.addons)
        self.assertFalse(set(self.addons) & set(MODULES))
        groups = self.records("res.groups")
        self.assertTrue(groups)
        actions = self.records("ir.actions.act_window")
        self.assertFalse({action.res_model for action in actions} & set(MODELS))

    def test_a_view_of_another_addon_finds_its_place_by_name(self):
        views = self.records("ir.ui.view").filtered(lambda view: view.type == "form")
        ids = views.get_external_id()
        self.assertGreater(len(views), 9)
        for view in views:
            tree = etree.fromstring(view.arch_db)
            places = [
                (place.tag, place.get("name"))
                for place in tree.iter(*PLACES)
                if next(place.iterancestors(*INSIDE), None) is None
            ]
            unnamed = [tag for tag, name in places if not name]
            self.assertFalse(unnamed, ids[view.id])
            self.assertEqual(len(set(places)), len(places), ids[view.id])

    def test_routes_carry_our_name(self):
        rules = list(_generate_routing_rules(self.addons, nodb_only=False))
        for route, _endpoint in rules:
            self.assertTrue(route.startswith(f"/{OURS}/"), route)
            self.assertFalse(route.startswith(ROUTES), route)
