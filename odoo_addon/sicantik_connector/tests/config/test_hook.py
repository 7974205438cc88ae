import hashlib
import hmac
import json
import logging
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from unittest.mock import patch

import requests

from odoo.tests import tagged
from odoo.tests.common import _super_send

from ...tools import hook
from ..common import SicantikCase

KEY = "kunci-contoh"


class Listener(BaseHTTPRequestHandler):
    """A worker's listener that keeps what it hears."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.end_headers()

    def log_message(self, *_args):
        pass


@tagged("post_install", "-at_install", "sicantik")
class TestHook(SicantikCase):
    def setUp(self):
        super().setUp()
        # Odoo's guard against real requests cannot read two time limits; the address
        # below is this machine's own.
        self.startPatcher(patch.object(requests.Session, "send", _super_send))
        self.server = HTTPServer(("127.0.0.1", 0), Listener)
        self.server.heard, self.server.status = [], 202
        thread = threading.Thread(
            target=self.server.serve_forever, args=(0.01,), daemon=True
        )
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        url = f"http://127.0.0.1:{self.server.server_port}"
        self.config.write({"worker_url": url, "worker_hook_key": KEY})
        self.addCleanup(self.cr.postcommit.clear)

    def press(self):
        action = self.config.with_user(self.operator).action_sync_now()
        run_id = action["params"]["next"]["res_id"]
        return self.env["sicantik.sync.run"].browse(run_id)

    def test_the_signed_hook_is_sent_after_the_commit(self):
        run = self.press()
        self.assertFalse(self.server.heard, "not before the commit")
        self.cr.postcommit.run()
        [(path, headers, body)] = self.server.heard
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        self.assertEqual(
            json.loads(body),
            {
                "database_uuid": uuid,
                "run_uuid": run.uuid,
                "login": self.operator.login,
            },
        )
        self.assertEqual(
            (path, headers["Content-Type"]), ("/hooks/v1/runs", "application/json")
        )
        stamp = headers["X-Sicantik-Timestamp"]
        nonce = headers["X-Sicantik-Nonce"]
        self.assertRegex(nonce, "^[0-9a-f]{32}$")
        digest = hashlib.sha256(body).hexdigest()
        text = f"v1\nPOST\n/hooks/v1/runs\n{stamp}\n{nonce}\n{digest}"
        mac = hmac.new(KEY.encode(), text.encode(), "sha256").hexdigest()
        self.assertEqual(headers["X-Sicantik-Signature"], f"v1={mac}")

    def test_during_a_rotation_both_keys_sign_the_newest_first(self):
        self.config.worker_hook_key_previous = "kunci-lama"
        self.press()
        self.cr.postcommit.run()
        [(path, headers, body)] = self.server.heard
        stamp = headers["X-Sicantik-Timestamp"]
        nonce = headers["X-Sicantik-Nonce"]
        digest = hashlib.sha256(body).hexdigest()
        expected = [
            hook.signature_of(key, "POST", path, stamp, nonce, digest)
            for key in (KEY, "kunci-lama")
        ]
        self.assertEqual(headers["X-Sicantik-Signature"], ",".join(expected))

    def test_stopping_a_run_wakes_its_worker(self):
        run = self.start("types")
        stored = self.run_of(run)
        stored.with_user(self.operator).action_cancel()
        self.cr.postcommit.run()
        [(_path, _headers, body)] = self.server.heard
        self.assertEqual(json.loads(body)["run_uuid"], stored.uuid)

    def test_every_hook_has_its_own_nonce(self):
        for _n in range(2):
            self.press()
            self.cr.postcommit.run()
        nonces = {headers["X-Sicantik-Nonce"] for _p, headers, _b in self.server.heard}
        self.assertEqual(len(nonces), 2)

    def test_nothing_is_sent_without_address_or_key_or_for_a_command(self):
        self.order("types")
        self.config.worker_hook_key = False
        self.press()
        self.config.write({"worker_hook_key": KEY, "worker_url": False})
        self.press()
        self.cr.postcommit.run()
        self.assertFalse(self.server.heard)

    def test_a_failure_is_one_line_without_secrets(self):
        for status in (500, 307):
            self.server.status = status
            with self.assertLogs(hook.__name__, logging.INFO) as logs:
                self.press()
                self.cr.postcommit.run()
            [line] = logs.output
            self.assertIn(str(status), line)
            self.assertNotIn(KEY, line)
        self.config.worker_url = "http://127.0.0.1:9"
        with self.assertLogs(hook.__name__, logging.INFO) as logs:
            self.press()
            self.cr.postcommit.run()
        self.assertIn("127.0.0.1:9", logs.output[0])

    def test_the_proxies_of_the_environment_are_not_used(self):
        self.press()
        proxy = {"HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": "", "no_proxy": ""}
        with patch.dict("os.environ", proxy, http_proxy="http://127.0.0.1:9"):
            self.cr.postcommit.run()
        self.assertEqual(len(self.server.heard), 1)
