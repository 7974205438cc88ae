"""What goes from Odoo to the worker's door, signed: the knock here, and the files of an
addon. Plain values only: a knock goes after the commit, when there is no environment
any more."""

import hashlib
import hmac
import json
import logging
import secrets
import time
from urllib.parse import urlsplit

import requests

_logger = logging.getLogger(__name__)

CONNECT_SECONDS = 1
READ_SECONDS = 2
PATH = "/hooks/v1/runs"


def signature_of(key, *parts):
    """``v1=`` and the hex HMAC-SHA256 over the canonical text of docs/interfaces.md,
    which has these parts: method, path, time stamp, nonce, the body's SHA-256."""
    text = "\n".join(["v1", *parts])
    return "v1=" + hmac.digest(key.encode(), text.encode(), "sha256").hex()


def signed_headers(keys, method, path, digest, database=None):
    """The headers of a request whose body has the SHA-256 ``digest`` (hex), signed now
    with each of ``keys``, newest first: two while a rotation goes on.

    ``database``: the database's uuid, for a body that is streamed; it and the digest
    stand in headers of their own then, and the first is signed, too.
    """
    timestamp, nonce = str(int(time.time())), secrets.token_hex(16)
    parts = [method, path, timestamp, nonce, digest, *filter(None, [database])]
    headers = {
        "X-Sicantik-Timestamp": timestamp,
        "X-Sicantik-Nonce": nonce,
        "X-Sicantik-Signature": ",".join(signature_of(key, *parts) for key in keys),
    }
    if database:
        headers["X-Sicantik-Content-SHA256"] = digest
        headers["X-Sicantik-Database"] = database
    return headers


def session():
    """A session that uses no proxies and no .netrc of the environment."""
    own = requests.Session()
    own.trust_env = False
    return own


def send(worker_url, keys, payload):
    """Wake the worker at ``worker_url`` with ``payload`` (a dict); never raises.

    Signed with each of ``keys``, newest first: two while a rotation goes on.
    A lost knock costs at most the worker's poll interval, so a failure is one log
    line with the host and nothing else.
    """
    host = urlsplit(worker_url).netloc
    try:
        status = _post(worker_url + PATH, keys, json.dumps(payload).encode())
    except Exception as error:  # the order stands in the database; nothing may fail
        _logger.info("Hook to worker %s failed: %s", host, type(error).__name__)
        return
    _logger.info("Hook to worker %s answered: %s", host, status)


def _post(url, keys, body):
    digest = hashlib.sha256(body).hexdigest()
    headers = {
        "Content-Type": "application/json",
        **signed_headers(keys, "POST", urlsplit(url).path, digest),
    }
    with (
        session() as own,
        own.post(
            url,
            data=body,
            headers=headers,
            timeout=(CONNECT_SECONDS, READ_SECONDS),
            allow_redirects=False,
            stream=True,  # the answer's body is of no use
        ) as response,
    ):
        return response.status_code
