"""A file goes out: to who may see its document, asked at each request with the user's
own rights."""

from odoo.http import Controller, request, route

from ..tools.names import file_name
from .streaming import LARGEST_ID, streamed, why_not


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
        if found.document_id.erase_ordered_at:
            return why_not("erased")
        config = found.document_id.config_id
        facts = (found.uuid, found.sha256, found.size, found._file_name())
        return streamed(config, *facts, attachment=download)

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

    @route(
        "/sicantik/documents/arrivals/<int:arrival>/<string:name>.pdf",
        type="http",
        auth="user",
        methods=["GET", "HEAD"],
    )
    def arrival(self, arrival, name, download=None, **_query):
        """The bytes of a file of the inbox that waits for a person."""
        arrivals = request.env["sicantik.document.arrival"]
        found = arrivals.browse(arrival if arrival <= LARGEST_ID else 0).exists()
        if not (found.has_access("read") and found._has_bytes()):
            raise request.not_found()
        facts = (found.version_uuid, found.sha256, found.size, file_name(found.name))
        return streamed(found.config_id, *facts, attachment=download)
