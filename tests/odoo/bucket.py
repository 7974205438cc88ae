"""A bucket of S3: moto's server on the loopback, which checks who asks, or a bucket of the server that `SICANTIK_TEST_S3`
names (tests/odoo/gateway.py)."""

import json
import os
import secrets
from pathlib import Path
from typing import Any, Self

from riglib import processes, venv

ELSEWHERE = "SICANTIK_TEST_S3"
"""Endpoint, a bucket, region, key and its secret, with spaces. Each test has a bucket of its own."""
REGION = "us-east-1"
SECONDS = 120.0
_OPEN_CALLS = "3"
"""Until its first user is there, moto asks nobody who he is: user, policy and key are three calls."""
_EVERYTHING_IN_S3 = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}],
}
_ASK = """
import boto3, json, sys
given = json.load(sys.stdin)
client = boto3.client(given.pop("service"), **given.pop("client"))
print(json.dumps([getattr(client, name)(**arguments) for name, arguments in given["calls"]], default=repr))
"""
_READ = """
import boto3, json, sys
given = json.load(sys.stdin)
client = boto3.client("s3", **given["client"])
pages = client.get_paginator("list_objects_v2").paginate(Bucket=given["bucket"])
lying = {}
for key in [found["Key"] for page in pages for found in page.get("Contents", [])]:
    try:
        lying[key] = client.get_object(Bucket=given["bucket"], Key=key)["Body"].read().hex()
    except client.exceptions.NoSuchKey:
        pass  # The worker has moved it meanwhile.
print(json.dumps(lying))
"""


class Bucket:
    """One bucket of a server. Amazon's own kit, boto3, looks into it."""

    def __init__(self, url: str, region: str, key: str, secret: str) -> None:
        self.name = f"dokumen-{secrets.token_hex(4)}"
        self.url, self._region, self._key, self._secret = url, region, key, secret
        self._python = venv.moto()

    def __enter__(self) -> Self:
        self.ask("create_bucket", Bucket=self.name, ObjectLockEnabledForBucket=True)
        return self

    def __exit__(self, *_: object) -> None:
        """What lies in it goes with its server."""

    def environment(self) -> dict[str, str]:
        """What the worker is told."""
        return {
            "SICANTIK__FILES__S3_BUCKET": self.name,
            "SICANTIK__FILES__S3_ENDPOINT": self.url,
            "SICANTIK__FILES__S3_REGION": self._region,
            "SICANTIK__FILES__S3_PREFIX": "kantor/contoh",
            "SICANTIK__FILES__S3_ACCESS_KEY": self._key,
            "SICANTIK__FILES__S3_SECRET_KEY": self._secret,
        }

    def ask(self, call: str, **arguments: Any) -> Any:
        """One call of boto3's client of S3."""
        return self._run(_ASK, service="s3", client=self._client(), calls=[(call, arguments)])[0]

    def objects(self) -> dict[str, bytes]:
        """Everything that lies in the bucket, by its key."""
        found = self._run(_READ, client=self._client(), bucket=self.name)
        return {key: bytes.fromhex(content) for key, content in found.items()}

    def _client(self) -> dict[str, str]:
        keys = {"aws_access_key_id": self._key, "aws_secret_access_key": self._secret}
        return {"region_name": self._region, "endpoint_url": self.url, **keys}

    def _run(self, script: str, **given: Any) -> Any:
        return json.loads(processes.run([self._python, "-c", script], what="boto3", text=json.dumps(given)))


class MotoBucket(Bucket):
    """With moto's server, in memory, and one user. A bucket without versions, as most are."""

    def __init__(self, folder: Path) -> None:
        self._log, self._port = folder / "moto.log", processes.free_port()
        super().__init__(f"http://127.0.0.1:{self._port}", REGION, "x", "x")

    def __enter__(self) -> Self:
        command = [self._python, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self._port)]
        variables = processes.clean_environment(INITIAL_NO_AUTH_ACTION_COUNT=_OPEN_CALLS)
        self._process = processes.spawn(command, output=self._log, environment=variables)
        processes.wait_until(self._is_up, process=self._process, seconds=SECONDS, what="moto's server")
        policy = {"UserName": "worker", "PolicyName": "s3", "PolicyDocument": json.dumps(_EVERYTHING_IN_S3)}
        calls = [
            ("create_user", {"UserName": "worker"}),
            ("put_user_policy", policy),
            ("create_access_key", {"UserName": "worker"}),
        ]
        made = self._run(_ASK, service="iam", client=self._client(), calls=calls)[-1]["AccessKey"]
        self._key, self._secret = made["AccessKeyId"], made["SecretAccessKey"]
        self.ask("create_bucket", Bucket=self.name)
        return self

    def __exit__(self, *_: object) -> None:
        processes.stop(self._process)

    def _is_up(self) -> bool:
        return "Running on" in self._log.read_text()


def of_tests(folder: Path) -> Bucket:
    """The bucket of one test."""
    given = os.environ.get(ELSEWHERE, "").split()
    if not given:
        return MotoBucket(folder)
    url, _bucket, region, key, secret = given
    return Bucket(url, region, key, secret)
