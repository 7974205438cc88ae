"""What became of a file of the inbox, and what to do about it."""

from .answers import upload_sentence


def arrival_sentence(env, state, decided, document, permit, proposals, refusal, limits):
    """In the language of ``env``; empty while nothing is decided. ``decided``: whether
    a person did; ``document`` and ``permit`` are names, False where there is none;
    ``proposals`` is how many permits fit, ``limits`` (MiB, pages) what the office
    allows."""
    if state == "refused":
        return upload_sentence(env, refusal, *limits)
    if state == "unmatched":
        return _why_unmatched(env, proposals)
    if state == "double":
        return _of_what(env, document, permit)
    if state == "dismissed" and decided:
        return env._("The office does not need it.")
    if state == "dismissed":
        return env._(
            "The worker did not say within a week that it keeps this file, so it was "
            "given up. If it still lies in the inbox, it comes anew."
        )
    if state == "imported" and document:
        return env._(
            "It is %(document)s of %(permit)s.", document=document, permit=permit
        )
    return ""


def arrival_place(env):
    """Where a person chooses the permit of an unmatched file."""
    return env._("It waits in SICANTIK › Documents › Unmatched.")


def _why_unmatched(env, proposals):
    if proposals:
        return env._(
            "The numbers of %(count)s permits stand in it, so a person chooses.",
            count=proposals,
        )
    return env._(
        "No number of a permit stands in its name, nor in the text of its first two "
        "pages, so a person chooses."
    )


def _of_what(env, document, permit):
    if document:
        return env._(
            "%(permit)s has this very file already: %(document)s.",
            permit=permit,
            document=document,
        )
    return env._("This very file came before, and waits in SICANTIK › Documents.")
