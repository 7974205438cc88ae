"""Why a value of SICANTIK was not taken as it is (src/domain/data_flags.rs)."""


def flag_labels(env):
    """``{code: phrase}``."""
    return {
        "applicant_missing": env._("the applicant's name is missing"),
        "type_missing": env._("the permit type is missing"),
        "number_missing": env._("the permit number is missing"),
        "number_placeholder": env._("the permit number was never filled in"),
        "number_not_text": env._(
            "the permit number came as a number, without its leading zeros"
        ),
        "registration_unusual": env._(
            "the registration number names no month and year"
        ),
        "date_unreadable": env._("a date cannot be read, or is a range"),
        "date_out_of_range": env._("a date lies before 1990 or after 2100"),
        "expiry_before_issue": env._("the expiry date lies before the issue date"),
        "text_cut": env._(
            "a name or number is longer than 500 characters, and was cut"
        ),
    }


def flags_in_words(env, codes):
    """``codes`` between commas as phrases between semicolons; an unknown code stays."""
    labels = flag_labels(env)
    return "; ".join(
        labels.get(code, code) for code in (codes or "").split(",") if code
    )
