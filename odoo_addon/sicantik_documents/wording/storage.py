"""Why the page of the storage says nothing, or warns, and what to do."""


def storage_sentence(env, code, reason=""):
    """The sentence of ``code`` in the language of ``env``; ``reason``: the worker's own
    words."""
    known = {
        "away": env._(
            "Documents can be neither kept nor given now; what is uploaded waits in "
            "Odoo, sealed. Have an administrator of the worker's server look. The "
            "worker says: %s",
            reason,
        ),
        "full": env._(
            "The disk is nearly full, and then no document can be kept any more. Have "
            "an administrator of the worker's server make room or give it a larger "
            "disk."
        ),
        "no_worker": env._(
            "No worker is connected, and it keeps the files. A system administrator "
            "presses Connect Worker in the configuration and enters the Worker Address."
        ),
        "unpaired": env._(
            "The worker does not know this Odoo any more. A system administrator "
            "presses Renew Keys in the configuration and gives the worker the new "
            "settings."
        ),
        "old": env._(
            "The worker is older than the addons and tells nothing of its storage. "
            "Have an administrator upgrade it to the version of the addons."
        ),
    }
    return known.get(code) or env._(
        "The worker does not answer, so nothing is known of the storage now. Documents "
        "that were kept are not lost. Ask again in a few minutes; if that does not "
        "help, have an administrator look whether the worker runs."
    )
