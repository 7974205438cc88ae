"""The doors of what applicants are told, a line each, and the records of the lines."""

from odoo.addons.sicantik_connector.tests.doors.door_case import TEXT

# nobody portal employee worker, viewer operator manager administrator, manager and
# administrator of another office.
TABLE = """
---- ++++ --  notice: read
---- ++++ 00  notice: search_read, name_search, group
uuuu uuu+ u-  notice: export_data
---- ---- --  notice: create, write, copy, unlink
0000 0000 00  notice: name_create
---- ---- --  notice: onchange
++++ ++++ ++  notice: default_get
uuuu uuuu uu  notice: load
---- -+++ --  failed_notice.action_send_again()
---- -uuu --  notice.action_send_again()
---- -+++ --  notice.action_cancel()
---- -uuu --  sent_notice.action_cancel()
---- ---- --  see notice: earlier_mail_ids
---- ++++ --  notice.action_open_record()
---- -+++ --  notice.action_called()
---- -+++ --  sent_notice.action_called()
---- -+++ --  called.create({"notice_ids": [(6, 0, [notice])]}).read()
---- -+++ --  called.create({"notice_ids": [(6, 0, [notice])], "note": "x"})\
.action_save()
---- -+++ ++  called.onchange({"note": "x"}, ["note"], {"note": {}})
0000 0000 00  called: default_get

# The settings of a configuration and of the office
---- --++ --  config.write({"user_id": False, "notice_steps": "9"})
---- --++ --  config.write({"keep_addresses_days": 99, "go_live_date": "2026-01-01"})
---- --++ --  config.write({"tell_staff": False})
---- --++ --  config.write({"all_notices_email": "x@x.test",\
 "all_notices_phone": "+6281234567890"})
---- --++ ++  config.create({"name": "x", "api_url": "https://x.test", "active": False,\
 "notice_steps": "9"})
---- ---+ --  config.action_pair_worker()
---- ++++ ++  config.action_view_notices()
---- ++++ ++  permit.action_view_notices()
---- -+++ --  permit.write({"expiry_date": "2099-01-02"})
---- ++++ ++  contact.action_view_sicantik_notices()
---- ---+ -+  company.write({"sicantik_office_name": "x", "sicantik_contact": "x"})
---- ---+ -+  company.write({"sicantik_renewal_url": "https://x.test"})
---- ---+ -+  company.write({"sicantik_notice_language": "en"})
---- --++ ++  office.create({"sicantik_notice_language": "en"}).action_save()
---- --++ ++  office.create({"sicantik_notice_language": "en"}).action_edit_texts()
---- --++ --  office.create({"sicantik_notice_language": "en", "config_id": config,\
 "user_id": False, "notice_steps": "9"})
---- --++ --  office.create({"sicantik_notice_language": "en", "config_id": config,\
 "keep_addresses_days": 99, "go_live_date": "2026-01-01"})
---- --++ --  office.create({"sicantik_notice_language": "en", "config_id": config,\
 "all_notices_email": "x@x.test", "all_notices_phone": "+6281234567890"})
---- --++ --  office.create({"sicantik_notice_language": "en", "config_id": config})\
.write({"user_id": False})
---- --++ --  office.create({"sicantik_notice_language": "en", "config_id": config,\
 "tell_staff": False})
---- --++ --  office.create({"company_id": company, "sicantik_notice_language": "en"})\
.read()
---- --++ --  office.create({"company_id": company, "sicantik_notice_language": "en"})\
.action_save()
---- --++ -+  office.onchange({"company_id": company}, ["company_id"],\
 {"company_name": {}})
---- ++++ ++  office: default_get

# What a contact agreed to
---- ++++ ++  see contact: whatsapp_consent, whatsapp_consent_source
---- ++++ ++  see contact: whatsapp_consent_date, whatsapp_consent_note
---- ++++ ++  see contact: sicantik_notice_count
---- -+++ ++  contact.write({"whatsapp_consent": "opted_in",\
 "whatsapp_consent_source": "form"})
---- uuuu uu  contact.write({"whatsapp_consent_date": "2026-01-01 00:00:00",\
 "whatsapp_consent_note": "x"})
++++ ++++ ++  contact: default_get
18 ---- ---- --  contact.create({"name": "x"})
19 ---- ---+ -+  contact.create({"name": "x"})

# Where a contact is written to
---- -+++ uu  contact.action_sicantik_address()
---- -+++ --  permit.action_contact_address()
---- 0000 --  notice.action_contact_address()
---- -+++ ++  address.create({"partner_id": contact}).read()
---- -+++ uu  address.create({"partner_id": contact, "email": "x@x.test"}).action_save()
---- -+++ --  address.create({"partner_id": own_contact}).read()
---- -+++ ++  address.onchange({"partner_id": contact}, ["partner_id"], {"email": {}})
0000 0000 00  address: default_get
---- -+++ ++  contact.action_whatsapp_agreed()
---- -+++ ++  contact.action_whatsapp_refused()
---- -+++ --  consent.create({"partner_id": own_contact, "consent": "opted_in"}).read()
---- -+++ ++  consent.create({"partner_id": contact, "consent": "opted_in"})\
.action_save()
---- -+++ --  consent.create({"partner_id": own_contact, "consent": "opted_in"})\
.action_save()
---- -+++ ++  consent.onchange({"partner_id": own_contact}, ["partner_id"],\
 {"partner_id": {"fields": {"display_name": {}}}})
++++ ++++ ++  consent: default_get

# Of Odoo's own: whoever leaves, the queue of e-mails, a permit that goes
---- ---+ -+  person.write({"signature": "x"})
---- ---+ -+  person.action_archive()
---- ---+ -+  person.unlink()
---- ---+ -+  group.write({"comment": "x"})
---- ---+ -+  mails.process_email_queue()
---- ---- --  permit: unlink

---- --++ ++  text.write({"subject": "x"})
---- ---+ -+  crons.read(["name"])
---- ---+ -+  crons.write({"active": False})
---- ---0 -0  cron_notices.run()
--00 ++++ ++  sicantik_menu_notices.is_shown()
--00 00++ ++  sicantik_menu_office.is_shown()
"""


def records(case, permit):
    """``{name: record}``: notices in three states, and a contact of the office."""
    env, config = case.env, case.config

    def notice_in(state, step):
        notices = env["sicantik.notice"]
        return notices.create(
            {
                "config_id": config.id,
                "company_id": config.company_id.id,
                "kind": "permit_expiring",
                **notices._about(permit),
                "step": step,
                "event": "x",
                "recipient_key": "office",
                "channel": "activity",
                "state": state,
                "reason_detail": TEXT,
                "date_due": "2026-01-01 00:00:00",
            }
        )

    return {
        "notice": notice_in("due", 7),
        "failed_notice": notice_in("failed", 30),
        "sent_notice": notice_in("sent", 60),
        "office": env["sicantik.office"],
        "called": env["sicantik.notice.called"],
        "consent": env["sicantik.whatsapp.consent"],
        "address": env["sicantik.contact.address"],
        "person": case._user("door.person", "base.group_user"),
        "group": env.ref("sicantik_connector.group_viewer"),
        "mails": env["mail.mail"],
        "text": env.ref("sicantik_notice.mail_template_permit_expiring_id"),
        "own_contact": env["res.partner"].create(
            {
                "name": f"{TEXT} Budi",
                "whatsapp_number": "+6281234567890",
                "company_id": config.company_id.id,
            }
        ),
    }
