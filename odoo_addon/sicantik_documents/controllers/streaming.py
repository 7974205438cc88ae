"""Bytes that the worker keeps, on their way to a browser: streamed, kept nowhere."""

from markupsafe import Markup

from odoo.http import Response, content_disposition, request

from ..tools.files import Fetched, Missing
from ..wording import ending_sentence

# The browser runs nothing of a document, guesses nothing and keeps nothing. No sandbox:
# viewers of PDFs that are programs of a page, such as Safari's, show nothing in one.
SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'",
}
# Of a row of PostgreSQL.
LARGEST_ID = 2**31 - 1
STATUS = {"gone": 410, "altered": 410, "erased": 410}
PAGE = Markup(
    "<!DOCTYPE html><html lang='{lang}'><head><meta charset='utf-8'>"
    "<meta name='viewport' content='width=device-width, initial-scale=1'>"
    "<title>{title}</title></head><body><h1>{title}</h1><p>{sentence}</p></body></html>"
)


def streamed(config, uuid, sha256, size, name, attachment):
    """The answer with the bytes of the version ``uuid``, or a page that says why there
    are none. Whoever calls has asked for the rights."""
    headers = {
        **SAFE,
        "Content-Type": "application/pdf",
        "Content-Length": str(size),
        "Content-Disposition": content_disposition(
            name, "attachment" if attachment else "inline"
        ),
    }
    if request.httprequest.method == "HEAD":
        return Response(headers=headers)
    worker = config._files_worker()
    # Nothing was written: no transaction stays open while the worker is asked.
    request.env.cr.rollback()
    if not worker:
        return why_not("no_worker")
    try:
        fetched = Fetched(worker, uuid)
    except Missing as missing:
        return why_not(str(missing))
    if fetched.digest != sha256:
        fetched.close()
        return why_not("altered")
    response = Response(iter(fetched), headers=headers, direct_passthrough=True)
    response.call_on_close(fetched.close)
    return response


def why_not(code):
    """A page with a sentence."""
    env = request.env
    page = PAGE.format(
        lang=(env.lang or "en").partition("_")[0],
        title=env._("The document cannot be shown"),
        sentence=ending_sentence(env, code),
    )
    headers = {**SAFE, "Content-Type": "text/html; charset=utf-8"}
    return Response(page, status=STATUS.get(code, 503), headers=headers)
