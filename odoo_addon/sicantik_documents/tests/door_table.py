"""The doors of documents, a line each, and the records of the lines."""

import base64

from cryptography.hazmat.primitives.asymmetric import ec

from odoo.addons.sicantik_connector.tests.doors.door_case import SECRET, TEXT

from .opener import public_point

# nobody portal employee worker, viewer operator manager administrator, manager and
# administrator of another office.
TABLE = """
# Documents: made by the page that takes files alone
---- ++++ --  document: read
---- ++++ 00  document: search_read, name_search, group
uuuu uuu+ u-  document: export_data
---- ---- --  document: create, copy, unlink, name_create
---- -+++ --  document: onchange
++++ ++++ ++  document: default_get
uuuu uuuu uu  document: load
---- -+++ --  document: write
---- -+++ --  document.write({"name": "x", "type_id": False, "tag_ids": []})
---- ---- --  document.write({"state": "ready"})
---- ---- --  document.write({"permit_id": permit, "company_id": company})
---- ---- --  document.write({"withdrawn_reason": "x", "current_version_id": False})
---- -+++ --  document.action_ready()
---- -uuu --  document.action_draft()
---- -+++ --  document.action_withdraw()
---- --uu --  document.action_take_back()
---- --++ --  document.action_erase()
---- ---- --  document.write({"erase_ordered_at": False, "erased_reason": "x"})
---- -+++ --  document.action_new_version()
---- ++++ --  document.action_preview()
---- ++++ --  document.action_download()
---- ---- --  see document: public_token
---- ---- --  see document: public_token_sha256
---- -uuu --  document.action_public_address()
---- -+++ --  document.action_take_back_address()
---- -uuu --  document.action_new_address()
---0 ---- --  document.handed_out(no_hash)
---- ---- --  document.write({"public_token": "x", "is_address_taken_back": False})

# Versions: nobody makes or changes one
---- ++++ --  version: read
---- ++++ 00  version: search_read, name_search, group
uuuu uuu+ u-  version: export_data
---- ---- --  version: create, write, copy, unlink
0000 0000 00  version: name_create
---- ---- --  version: onchange
++++ ++++ ++  version: default_get
uuuu uuuu uu  version: load
---+ ---- --  version.of_hashes(hashes=["00"])
---u ---- --  version.of_hashes(hashes="00")
---- ++++ --  version.action_preview()
---- ++++ --  version.action_download()

# What waits: nobody reads anything of it
---- ---- --  upload: read, search_read, name_search, group
---- ---- --  upload: create, write, copy, unlink
0000 0000 00  upload: name_create
uuuu uuu- u-  upload: export_data
---- ---- --  upload: onchange
0000 0000 00  upload: default_get
uuuu uuuu uu  upload: load
---- ---- --  see upload: sealed
---- ---- --  see upload: sha256, title
---- ---- --  sent: read, search_read, name_search, group
---- ---- --  sent: create, write, copy, unlink
0000 0000 00  sent: name_create
uuuu uuu- u-  sent: export_data
---- ---- --  sent: onchange
++++ ++++ ++  sent: default_get
uuuu uuuu uu  sent: load

# Files of the inbox: the worker offers them, people decide
---+ ---- --  arrival.worker_settings()
---0 ---- --  arrival.offer([])
---0 ---- --  arrival.kept(["x"])
---- ++++ --  arrival: read
---- ++++ 00  arrival: search_read, name_search, group
uuuu uuu+ u-  arrival: export_data
---- ---- --  arrival: create, copy, unlink, name_create
---- -+++ --  arrival: onchange
++++ ++++ ++  arrival: default_get
uuuu uuuu uu  arrival: load
---- -+++ --  arrival: write
---- -+++ --  arrival.write({"permit_id": permit})
---- ---- --  arrival.write({"state": "imported", "document_id": False})
---- ---- --  arrival.write({"version_uuid": "x", "company_id": company})
---- ++++ --  arrival.action_preview()
---- -+++ --  arrival.action_attach()
---- -+++ --  arrival.action_dismiss()
---- ++++ --  proposal: read
---- ++++ 00  proposal: search_read, name_search, group
uuuu uuu+ u-  proposal: export_data
---- ---- --  proposal: create, write, copy, unlink
0000 0000 00  proposal: name_create
---- ---- --  proposal: onchange
0000 0000 00  proposal: default_get
uuuu uuuu uu  proposal: load
---- -+++ --  proposal.action_choose()

# Words by which documents are sorted
---- ++++ --  type: read
---- ++++ 00  type: search_read, name_search, group
uuuu uuu+ u-  type: export_data
---- --++ ++  type: name_create
---- --++ ++  type.create({"name": "x"})
---- --++ --  type: write, copy, unlink
---- --++ --  type: onchange
++++ ++++ ++  type: default_get
uuuu uu++ ++  type: load
---- --++ --  type.write({"name": "x", "sequence": 3, "active": False})
---- --++ --  type.write({"company_id": company})
---- ++++ --  tag: read
---- ++++ 00  tag: search_read, name_search, group
uuuu uuu+ u-  tag: export_data
---- --++ ++  tag: name_create
---- --++ ++  tag.create({"name": "x"})
---- --++ --  tag: write, copy, unlink
---- --++ --  tag: onchange
0000 0000 00  tag: default_get
uuuu uu++ ++  tag: load
---- --++ --  tag.write({"name": "x", "color": 3, "company_id": company})

# The dialogs
---- -+++ --  withdraw.create({"document_ids": [document], "reason": "x"}).read()
---- -+++ --  withdraw.create({"document_ids": [document], "reason": "x"})\
.action_confirm()
---- -+++ ++  withdraw.onchange({}, [], {"display_name": {}})
0000 0000 00  withdraw: default_get
---- --++ --  erase.create({"document_ids": [document], "reason": "x"}).read()
---- --++ --  erase.create({"document_ids": [document], "reason": "x"})\
.action_confirm()
---- --++ ++  erase.onchange({}, [], {"display_name": {}})
0000 0000 00  erase: default_get
---- -+++ --  choose.create({"permit_id": permit}).read()
---- -+++ --  choose.create({"permit_id": permit}).action_upload()
---- -+++ ++  choose.onchange({}, [], {"display_name": {}})
0000 0000 00  choose: default_get

# Where documents are kept, and the dashboard
---- -+++ --  storage.create({"config_id": config}).read()
---- -+++ ++  storage.onchange({"config_id": config}, ["config_id"], {"state": {}})
---- ++++ ++  storage: default_get
---- -+++ --  storage.create({"config_id": config}).action_ask()
---- -+++ --  storage.create({"config_id": config}).action_view_waiting()
---- ++++ ++  document_dashboard.figures()

# Of permits, contacts and the configuration
---- -+++ --  permit: write
---- ++++ ++  permit.action_view_documents()
---- -+++ --  permit.action_upload_documents()
---- ++++ ++  contact.action_view_sicantik_documents()
---- --++ uu  contact.action_erase_sicantik_documents()
---- ++++ ++  see contact: sicantik_document_count
---- --++ --  permit_type.action_publish_documents()
---- --++ --  permit_type.action_stop_publishing()
---- ---- --  permit_type.write({"publish_documents": True})
---- --++ --  config.write({"document_max_mib": 9, "document_max_pages": 9})
---- --++ --  config.write({"document_allow_embedded": True})
---- --++ --  config.write({"document_inbox": True, "document_inbox_ready": True})
---- --++ --  config.write({"document_keep_days": 30})

---- ---+ -+  crons.read(["name"])
---- ---+ -+  crons.write({"active": False})
---- ---0 -0  cron_send_documents.run()
---- ---0 -0  cron_erase_documents.run()
--00 ++++ ++  sicantik_menu_documents.is_shown()
--00 ++++ ++  sicantik_menu_documents_all.is_shown()
--00 ++++ ++  sicantik_menu_documents_unmatched.is_shown()
--00 0+++ ++  sicantik_menu_document_storage.is_shown()
--00 00++ ++  sicantik_menu_document_types.is_shown()
--00 00++ ++  sicantik_menu_document_tags.is_shown()
"""


