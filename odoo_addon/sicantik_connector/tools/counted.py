"""How many records belong to others, and the action that opens just these: one rule
for the figure on a button and for what the button opens.
"""


class Counted:
    """Records of ``model`` that name others in a Many2one.

    ``action`` is the external id of the window action that lists them. ``terms`` is a
    domain of those that count; ``context`` may put the same terms into the search bar
    as a filter that people take away to see the others, too.
    """

    def __init__(self, model, action, terms=(), context=None):
        self.model, self.action = model, action
        self.terms, self.context = list(terms), dict(context or {})

    def belonging(self, link, records):
        """The domain of those that name ``records`` in the field ``link``."""
        return [(link, "in", records.ids)]

    def count(self, link, records, terms=()):
        """``{id of a record: how many name it}``, as the user may see them."""
        groups = records.env[self.model]._read_group(
            [*self.belonging(link, records), *self.terms, *terms], [link], ["__count"]
        )
        return {record.id: count for record, count in groups}

    def fill(self, name, link, records, terms=()):
        """Write how many name each of ``records`` into its field ``name``."""
        counts = self.count(link, records, terms)
        for record in records:
            record[name] = counts.get(record._origin.id, 0)

    def open(self, link, records, terms=(), **changes):
        """The action that lists those that name ``records``; ``changes`` to it.

        False without a record; AccessError for who may not see what would open.
        """
        records.env[self.model].check_access("read")
        if not records:
            return False
        domain = [*self.belonging(link, records), *terms]
        if not self.context:
            domain += self.terms
        return listed(records.env, self.action, domain, self.context, **changes)


def listed(env, action, domain, context=None, **changes):
    """The action with the external id ``action``, listing what ``domain`` finds.

    It goes without its id, so a reload of the page keeps the domain; and a filter that
    somebody made the default of the menu does not narrow it.
    """
    found = env["ir.actions.act_window"]._for_xml_id(action)
    kept = {key: found[key] for key in found.keys() - {"id", "xml_id", "path"}}
    context = {**(context or {}), "search_disable_custom_filters": True}
    return {**kept, "domain": domain, **changes, "context": context}


PERMITS = Counted("sicantik.permit", "sicantik_connector.sicantik_permit_action")
RUNS = Counted("sicantik.sync.run", "sicantik_connector.sicantik_sync_run_action")
ISSUES = Counted("sicantik.sync.issue", "sicantik_connector.sicantik_sync_issue_action")
