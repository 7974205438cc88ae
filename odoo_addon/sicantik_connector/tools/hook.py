"""The signed knock at the worker's door. Plain values only: it runs after the commit,
when there is no environment any more."""

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


def signature_of(key, method, path, timestamp, nonce, body):
    """``v1=`` and the hex HMAC-SHA256 over the canonical text of docs/interfaces.md."""
    digest = hashlib.sha256(body).hexdigest()
    text = "\n".join(["v1", method, path, timestamp, nonce, digest])
    mac = hmac.new(key.encode(), text.encode(), hashlib.sha256)
    return "v1=" + mac.hexdigest()


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
    timestamp, nonce = str(int(time.time())), secrets.token_hex(16)
    path = urlsplit(url).path
    signatures = [
        signature_of(key, "POST", path, timestamp, nonce, body) for key in keys
    ]
    headers = {
        "Content-Type": "application/json",
        "X-Sicantik-Timestamp": timestamp,
        "X-Sicantik-Nonce": nonce,
        "X-Sicantik-Signature": ",".join(signatures),
    }
    with requests.Session() as session:
        session.trust_env = False  # no proxies and no .netrc of the environment
        with session.post(
            url,
            data=body,
            headers=headers,
            timeout=(CONNECT_SECONDS, READ_SECONDS),
            allow_redirects=False,
            stream=True,  # the answer's body is of no use
        ) as response:
            return response.status_code
