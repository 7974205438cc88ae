{
    "name": "SICANTIK Test: WhatsApp and Working Times",
    "summary": "The office's hours where Odoo knows working times",
    "version": "1.0.0",
    "category": "Hidden",
    "author": "SICANTIK Companion",
    "license": "LGPL-3",
    "depends": ["sicantik_whatsapp", "resource"],
}
