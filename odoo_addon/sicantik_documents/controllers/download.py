"""A file goes out: to who may see its document, asked at each request with the user's
own rights, streamed from the worker and kept nowhere."""

from markupsafe import Markup

from odoo.http import Controller, Response, content_disposition, request, route

from ..tools.files import Fetched, Missing
from ..wording import ending_sentence

# The browser runs nothing of a document, guesses nothing and keeps nothing.
SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "sandbox; default-src 'none'",
}
# Of a row of PostgreSQL.
LARGEST_ID = 2**31 - 1
STATUS = {"gone": 410, "altered": 410}
PAGE = Markup(
    "<!DOCTYPE html><html lang='{lang}'><head><meta charset='utf-8'>"
    "<meta name='viewport' content='width=device-width, initial-scale=1'>"
    "<title>{title}</title></head><body><h1>{title}</h1><p>{sentence}</p></body></html>"
)


class Download(Controller):
    @route(
        "/sicantik/documents/<int:document>/<int:version>/<string:name>.pdf",
        type="http",
        auth="user",
        methods=["GET", "HEAD"],
    )
    def download(self, document, version, name, download=None, **_query):
        """The bytes of a version; 404 where there is none that the user may see."""
        found = self._visible(document, version)
        if not found:
            raise request.not_found()
        headers = {
            **SAFE,
            "Content-Type": "application/pdf",
            "Content-Length": str(found.size),
            "Content-Disposition": content_disposition(
                found._file_name(), "attachment" if download else "inline"
            ),
        }
        if request.httprequest.method == "HEAD":
            return Response(headers=headers)
        uuid, sha256 = found.uuid, found.sha256
        worker = found.document_id.config_id._files_worker()
        # Nothing was written: no transaction stays open while the worker is asked.
        request.env.cr.rollback()
        if not worker:
            return self._page("no_worker")
        try:
            fetched = Fetched(worker, uuid)
        except Missing as missing:
            return self._page(str(missing))
        if fetched.digest != sha256:
            fetched.close()
            return self._page("altered")
        response = Response(iter(fetched), headers=headers, direct_passthrough=True)
        response.call_on_close(fetched.close)
        return response

    def _visible(self, document, version):
        """The version, if it is of that document and the user may see both."""
        versions = request.env["sicantik.document.version"]
        documents = request.env["sicantik.document"]
        if max(version, document) > LARGEST_ID:
            return versions
        found = versions.browse(version).exists()
        of = documents.browse(document).exists()
        if not (found.has_access("read") and of.has_access("read")):
            return found.browse()
        return found if found.document_id == of else found.browse()

    def _page(self, code):
        env = request.env
        page = PAGE.format(
            lang=(env.lang or "en").partition("_")[0],
            title=env._("The document cannot be shown"),
            sentence=ending_sentence(env, code),
        )
        headers = {**SAFE, "Content-Type": "text/html; charset=utf-8"}
        return Response(page, status=STATUS.get(code, 503), headers=headers)
