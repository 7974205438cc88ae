{
    "name": "SICANTIK: The Doors of Notices",
    "summary": "Uses what SICANTIK Notices keeps open for other addons, and tests it",
    "version": "1.0.0",
    "category": "Hidden",
    "author": "SICANTIK Companion",
    "license": "LGPL-3",
    "depends": ["sicantik_notice"],
    "data": ["security/ir.model.access.csv", "data/mail_template_data.xml"],
}
