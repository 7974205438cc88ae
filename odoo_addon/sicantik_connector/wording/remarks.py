"""What a run found out: a connection test, a comparison, a full pass."""

from .flags import flag_labels
from .retries import answer_sentence

# Of what a connection test finds: what somebody should look at.
WARNINGS = frozenset(
    (
        "type_count_unknown",
        "pages_cut",
        "page_fails",
        "form_simple",
        "unencrypted",
        "redirected",
        "odd_values",
        "detail_not_asked",
        "detail_fails",
    )
)


def warns(remark):
    """Whether ``{"code"}`` is something to look at, not just how it is."""
    return remark.get("code") in WARNINGS


def remarks(env, values):
    """``{code: sentence}``, with the ``values`` that the worker sent."""
    known = _Known(values)
    return {
        **_of_the_list(env, known),
        **_of_details(env, known),
        **_of_runs(env, known),
    }


class _Known(dict):
    """Values of one remark; the sentences of the other codes lack theirs."""

    def __missing__(self, name):
        return ""


def _of_the_list(env, values):
    return {
        "list_answers": env._(
            "The list of issued permits answers in %(format)s, %(ms)s ms for a short "
            "page.",
            format=values["format"],
            ms=values["ms"],
        ),
        "list_has_expiry": env._(
            "The list carries expiry dates: no detail calls are needed."
        ),
        "list_lacks_expiry": env._(
            "The list carries no expiry dates: they are asked permit by permit."
        ),
        "type_count": env._(
            "SICANTIK counts %(count)s permit types.", count=values["count"]
        ),
        "type_count_unknown": env._(
            "SICANTIK does not say how many permit types it has."
        ),
        "pages_cut": env._(
            "The server cuts pages at %(rows)s rows: a full pass over the list takes "
            "many calls.",
            rows=values["rows"],
        ),
        "list_rows": env._("The whole list has %(rows)s rows.", rows=values["rows"]),
        "pages_whole": env._("Pages of %(rows)s rows come whole.", rows=values["rows"]),
        "page_fails": env._(
            "A page of %(rows)s rows could not be read. %(answer)s",
            rows=values["rows"],
            answer=answer_sentence(env, values["reason"]),
        ),
        "form_path": env._(
            "Pages of the list are asked for in the path of the address."
        ),
        "form_query": env._(
            "Pages of the list are asked for in the query of the address."
        ),
        "form_simple": env._(
            "This is the simple API (api_simple.php): it has no detail calls."
        ),
        "zero_refused": env._("The server refuses the offset 0; it is written 00."),
        "unencrypted": env._(
            "Plain HTTP: names and telephone numbers travel without encryption."
        ),
        "redirected": env._(
            "The server redirects each call; put the address that it leads to into the "
            "API address."
        ),
        "odd_values": env._(
            "Newest %(rows)s rows, %(kind)s: %(count)s.",
            rows=values["rows"],
            kind=_kinds(env).get(values["kind"], values["kind"]),
            count=values["count"],
        ),
    }


def _of_details(env, values):
    ms = values["ms"]
    return {
        "detail_not_asked": env._(
            "None of the newest permits has a number, so no detail could be asked for."
        ),
        "detail_dated": env._(
            "The detail of a permit answers in %(ms)s ms, with an expiry date.", ms=ms
        ),
        "detail_undated": env._(
            "The detail of a permit answers in %(ms)s ms, without an expiry date.",
            ms=ms,
        ),
        "detail_no_data": env._(
            "The detail of a permit answers in %(ms)s ms, without data: normal for "
            "permits of individuals.",
            ms=ms,
        ),
        "detail_fails": env._(
            "The detail of a permit cannot be read. %(answer)s",
            answer=answer_sentence(env, values["reason"]),
        ),
    }


def _of_runs(env, values):
    return {
        "missing": env._(
            "Permits that are not in SICANTIK's list any more: %(count)s.",
            count=values["count"],
        ),
        "equal": env._(
            "Odoo is as SICANTIK says: %(listed)s permits.", listed=values["listed"]
        ),
        "different": env._(
            "%(listed)s permits: %(only_in_sicantik)s only in SICANTIK, "
            "%(only_in_odoo)s only in Odoo, %(differing)s with differences, "
            "%(unreadable)s unreadable rows.",
            listed=values["listed"],
            only_in_sicantik=values["only_in_sicantik"],
            only_in_odoo=values["only_in_odoo"],
            differing=values["differing"],
            unreadable=values["unreadable"],
        ),
    }


def _kinds(env):
    """What may be odd in a row: its flags, or that nothing names it."""
    return {
        **flag_labels(env),
        "registration_missing": env._("the application number is missing"),
        "numbers_for_texts": env._("a number came in place of a text"),
    }
