"""The worker's error codes as sentences for people."""


def sentence(env, code, message):
    """What ``code`` means and what to do, in the language of ``env``, with the
    worker's own ``message`` (English, precise) behind it. Empty without both."""
    known = {
        "sicantik_unavailable": env._(
            "SICANTIK does not answer as it should. Try again later; if it stays so,"
            " ask the administrator of SICANTIK."
        ),
        "sicantik_wrong_address": env._(
            "The address does not lead to SICANTIK's API. Check the API URL."
        ),
        "sicantik_bad_address": env._("The API URL cannot be used. Correct it."),
        "sicantik_refused": env._(
            "SICANTIK refuses access. Ask the administrator of SICANTIK."
        ),
        "sicantik_empty_list": env._(
            "SICANTIK's list of issued permits is empty. Look at SICANTIK itself."
        ),
        "odoo_unavailable": env._("The worker could not reach Odoo for a while."),
    }.get(code)
    if known and message:
        return f"{known} ({message})"
    return known or message or code or ""
