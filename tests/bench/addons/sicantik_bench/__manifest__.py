{
    "name": "SICANTIK Bench",
    "summary": "The other ways to bring permits into Odoo, for tests/bench only",
    "version": "1.0.0",
    "category": "Hidden",
    "author": "SICANTIK Companion",
    "license": "LGPL-3",
    "depends": ["sicantik_connector"],
}
