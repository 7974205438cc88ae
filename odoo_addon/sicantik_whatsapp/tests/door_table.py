"""The doors of what goes by WhatsApp, a line each, and the records of the lines."""

import base64

from odoo.addons.sicantik_connector.tests.doors.door_case import SECRET, TEXT

# nobody portal employee worker, viewer operator manager administrator, manager and
# administrator of another office.
TABLE = """
# What the worker calls. Nobody else, whatever the rights.
---+ ---- --  message.claim("w", 10, 60)
---+ ---- --  message.report([{"uuid": message_uuid, "attempt": 1, "state": "sent"}])
---+ ---- --  account.report([{"uuid": account_uuid}])
---+ ---- --  account.hear([{"id": "x", "account": account_uuid, "kind": "text"}])

# Accounts
---- ++++ --  account: read
---- ++++ 00  account: search_read, name_search, group
uuuu uuu+ u-  account: export_data
---- --++ ++  account: name_create
---- --++ --  account: copy
---- --uu --  account: unlink
---- --++ --  account.copy_data()
---- --++ --  account: onchange
---- ++++ ++  account: default_get
uuuu uu++ ++  account: load
---- --++ --  account: write
---- --++ --  account.write({"name": "x", "active": False, "provider": "meta"})
---- --++ --  account.write({"sender_id": "12345", "business_id": "12345"})
---- --++ --  account.write({"key_id": False, "sequence": 3, "per_minute": 9})
---- --++ --  account.write({"people_per_day": 9})
---- --++ --  account.write({"per_day": 9, "retries": 9, "retry_seconds": 99})
---- --++ --  account.write({"config_id": config})
---- --++ --  account.create({"name": "x", "config_id": config, "active": False})
---- ---- --  account.create({"name": "x", "config_id": config, "verify_token": "x"})
---- --++ --  see account: uuid, sender_id, business_id, key_id, verify_token
---- --++ --  see account: webhook_address, token_line, app_secret_line
---- ---- --  see account: token_sealed, app_secret_sealed
---- ---- --  account.write({"token_sealed": "x"})
---- ---- --  account.write({"app_secret_entered": "waiting"})
---- --++ --  account.action_check()
---- --++ --  account.action_enter_keys()
---- --++ --  account.keep_sealed({"token": sealed, "app_secret": sealed})
---- --uu --  account.keep_sealed({"token": "x"})
---- --uu --  account.action_test_notification()
---- ++++ ++  account.action_view_messages()

# Texts, which are those of all offices
---- ++++ ++  text: read
---- ++++ ++  text: search_read, name_search, group
uuuu uuu+ u+  text: export_data
---- --uu uu  text: name_create, create, copy
---- --++ ++  text: write, unlink
---- --++ ++  text: onchange
++++ ++++ ++  text: default_get
uuuu uuuu uu  text: load
---- --++ ++  text.write({"kind": "test", "shown_permit_id": False})
---- --++ ++  text.write({"body": "x", "variables": False, "may_be_empty": False,\
 "language": "id"})
---- --++ ++  text.write({"button_variable": False, "header_link_variable": False,\
 "header_name_variable": False})
---- --++ ++  text.write({"registration_ids": []})

# ... as they are registered with a provider
---- ++++ ++  registration: read
---- ++++ ++  registration: search_read, name_search, group
uuuu uuu+ u+  registration: export_data
---- --uu uu  registration: name_create, create, copy
---- --++ ++  registration: write, unlink
---- --++ ++  registration: onchange
++++ ++++ ++  registration: default_get
uuuu uuuu uu  registration: load
---- --++ ++  registration.write({"name": "x", "state": "approved"})
---- --++ ++  registration.write({"provider": "meta", "text_id": text})
---- --++ ++  registration.write({"category": "marketing"})

# What providers told
---- --++ --  event: read
---- --++ 00  event: search_read, name_search, group
uuuu uuu+ u-  event: export_data
---- ---- --  event: create, write, copy, unlink
0000 0000 00  event: name_create
---- ---- --  event: onchange
++++ ++++ ++  event: default_get
uuuu uuuu uu  event: load

# Numbers that are never written to
---- ++++ --  blocked: read
---- ++++ 00  blocked: search_read, name_search, group
uuuu uuu+ u-  blocked: export_data
---- -+++ ++  blocked.create({"number": "0836 0100 0129", "reason": "x"})
---- -uuu uu  blocked: name_create
---- -+++ --  blocked.create({"number": "0836 0100 0129", "reason": "x",\
 "company_id": company})
---- --++ --  blocked.write({"number": "0836 0100 0129", "reason": "x",\
 "company_id": company})
---- -+++ --  blocked.write({"reason": "x"})
---- -+++ --  blocked: write
---- --++ --  blocked: unlink
---- -uuu --  blocked: copy
---- -+++ --  blocked: onchange
++++ ++++ ++  blocked: default_get
uuuu uuuu uu  blocked: load

# The link by which a contact agrees
---- -+++ uu  contact.action_whatsapp_link()
---- -+++ --  link.create({"partner_id": own_contact}).read()
---- -+++ --  link.create({"partner_id": own_contact}).action_print()
---- -+++ ++  link.onchange({"partner_id": own_contact}, ["partner_id"],\
 {"partner_id": {"fields": {"display_name": {}}}})
0000 0000 00  link: default_get

# Statistics
---- ++++ --  statistic: read
---- ++++ 00  statistic: search_read, name_search
---- ++++ 00  statistic.group([["id", "=", message]], "state")
uuuu uuu+ u-  statistic: export_data
---- ---- --  statistic: create, write, copy, unlink
---- ---- --  statistic: name_create
---- ---- --  statistic: onchange
0000 0000 00  statistic: default_get
---- uuuu uu  statistic: load
---- ++++ --  statistic.action_open_message()
---- ++++ --  answer: read
---- ++++ 00  answer: search_read, name_search
---- ++++ 00  answer.group([["id", "=", answer]], "consent")
uuuu uuu+ u-  answer: export_data
---- ---- --  answer: create, write, copy, unlink
---- ---- --  answer: name_create
---- ---- --  answer: onchange
0000 0000 00  answer: default_get
uuuu uuuu uu  answer: load
---- ++++ --  answer.action_open_contact()

# The dashboard, and the line on a permit
---- ++++ ++  whatsapp_dashboard.figures()
---- ++++ ++  permit.action_view_whatsapp_messages()

# Tell Selected
---- -+++ --  permit.action_whatsapp_tell()
---- -+++ --  tell.create({"permit_ids": [permit], "kind": "office_contact"}).read()
---- -uuu --  tell.create({"permit_ids": [permit]}).action_tell()
---- -+++ --  tell.create({"permit_ids": [permit]}).action_view_left_out()
---- -+++ ++  tell.onchange({"permit_ids": [permit], "kind": "office_contact"},\
 ["kind"], {"kind": {}, "left_out": {}, "preview": {}, "told_count": {}})
++++ ++++ ++  tell: default_get

# Messages
---- ++++ --  message: read
---- ++++ 00  message: search_read, name_search, group
uuuu uuu+ u-  message: export_data
---- ---- --  message: create, write, copy, unlink
0000 0000 00  message: name_create
---- ---- --  message: onchange
++++ ++++ ++  message: default_get
uuuu uuuu uu  message: load
---- -uuu --  message.action_send_again()
---- -+++ --  message.action_cancel()

# Of the connector: what goes with a configuration
---- --uu --  config: unlink

# A number that has no WhatsApp
---- ++++ ++  see contact: whatsapp_unreachable, whatsapp_blocked
---- -+++ --  see notice: whatsapp_consent_link
18 ---- ---- --  contact.write({"whatsapp_unreachable": False})
19 ---- ---+ -+  contact.write({"whatsapp_unreachable": False})

--00 ++++ ++  sicantik_menu_whatsapp.is_shown()
--00 ++++ ++  sicantik_menu_whatsapp_messages.is_shown()
--00 ++++ ++  sicantik_menu_whatsapp_texts.is_shown()
--00 ++++ ++  sicantik_menu_whatsapp_statistics.is_shown()
--00 ++++ ++  sicantik_menu_whatsapp_answers.is_shown()
--00 ++++ ++  sicantik_menu_whatsapp_blocked.is_shown()
--00 00++ ++  sicantik_menu_whatsapp_accounts.is_shown()
"""