def records(case, permit, config):
    """``{name: record}``: a document with a version, one that waits, a type, a tag."""
    env = case.env
    key = ec.generate_private_key(ec.SECP256R1())
    config.write(
        {
            "worker_url": "http://127.0.0.1:9",
            "worker_hook_key": SECRET,
            "worker_public_key": base64.b64encode(public_point(key)).decode(),
        }
    )
    own = {"name": TEXT, "company_id": config.company_id.id}
    document, waits = env["sicantik.document"].create(
        [{"name": TEXT, "permit_id": permit.id}] * 2
    )
    file = {"number": 1, "sha256": "0" * 64, "size": 9, "stage": "original"}
    version = env["sicantik.document.version"].create(
        {
            **file,
            "document_id": document.id,
            "uuid": "version",
            "original_filename": TEXT,
        }
    )
    document.current_version_id = version
    upload = env["sicantik.document.upload"].create(
        {
            **file,
            "document_id": waits.id,
            "uuid": "upload",
            "title": TEXT,
            "reason": "away",
            "sealed": SECRET.encode(),
        }
    )
    sent = env["sicantik.document.sent"].create(
        {"config_id": config.id, "uuid": "sent", "sha256": "0" * 64}
    )
    arrival = env["sicantik.document.arrival"].create(
        {
            "key": "key",
            "name": TEXT,
            "config_id": config.id,
            "company_id": config.company_id.id,
            "state": "unmatched",
            "sha256": "1" * 64,
            "size": 9,
            "version_uuid": "arrival",
            "document_uuid": "arrived",
            "permit_id": permit.id,
            "proposal_ids": [(0, 0, {"permit_id": permit.id})],
        }
    )
    return {
        "arrival": arrival,
        "proposal": arrival.proposal_ids,
        "document": document,
        "version": version,
        "upload": upload,
        "sent": sent,
        "no_hash": "0" * 64,
        "permit_type": permit.permit_type_id,
        "type": env["sicantik.document.type"].create(own),
        "tag": env["sicantik.document.tag"].create(own),
        "withdraw": env["sicantik.document.withdraw"],
        "erase": env["sicantik.document.erase"],
        "choose": env["sicantik.document.choose"],
        "storage": env["sicantik.document.storage"],
        "document_dashboard": env["sicantik.document.dashboard"],
        "company": config.company_id.id,
        "config": config,
    }
