"""Files on their way to the worker and back: signed, streamed, and what its answer
means for Odoo. Plain values only; no transaction may be open meanwhile.
"""

import hashlib
import json
import logging
import socket
from collections import namedtuple
from contextlib import ExitStack, contextmanager
from itertools import islice
from urllib.parse import urlsplit

import requests

from odoo.addons.sicantik_connector.tools.hook import session, signed_headers

from .sealed import PIECE_BYTES

CONNECT_SECONDS = 2
# The worker reads, seals and looks into the file meanwhile, and takes a few at once.
ANSWER_SECONDS = 60
PATH = "/hooks/v1/documents/"
STORAGE = "/hooks/v1/storage"
# Somebody waits at the page; the worker itself gives up earlier.
LOOK_SECONDS = 10
# Of an answer that is no file: pieces of so many bytes, and so many of them.
ANSWER_BYTES, ANSWER_PIECES = 4096, 16

# What Odoo does after an answer: note the version, keep nothing, or send again later.
KEPT, REFUSED, AWAY = "kept", "refused", "away"

# Of a body that there is none of.
EMPTY = hashlib.sha256(b"").hexdigest()

# Nobody answers, or not now.
_LATER = frozenset((408, 425, 429))

# Where the worker is, and what it knows this database by.
Worker = namedtuple("Worker", ["url", "keys", "database"])

# What became of an order to erase a file; ``heard``: whether the worker answered.
Erasure = namedtuple("Erasure", ["is_erased", "heard", "code"])

# ``code`` is a key of wording/answers.py, ``facts`` what the worker says of the file.
Answer = namedtuple("Answer", ["outcome", "code", "facts"])

# A file of which the worker never heard.
UNKNOWN = "erase_unknown"

_logger = logging.getLogger(__name__)


class Missing(Exception):
    """There is no such file to be had; its text is a code of wording/answers.py."""


class Body:
    """The pieces of a body, with their length and their hash in all."""

    def __init__(self, pieces):
        digest, self._pieces = hashlib.sha256(), []
        for piece in pieces:
            digest.update(piece)
            self._pieces.append(piece)
        self.digest = digest.hexdigest()

    def __len__(self):
        return sum(map(len, self._pieces))

    def __iter__(self):
        return iter(self._pieces)

    def __bytes__(self):
        return b"".join(self._pieces)


def send(worker, uuid, body, sha256):
    """Give the worker the sealed ``body`` of the version ``uuid``, whose clear bytes
    have this SHA-256; an Answer."""
    path = PATH + uuid
    headers = {
        "Content-Type": "application/octet-stream",
        **_signed(worker, "PUT", path, body.digest),
    }
    try:
        with _asked(worker, "PUT", path, headers, data=body) as response:
            answer = judged(response.status_code, _json_of(response), sha256)
    except requests.RequestException as error:
        _logger.info("A file could not be sent to the worker: %s", _kind(error))
        return Answer(AWAY, "away", {})
    _logger.info("A file was sent to the worker: %s", answer.code or answer.outcome)
    return answer


def judged(status, said, sha256):
    """What an answer means; ``said`` is its JSON, None where it is none."""
    code = (said or {}).get("code")
    if status in (200, 201) and said:
        if said.get("sha256") != sha256:
            return Answer(REFUSED, "other_content", {})
        return Answer(KEPT, None, said)
    if status >= 500 or status in _LATER or status < 300 or code == "replayed":
        return Answer(AWAY, "away", {})
    if status in (401, 403):
        return Answer(REFUSED, "unpaired", {})
    if status == 413:
        return Answer(REFUSED, "worker_too_large" if code else "proxy", {})
    if code == "erased":
        # The same bytes may come by another uuid.
        return Answer(REFUSED, "other_content", {})
    return Answer(REFUSED, str(code or status), {})


