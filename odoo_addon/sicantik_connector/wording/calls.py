"""Why a call to SICANTIK brought nothing, in a few words (the sentences with what to do
are in errors.py)."""


def call_error_labels(env):
    """``{code: phrase}``."""
    return {
        "sicantik_unavailable": env._("No usable answer"),
        "sicantik_wrong_address": env._("Not SICANTIK's API"),
        "sicantik_refused": env._("Access refused"),
        "sicantik_bad_address": env._("Unusable address"),
        "sicantik_empty_list": env._("Empty list"),
        "sicantik_repeating": env._("The same page again"),
        "sicantik_no_such_call": env._("No such call"),
        "sicantik_page_too_large": env._("Page too large"),
        "sicantik_too_much": env._("Far too much"),
        "host_not_allowed": env._("Host not allowed"),
        "private_address": env._("Private address"),
        "link_local": env._("Link-local address"),
        "plain_http": env._("Not encrypted"),
        "certificate": env._("Certificate not trusted"),
        "proxy_credentials": env._("Refused by the proxy"),
        "redirect": env._("Sent on to another address"),
        "broken_off": env._("Broken off with its run"),
    }


def call_errors_in_words(env, codes):
    """``{code: calls}`` as phrases with their counts; an unknown code stays."""
    labels = call_error_labels(env)
    return "; ".join(
        f"{labels.get(code, code)}: {calls}" for code, calls in (codes or {}).items()
    )
