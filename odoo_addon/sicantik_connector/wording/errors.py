"""Why a run failed, or why the worker does nothing: what it means, and what to do."""


def errors(env):
    """``{code: sentence}``."""
    return {**_of_sicantik(env), **_of_the_address(env), **_of_odoo(env)}


def _of_sicantik(env):
    """What SICANTIK answers, or does not."""
    return {
        "sicantik_unavailable": env._(
            "SICANTIK does not answer as it should. Try again later; if it stays so,"
            " ask the administrator of SICANTIK."
        ),
        "sicantik_wrong_address": env._(
            "The address does not lead to SICANTIK's API. Check the API address."
        ),
        "sicantik_bad_address": env._("The API address cannot be used. Correct it."),
        "sicantik_refused": env._(
            "SICANTIK refuses access. Ask the administrator of SICANTIK."
        ),
        "sicantik_empty_list": env._(
            "SICANTIK's list of issued permits is empty. Look at SICANTIK itself."
        ),
        "sicantik_repeating": env._(
            "SICANTIK gives the same permits on every page of its list. Ask the"
            " administrator of SICANTIK."
        ),
        "sicantik_page_too_large": env._(
            "SICANTIK sends more at once than the worker reads. Have the worker's"
            " administrator raise sicantik.largest_page, or ask the administrator of"
            " SICANTIK."
        ),
        "sicantik_too_much": env._(
            "SICANTIK answers with far more than any office has. Look at SICANTIK"
            " itself."
        ),
        "sicantik_too_many_pages": env._(
            "SICANTIK gives so few permits a page that its list cannot be read whole."
            " Ask the administrator of SICANTIK to allow larger pages."
        ),
        "sicantik_no_such_call": env._(
            "This SICANTIK (api_simple.php) has no details of permits. Give the address"
            " of its full API."
        ),
    }


def _of_the_address(env):
    """Why the worker does not call the address, or does not trust who answers."""
    return {
        "plain_http": env._(
            "The API address is not encrypted (http). Use https, or, if SICANTIK has"
            " none, allow it in the configuration."
        ),
        "host_not_allowed": env._(
            "The worker may not call this host. Correct the API address, or have the"
            " worker's administrator add the host to its allowed hosts."
        ),
        "private_address": env._(
            "The API address leads into a private network. If SICANTIK is really there,"
            " have the worker's administrator add the host to its allowed hosts."
        ),
        "link_local": env._(
            "The API address leads to a link-local address, which is never called. Give"
            " SICANTIK's own host."
        ),
        "certificate": env._(
            "SICANTIK's certificate cannot be trusted. Ask the administrator of"
            " SICANTIK to renew it, or give the worker the office's own authority."
        ),
        "redirect": env._(
            "SICANTIK sends the worker on to another address. Enter the address where"
            " SICANTIK is now as the API address."
        ),
    }


def _of_odoo(env):
    """Trouble between the worker and this Odoo."""
    return {
        "odoo_unavailable": env._("The worker could not reach Odoo for a while."),
        "neutralized": env._(
            "This database is a neutralized copy, so the worker does nothing here. To"
            " use it in earnest, connect the worker again."
        ),
        "wrong_database": env._(
            "The worker was connected to another database than this one. Press"
            " Connect Worker (later called Renew Keys) and give it the new settings."
        ),
        "api_gone": env._(
            "This Odoo no longer offers what the worker calls. Have an administrator"
            " check that the addon SICANTIK Connector and Odoo's own addon for remote"
            " calls (rpc) are installed, and that the worker fits their version."
        ),
        "lost": env._(
            "The worker took this order several times and never ended it, or was not"
            " heard of again. Look at the worker's log, then order it again."
        ),
    }
