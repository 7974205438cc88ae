"""Why a run failed, or why the worker does nothing: what it means, and what to do.

The codes are the worker's (`code` in src/sicantik/error.rs and src/odoo/error.rs), but
for *lost*, which Odoo finds itself.
"""


def errors(env):
    """``{code: sentence}``."""
    return {**_of_sicantik(env), **_of_the_address(env), **_of_odoo(env)}


def is_of_source(env, code):
    """Whether ``code`` says that SICANTIK does not answer, or cannot be called."""
    return bool(code) and (code.startswith("sicantik_") or code in _of_the_address(env))


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
        "sicantik_bad_settings": env._(
            "A setting of the worker for SICANTIK cannot be used. Have the worker's"
            " administrator correct it; sicantik doctor names it."
        ),
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
        "proxy_credentials": env._(
            "The office's proxy does not let the worker out. Have the worker's"
            " administrator correct net.proxy_user and net.proxy_password."
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
        "odoo_unknown_outcome": env._(
            "Odoo did not answer the worker in time. Try again later; if it stays so,"
            " have an administrator look at Odoo's server."
        ),
        "odoo_too_large": env._(
            "Odoo or its proxy refuses what the worker sends as too large. Have the"
            " administrator raise the proxy's limit for request bodies."
        ),
        "odoo_denied": env._(
            "Odoo does not let the worker in. Have an administrator press Renew Keys in"
            " the configuration and give the worker the new settings."
        ),
        "odoo_blocked": env._(
            "Something before Odoo, a proxy or a firewall, refuses the worker. Have the"
            " administrator let the worker's calls through to Odoo; other keys do not"
            " help."
        ),
        "odoo_refused": env._(
            "Odoo refused what the worker sent or asked. Have an administrator check"
            " that the addon SICANTIK Connector is up to date, and look at Odoo's log."
        ),
        "odoo_gone": env._(
            "This Odoo no longer offers what the worker calls. Have an administrator"
            " check that the addon SICANTIK Connector and Odoo's own addon for remote"
            " calls (rpc) are installed, and that the worker fits their version."
        ),
        "odoo_wrong_address": env._(
            "The address that the worker has for Odoo does not lead to Odoo. Have the"
            " worker's administrator correct odoo.url."
        ),
        "odoo_certificate": env._(
            "The worker cannot trust Odoo's certificate. Have the worker's"
            " administrator renew it, or name the office's own authority in"
            " odoo.ca_file."
        ),
        "odoo_bad_settings": env._(
            "The worker's settings for Odoo cannot be used. Have the worker's"
            " administrator correct them."
        ),
        "odoo_no_database": env._(
            "Odoo has no database with the name that the worker was given. Have the"
            " worker's administrator correct odoo.database."
        ),
        "odoo_wrong_database": env._(
            "The worker was connected to another database than this one. Have an"
            " administrator press Connect Worker (later called Renew Keys) and give the"
            " worker the new settings."
        ),
        "odoo_neutralized": env._(
            "This database is a neutralized copy, so the worker does nothing here. To"
            " use it in earnest, connect the worker again."
        ),
        "broken_off": env._(
            "The run was stopped or handed back while the call was under way. There is"
            " nothing to do."
        ),
        "lost": env._(
            "The worker took this order several times and never ended it, or was not"
            " heard of again. Look at the worker's log, then order it again."
        ),
    }
