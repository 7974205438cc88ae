"""Whether a write changes anything."""


def changes(record, vals, harmless=()):
    """Whether ``vals`` would change ``record``. What is compared are single values, as
    Odoo would store them: of a list of records nobody knows what a write in it does."""
    return any(
        _changes(record, name, value)
        for name, value in vals.items()
        if name not in harmless
    )


def _changes(record, name, value):
    field = record._fields.get(name)
    if not field or field.type in ("one2many", "many2many"):
        return True
    try:
        new = field.convert_to_cache(value, record, validate=False)
        return new != field.convert_to_cache(record[name], record, validate=False)
    except (TypeError, ValueError):
        return True
