"""From 1.1.0: permits whose chosen contact was deleted find another one again."""


def migrate(cr, version):
    _open_permits_of_deleted_contacts(cr)


def _open_permits_of_deleted_contacts(cr):
    """A contact that a person removed, and one that somebody deleted, left the same:
    the source "manual" without a contact. The chatter knows: its last line about the
    contact says nobody where it was removed, and somebody where it was deleted.
    """
    cr.execute(
        """
        WITH last AS (
            SELECT DISTINCT ON (m.res_id) m.res_id, t.new_value_integer AS partner_id
              FROM mail_tracking_value t
              JOIN mail_message m ON m.id = t.mail_message_id
              JOIN ir_model_fields f ON f.id = t.field_id
             WHERE m.model = 'sicantik.permit'
               AND f.model = 'sicantik.permit' AND f.name = 'partner_id'
             ORDER BY m.res_id, t.id DESC
        )
        UPDATE sicantik_permit p
           SET partner_source = NULL
          FROM last
         WHERE last.res_id = p.id AND last.partner_id > 0
           AND p.partner_source = 'manual' AND p.partner_id IS NULL
        """
    )
