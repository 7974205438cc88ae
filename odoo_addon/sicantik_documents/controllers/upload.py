"""A file comes in: the raw body of one request, one file each, so that nothing of it is
written to the disk on the way. It is in memory once, sealed piece by piece."""

import hashlib
from functools import partial
from urllib.parse import unquote

from odoo.exceptions import AccessError, UserError
from odoo.http import Controller, request, route
from odoo.service.model import retrying

from odoo.addons.sicantik_connector.tools.compat import body_of

from ..models.ir_http import UPLOAD
from ..tools.files import AWAY, Body, send
from ..tools.sealed import PIECE_BYTES, seal
from ..wording import upload_sentence

MIB = 1024 * 1024
# Of any office's limit, and one piece more, so that what is larger is answered here.
LARGEST = 200 * MIB
# Of this request, kept for when Odoo repeats it: a body can be read once.
TAKEN = "_sicantik_documents_taken"


class Refused(Exception):
    """``(status, sentence)`` of what is not taken."""


class Upload(Controller):
    @route(
        UPLOAD,
        type="http",
        auth="user",
        methods=["POST"],
        # By a header: what stands in an address stands in logs.
        csrf=False,
        max_content_length=None,
    )
    def upload(self, **query):
        """``permit`` or ``document``, ``type``, ``stage``: where the file goes; the
        name of the file and the token of the page are headers (X-Sicantik-Name,
        percent-encoded, and X-CSRF-Token). Answers ``{"state": "kept"|"waiting"|
        "refused", "sentence", "document"}``.
        """
        try:
            self._require_page()
            taken = vars(request).get(TAKEN) or self._take(query)
            vars(request)[TAKEN] = taken
            return self._answer(200, **request.env["sicantik.document"]._note(*taken))
        except Refused as refused:
            status, sentence = refused.args
        except AccessError as refused:
            status, sentence = 403, str(refused)
        except UserError as refused:
            status, sentence = 200, str(refused)
        # A refusal keeps nothing of what was begun.
        request.env.cr.rollback()
        self._discard()
        if sent := vars(request).get(TAKEN):
            parcel, answer, _sealed = sent
            request.env["sicantik.document.sent"]._leave(parcel.version, answer)
        return self._answer(status, state="refused", sentence=sentence, document=0)

    def _require_page(self):
        """Refused where another site's page sends this: it knows no token."""
        if not request.validate_csrf(request.httprequest.headers.get("X-CSRF-Token")):
            sentence = request.env._("Your session has ended. Reload the page.")
            raise Refused(400, sentence)

    def _take(self, query):
        """``(parcel, answer, sealed body)``; the last is None where it is of no use."""
        documents = request.env["sicantik.document"]
        permit, document = documents._place(
            _number(query.get("permit")), _number(query.get("document"))
        )
        config = permit.config_id
        worker, point = config._require_files_worker(), config._sealing_point()
        # Nothing was written: no transaction stays open while the body comes, nor while
        # the worker is asked. The rights are looked at again when it is noted.
        limit = config.document_max_mib
        request.env.cr.rollback()
        pieces, size, sha256 = self._read(limit)
        again = documents._pack_again(permit, sha256)
        if again:
            body = Body(seal(point, documents._head(config, again), pieces))
            request.env.cr.rollback()
            send(worker, again.version, body, sha256)
            documents._refuse_double(permit, sha256)
            raise Refused(
                409, request.env._("The file has just gone. Upload it again.")
            )
        parcel = documents._pack(
            permit,
            document,
            _number(query.get("type")),
            query.get("stage") or "original",
            unquote(request.httprequest.headers.get("X-Sicantik-Name", "")),
            size,
            sha256,
        )
        body = Body(seal(point, documents._head(config, parcel), pieces))
        # Committed: who dies from here on leaves a row of what the worker may have.
        sent = request.env["sicantik.document.sent"]
        retrying(partial(sent._begin, config, parcel), request.env)
        answer = send(worker, parcel.version, body, sha256)
        return parcel, answer, bytes(body) if answer.outcome == AWAY else None

    def _read(self, limit):
        """``(pieces, size, SHA-256)`` of the body; Refused above ``limit`` MiB."""
        length = request.httprequest.content_length
        if length is None:
            sentence = request.env._("The browser did not say how large the file is.")
            raise Refused(411, sentence)
        if length == 0:
            raise Refused(200, upload_sentence(request.env, "empty"))
        if length > limit * MIB:
            raise Refused(413, upload_sentence(request.env, "too_large", limit))
        stream, digest, size, pieces = self._stream(), hashlib.sha256(), 0, []
        while piece := _piece_of(stream, min(PIECE_BYTES, limit * MIB + 1 - size)):
            size += len(piece)
            digest.update(piece)
            pieces.append(piece)
        if size != length:
            sentence = request.env._("The file did not arrive whole. Upload it again.")
            raise Refused(400, sentence)
        return pieces, size, digest.hexdigest()

    def _stream(self):
        return body_of(request.httprequest)

    def _discard(self):
        """Read what is left and throw it away: whoever is hung up on while sending
        never reads why."""
        if (request.httprequest.content_length or LARGEST + 1) <= LARGEST:
            stream = self._stream()
            while stream.read(PIECE_BYTES):
                pass

    def _answer(self, status, **said):
        return request.make_json_response(said, status=status)


def _number(text):
    """An id in a query; 0 where it is none."""
    text = text or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _piece_of(stream, size):
    """As many bytes of a stream, fewer at its end only."""
    parts = []
    while size and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)
