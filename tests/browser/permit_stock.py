"""Permits of every kind, for pages that show them: SQL and code for Odoo's shell, run after a sync."""

SPREAD = """
UPDATE sicantik_permit p SET expiry_date = CURRENT_DATE + spread.days, expiry_source = 'manual', status = spread.status
  FROM (SELECT id, (ARRAY[-200, -3, 5, 28, 45, 59, 200, 900])[1 + mod(n, 8)] AS days,
               CASE WHEN mod(n, 8) < 2 THEN 'expired' ELSE 'active' END AS status
          FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM sicantik_permit WHERE permit_number IS NOT NULL) numbered
         WHERE mod(n, 5) < 3) spread
 WHERE p.id = spread.id
"""
"""Most numbered permits get a date around today, whatever the simulator made of them."""
FAMILY = """
import datetime, json
today = datetime.date.today()
permits = env["sicantik.permit"].search([("status", "=", "active")], limit=3, order="id")
older, newer, other = permits
permits.write({"permit_type_id": older.permit_type_id.id, "company_name": "CV Contoh Sejahtera"})
permits.write({"company_npwp_key": "0012345678901000", "company_address": "JALAN CONTOH 1"})
for name in ("applicant_name", "applicant_key", "district", "village"):
    permits.write({name: older[name]})
older.write({"issue_date": today.replace(year=today.year - 3), "expiry_date": today + datetime.timedelta(days=12)})
newer.write({"issue_date": today - datetime.timedelta(days=4), "expiry_date": today.replace(year=today.year + 3)})
other.write({"issue_date": today.replace(year=today.year - 2), "expiry_date": today + datetime.timedelta(days=150)})
config = older.config_id._worker_env()
config.env["sicantik.permit"].browse(permits.ids)._propose_renewals(config)
print(json.dumps([permit.id for permit in permits]))
"""
"""Three permits of one holder, type and place: one that ends, its renewal, and another one."""
