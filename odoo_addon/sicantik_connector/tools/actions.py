"""What a button answers to the web client: a dialog, a record's form, or a notification
that leads on."""


def dialog(name, model, context):
    """Open a new form of ``model`` over the page, with ``name`` as its title."""
    return {
        "type": "ir.actions.act_window",
        "name": name,
        "res_model": model,
        "views": [(False, "form")],
        "target": "new",
        "context": context,
    }


def form_of(record):
    """Open the form of ``record``."""
    return {
        "type": "ir.actions.act_window",
        "res_model": record._name,
        "res_id": record.id,
        "views": [(False, "form")],
    }


def notification(title, message, then, *, warns=False, sticky=False):
    """Say ``message`` and go on with the action ``then``; ``sticky`` stays until it is
    read."""
    return {
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": {
            "type": "warning" if warns else "success",
            "title": title,
            "message": message,
            "sticky": sticky,
            "next": then,
        },
    }
