{
    "name": "SICANTIK Test: Permit",
    "summary": "What the connector keeps open for addons about permits, used",
    "version": "1.0.0",
    "category": "Hidden",
    "author": "SICANTIK Companion",
    "license": "LGPL-3",
    "depends": ["sicantik_connector"],
    "data": [
        "security/ir.model.access.csv",
        "views/sicantik_permit_views.xml",
    ],
}
