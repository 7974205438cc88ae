"""What an id or a secret of an account is called at its provider, and where it stands
there."""

from odoo import models

from ...tools.providers import BIRD, META, TWILIO, VONAGE

# A private key is of several lines, which a plain field does not take.
OF_LINES = {(VONAGE, "token")}


class SicantikWhatsappAccount(models.Model):
    _inherit = "sicantik.whatsapp.account"

    def _label_of(self, name):
        """The name of a field, as the provider says it."""
        env = self.env
        labels = {
            (META, "sender_id"): env._("Phone Number ID"),
            (META, "business_id"): env._("Business Account ID"),
            (TWILIO, "sender_id"): env._("Number or Messaging Service"),
            (TWILIO, "business_id"): env._("Account SID"),
            (TWILIO, "key_id"): env._("API Key SID"),
            (BIRD, "sender_id"): env._("WhatsApp Number"),
            (VONAGE, "sender_id"): env._("WhatsApp Number"),
            (VONAGE, "key_id"): env._("Application ID"),
        }
        general = self._fields[name]._description_string(env)
        return labels.get((self.provider, name), general)

    def _secret_labels(self):
        """``[(name, label)]`` of the two secrets: the first one sends, the other one
        proves what the provider tells."""
        env = self.env
        labels = {
            META: (env._("Access Token"), env._("App Secret")),
            TWILIO: (env._("API Key Secret"), env._("Auth Token")),
            BIRD: (env._("API Key"), env._("Webhook Signing Secret")),
            VONAGE: (env._("Private Key"), env._("Signature Secret")),
        }
        token, app_secret = labels[self.provider]
        return [("token", token), ("app_secret", app_secret)]

    def _remedy_of(self, name):
        """Where the value of a field stands at the provider."""
        env = self.env
        return {
            (META, "sender_id"): env._(
                "Copy the Phone Number ID from WhatsApp › API Setup of your app at "
                "Meta; it has digits only, and is not the telephone number."
            ),
            (META, "business_id"): env._(
                "Copy the WhatsApp Business Account ID from WhatsApp › API Setup of "
                "your app at Meta; it has digits only."
            ),
            (TWILIO, "sender_id"): env._(
                "Copy the number from Messaging › Senders › WhatsApp senders in "
                "Twilio's console, as in +6283601000123, or the SID of a service from "
                "Messaging › Services, MG and 32 digits or letters from a to f."
            ),
            (TWILIO, "business_id"): env._(
                "Copy the Account SID from the first page of Twilio's console: AC and "
                "32 digits or letters from a to f."
            ),
            (TWILIO, "key_id"): env._(
                "Make an API key under Account › API keys & tokens in Twilio's console "
                "and copy its SID: SK and 32 digits or letters from a to f."
            ),
            (BIRD, "sender_id"): env._(
                "Copy the number from the WhatsApp page of your account at Bird, with "
                "its country code, as in +6283601000123."
            ),
            (VONAGE, "sender_id"): env._(
                "Copy the number from External Accounts in Vonage's dashboard, with "
                "its country code and digits only, as in 6283601000123."
            ),
            (VONAGE, "key_id"): env._(
                "Copy the Application ID from Applications in Vonage's dashboard, as "
                "in 78d335fa-323d-0114-9c3d-d6f0d48968cf."
            ),
        }[self.provider, name]