def records(case, permit):
    """``{name: record}``: an account, a text, a message that waits, and a notice."""
    env, config = case.env, case.config
    account = env["sicantik.whatsapp.account"].create(
        {
            "name": TEXT,
            "config_id": config.id,
            "sender_id": "100200300",
            "check_detail": TEXT,
            "number": "+6283601000777",
            "token_sealed": SECRET,
            "app_secret_sealed": SECRET,
        }
    )
    text = env.ref("sicantik_whatsapp.whatsapp_template_test_id")
    message = env["sicantik.whatsapp.message"]._make(
        account, text, "+6283601000123", [TEXT], content=("x",), is_test=True
    )
    notices = env["sicantik.notice"]
    notice = notices.create(
        {
            "config_id": config.id,
            "company_id": config.company_id.id,
            "kind": "permit_expiring",
            **notices._about(permit),
            "event": "x",
            "recipient_key": "office",
            "date_due": "2026-01-01 00:00:00",
        }
    )
    event = env["sicantik.whatsapp.event"].create(
        {
            "key": "x",
            "account_id": account.id,
            "company_id": config.company_id.id,
            "kind": "inbound",
            "outcome": "nothing",
        }
    )
    blocked = env["sicantik.whatsapp.blocked"].create(
        {
            "number": "0836 0100 0128",
            "reason": TEXT,
            "company_id": config.company_id.id,
        }
    )
    if not permit.partner_id:
        permit.partner_id = env["res.partner"].create({"name": TEXT})
    env.flush_all()
    answers = env["sicantik.whatsapp.answer"]
    return {
        "statistic": env["sicantik.whatsapp.statistic"].browse(message.id),
        "answer": answers.search([("partner_id", "=", permit.partner_id.id)], limit=1),
        "event": event,
        "blocked": blocked,
        "company": config.company_id.id,
        "link": env["sicantik.whatsapp.link"],
        "tell": env["sicantik.whatsapp.tell"],
        "whatsapp_dashboard": env["sicantik.whatsapp.dashboard"],
        "own_contact": env["res.partner"].create(
            {"name": TEXT, "company_id": config.company_id.id}
        ),
        "notice": notice,
        "account": account,
        "account_uuid": account.uuid,
        "sealed": base64.b64encode(b"\4" + bytes(100)).decode(),
        "text": text,
        "registration": text.registration_ids,
        "message": message,
        "message_uuid": message.uuid,
    }