def erase(worker, uuid):
    """Have the worker erase the version ``uuid``; an Erasure."""
    path = PATH + uuid
    headers = _signed(worker, "DELETE", path, EMPTY)
    try:
        with _asked(worker, "DELETE", path, headers) as response:
            status, said = response.status_code, _json_of(response)
    except requests.RequestException as error:
        _logger.info("A file could not be erased: %s", _kind(error))
        return Erasure(False, False, "erase_away")
    _logger.info("A file was to be erased: %s", status)
    if status == 204:
        return Erasure(True, True, None)
    if status == 404 and (said or {}).get("code") == "unknown_document":
        return Erasure(False, True, UNKNOWN)
    code = "fetch_unpaired" if status in (401, 403) else "erase_away"
    return Erasure(False, False, code)


def look(worker):
    """What the worker says of where it keeps files, and why it says nothing: a code of
    wording/storage.py. One of the two is None."""
    try:
        with _asked(
            worker, "GET", STORAGE, _signed(worker, "GET", STORAGE, EMPTY), LOOK_SECONDS
        ) as response:
            status, said = response.status_code, _json_of(response)
    except requests.RequestException as error:
        _logger.info("The worker was not asked for its storage: %s", _kind(error))
        return None, "silent"
    if status == 200 and said:
        return said, None
    _logger.info("The worker was asked for its storage: %s", status)
    return None, {401: "unpaired", 403: "unpaired", 404: "old"}.get(status, "silent")


_MISSING = {404: "gone", 410: "gone", 401: "fetch_unpaired", 403: "fetch_unpaired"}


class Fetched:
    """The clear bytes of the version ``uuid``, as the worker streams them; Missing
    where there are none. Whoever made it closes it."""

    def __init__(self, worker, uuid):
        path = PATH + uuid
        headers = _signed(worker, "GET", path, EMPTY)
        self._stack = ExitStack()
        try:
            self._response = self._stack.enter_context(
                _asked(worker, "GET", path, headers)
            )
        except requests.RequestException as error:
            _logger.info("A file could not be fetched: %s", _kind(error))
            raise Missing("fetch_away") from error
        status = self._response.status_code
        if status != 200:
            said = _json_of(self._response)
            self.close()
            _logger.info("A file could not be fetched: %s", status)
            # Odoo itself may have come back from an earlier day.
            is_erased = status == 410 and (said or {}).get("code") == "erased"
            code = _MISSING.get(status, "fetch_away")
            raise Missing("erased" if is_erased else code)
        self.digest = self._response.headers.get("X-Sicantik-SHA256")

    def __iter__(self):
        """Where the worker breaks off, because a piece was altered or it goes, they end
        early: who reads them sees by the length that they are not whole."""
        try:
            yield from self._response.iter_content(PIECE_BYTES)
        except requests.RequestException as error:
            _logger.info("A file broke off on its way: %s", _kind(error))

    def close(self):
        self._stack.close()


def _signed(worker, method, path, digest):
    full = urlsplit(worker.url + path).path
    return signed_headers(worker.keys, method, full, digest, worker.database)


@contextmanager
def _asked(worker, method, path, headers, seconds=ANSWER_SECONDS, data=None):
    _knock(worker.url)
    with (
        session() as own,
        own.request(
            method,
            worker.url + path,
            data=data,
            headers=headers,
            # The first one is that of sending, too.
            timeout=(seconds, seconds),
            allow_redirects=False,
            stream=True,
        ) as response,
    ):
        yield response


def _knock(url):
    """ConnectionError where nobody listens: that is known soon, and a body takes its
    time."""
    address = urlsplit(url)
    port = address.port or (443 if address.scheme == "https" else 80)
    try:
        socket.create_connection((address.hostname, port), CONNECT_SECONDS).close()
    except OSError as error:
        raise requests.ConnectionError(error) from error


def _json_of(response):
    """The object that an answer says, None where it says none."""
    text = b"".join(islice(response.iter_content(ANSWER_BYTES), ANSWER_PIECES))
    try:
        said = json.loads(text)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def _kind(error):
    return type(error).__name__
