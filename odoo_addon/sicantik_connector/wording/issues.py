"""Issues of a run: what could not be taken over, and what a comparison found."""


def issues(env, values):
    """``{code: sentence}``, with the ``values`` that the worker sent."""
    nothing = "–"
    return {
        "differs": env._(
            "%(field)s: SICANTIK %(sicantik)s, Odoo %(odoo)s.",
            field=_fields(env).get(values.get("field"), values.get("field")),
            sicantik=values.get("sicantik") or nothing,
            odoo=values.get("odoo") or nothing,
        ),
        "only_in_sicantik": env._(
            "Only in SICANTIK (%(type)s). The next sync brings it.",
            type=values.get("type") or nothing,
        ),
        "only_in_odoo": env._(
            "Only in Odoo (%(type)s). The next full pass marks it.",
            type=values.get("type") or nothing,
        ),
        "registration_missing": env._(
            "SICANTIK lists a permit without an application number. Correct it there."
        ),
        "numbers_for_texts": env._(
            "SICANTIK's server sends numbers where texts belong, so that zeros before "
            "them are lost. Application numbers were filled up to 16 digits; permit "
            "numbers that came so were not taken. Ask the administrator of SICANTIK "
            "to have its API send texts (PHP: without JSON_NUMERIC_CHECK) or XML."
        ),
        "number_unusable": env._(
            "SICANTIK cannot be asked for a permit of this number. Correct the number "
            "in SICANTIK."
        ),
        "list_shrank": env._(
            "SICANTIK's list lacks %(count)s of the %(listed)s permits that it had. "
            "These are too many at once to believe it, so none was marked as missing. "
            "Look at SICANTIK. The next complete reading that lacks the same ones "
            "marks them; if they are gone for good, press Mark Missing Permits on this "
            "run.",
            count=values.get("count") or "?",
            listed=values.get("listed") or "?",
        ),
        "row_too_large": env._(
            "Odoo or its proxy refuses even this one permit as too large. Have the "
            "administrator raise the proxy's limit for request bodies."
        ),
        "bad_row": env._(
            "SICANTIK cannot send row %(row)s of its list (newest first); the others "
            "were taken. Look for a permit with odd characters and correct it there.",
            row=values.get("row") or "?",
        ),
        "duplicate": env._("Another record already has this key."),
    }


def _fields(env):
    """What a comparison compares, as people call it."""
    return {
        "permit_number": env._("Permit number"),
        "permit_types": env._("Permit types"),
        "applicants": env._("Applicants"),
        "registered_month": env._("Registered"),
        "expiry_date": env._("Expiry date"),
        "flags": env._("Flags"),
    }
