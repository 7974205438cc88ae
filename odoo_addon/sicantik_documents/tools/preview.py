"""Odoo's viewer, opened on a file that the worker keeps."""


def preview(name, url, sha256):
    """The client action that shows what lies at ``url`` of this server as ``name``;
    ``sha256`` of its bytes, in hex."""
    return {
        "type": "ir.actions.client",
        "tag": "sicantik_documents.preview",
        "params": {"name": name, "url": url, "sha256": sha256},
    }
