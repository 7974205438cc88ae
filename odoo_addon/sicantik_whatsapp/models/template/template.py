"""What a kind of notice says, and the rules that it obeys."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.sicantik_connector.tools import compat
from odoo.addons.sicantik_notice.models.notice import PLAIN

from ...tools.placeholders import LONGEST_BODY, problem_of_body

TEST = "test"
LANGUAGES = [("id", "Indonesian"), ("en", "English")]
# The fields of a text that name one field of the notice each.
BESIDE = ("button_variable", "header_link_variable", "header_name_variable")


def names_of(text):
    """The names between commas, in their order."""
    return [name for part in (text or "").split(",") if (name := part.strip())]


class SicantikWhatsappTemplate(models.Model):
    """What a kind of notice says by WhatsApp in one language; for all offices of the
    database, as the texts of e-mails are. Managers write it."""

    _name = "sicantik.whatsapp.template"
    _inherit = "sicantik.owned.mixin"
    _description = "SICANTIK WhatsApp Text"
    _order = "kind, language"
    _rec_name = "body"
    _rec_names_search = ["body", "registration_ids.name"]

    _people_create = True
    _people_fields = frozenset(
        {
            "kind",
            "language",
            "body",
            "variables",
            "may_be_empty",
            "button_variable",
            "header_link_variable",
            "header_name_variable",
            "registration_ids",
            # Nowhere stored.
            "shown_permit_id",
        }
    )

    kind = fields.Selection(lambda self: self._kinds(), "About", required=True)
    language = fields.Selection(LANGUAGES, required=True, default="id")
    body = fields.Text(
        "Text",
        required=True,
        help="Word for word as it is registered with the providers; {{1}}, {{2}} and "
        "so on stand for the variables.",
    )
    variables = fields.Char(
        help="What stands for {{1}}, {{2}} and so on: fields of the notice between "
        "commas, for example recipient_name, permit_number.",
    )
    may_be_empty = fields.Char(
        help="Those of the variables for which a hyphen may stand, between commas. "
        "While another one is empty, the notice does not go by WhatsApp.",
    )
    # A button and a document are registered with the text. While a value of them is
    # missing, the notice does not go by WhatsApp.
    button_variable = fields.Char(
        "End of the Button's Address",
        help="The field of the notice that ends the web address of the text's button, "
        "where it is registered with one.",
    )
    header_link_variable = fields.Char(
        "Link of the Document",
        help="The field of the notice with the https address of the document above the "
        "text, where it is registered with one.",
    )
    header_name_variable = fields.Char(
        "File Name of the Document",
        help="The field of the notice with the name under which it arrives.",
    )
    registration_ids = fields.One2many(
        "sicantik.whatsapp.registration", "text_id", "At the Providers", copy=False
    )

    compat.add_constraint(
        locals(),
        "kind_language_uniq",
        "UNIQUE(kind, language)",
        "There is a text of this kind in this language already.",
    )

    @api.model
    def _kinds(self):
        """Those of notices, and the one of *Test Notification*."""
        kinds = self.env["sicantik.notice"]._fields["kind"]
        return [
            *kinds._description_selection(self.env),
            (TEST, self.env._("Test")),
        ]

    @api.depends("kind", "language")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        languages = dict(self._fields["language"]._description_selection(self.env))
        for text in self:
            kind, language = kinds.get(text.kind, ""), languages.get(text.language, "")
            text.display_name = f"{kind} ({language})"

    def _names(self):
        """The variables, in their order."""
        return names_of(self.variables)

    def _empty_places(self):
        """Which variables may be empty, counted from 0."""
        may_be = names_of(self.may_be_empty)
        return [place for place, name in enumerate(self._names()) if name in may_be]

    @api.constrains("variables", "may_be_empty", *BESIDE)
    def _check_variables(self):
        known = self.env["sicantik.notice"]._fields
        for text in self:
            names = text._names()
            for name in (*names, *filter(None, (text[beside] for beside in BESIDE))):
                field = known.get(name)
                if not field or field.groups or field.type not in PLAIN:
                    raise ValidationError(
                        self.env._(
                            "“%s” is no field of a notice that can stand in a text. "
                            "Fields that can are for example permit_number and "
                            "recipient_name.",
                            name,
                        )
                    )
            for name in names_of(text.may_be_empty):
                if name not in names:
                    raise ValidationError(
                        self.env._(
                            "“%s” may be empty, but is none of the variables. Take it "
                            "out, or add it to the variables.",
                            name,
                        )
                    )
            if bool(text.header_link_variable) != bool(text.header_name_variable):
                raise ValidationError(
                    self.env._(
                        "A document has both a link and a file name. Give the fields "
                        "of both, or of none."
                    )
                )

    @api.constrains("body", "variables")
    def _check_body(self):
        for text in self:
            problem = problem_of_body(text.body, len(text._names()))
            if problem:
                raise ValidationError(self._problem_in_words(problem))

    @api.model
    def _problem_in_words(self, problem):
        env = self.env
        return {
            "empty": env._("The text is empty."),
            "long": env._(
                "The text is too long: it may have %s characters.", LONGEST_BODY
            ),
            "emoji": env._("Texts of notices may not have emoji in them."),
            "count": env._(
                "The text must have a placeholder for each variable, in their order: "
                "{{1}}, {{2}} and so on, each once."
            ),
            "braces": env._("Double braces stand only around a number, as in {{1}}."),
            "edge": env._(
                "A text may neither begin nor end with a placeholder. Put words "
                "before the first one and behind the last one."
            ),
            "beside": env._("Between two placeholders there must be words or a mark."),
        }[problem]

    @api.model
    def _of_kind(self, kind, language):
        """The one text; empty when there is none."""
        own = [("kind", "=", kind), ("language", "=", language)]
        return self.search(own, limit=1)
