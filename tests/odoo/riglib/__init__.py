"""The rig: real Odoo servers on private databases, for the tests, the demo and the bench.

Start at `session.Rig` (one run: a database cluster, templates, copies) and `server.Odoo` (one database and its server).
Nothing here is imported by the worker or the addons.
"""
