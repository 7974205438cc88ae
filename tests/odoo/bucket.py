"""A bucket of S3: moto's server on the loopback, which checks who asks. In memory, and gone with its process."""

import json
from pathlib import Path
from typing import Any, Self

from riglib import processes, venv

NAME = "dokumen-contoh"
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
keys = [found["Key"] for page in pages for found in page.get("Contents", [])]
print(json.dumps({key: client.get_object(Bucket=given["bucket"], Key=key)["Body"].read().hex() for key in keys}))
"""


class Bucket:
    """The server, with one user and one bucket. Amazon's own kit, boto3, looks into it."""

    def __init__(self, folder: Path) -> None:
        self._python = venv.moto()
        self._log = folder / "moto.log"
        self._port = processes.free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._client = {"region_name": REGION, "endpoint_url": self.url}
        self.key: dict[str, str] = {}

    def __enter__(self) -> Self:
        command = [self._python, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self._port)]
        variables = processes.clean_environment(INITIAL_NO_AUTH_ACTION_COUNT=_OPEN_CALLS)
        self._process = processes.spawn(command, output=self._log, environment=variables)
        processes.wait_until(self._is_up, process=self._process, seconds=SECONDS, what="moto's server")
        nobody = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
        policy = {"UserName": "worker", "PolicyName": "s3", "PolicyDocument": json.dumps(_EVERYTHING_IN_S3)}
        calls = [
            ("create_user", {"UserName": "worker"}),
            ("put_user_policy", policy),
            ("create_access_key", {"UserName": "worker"}),
        ]
        made = self._run(_ASK, service="iam", client=self._client | nobody, calls=calls)[-1]["AccessKey"]
        self.key = {"aws_access_key_id": made["AccessKeyId"], "aws_secret_access_key": made["SecretAccessKey"]}
        self.ask("create_bucket", Bucket=NAME)
        return self

    def __exit__(self, *_: object) -> None:
        processes.stop(self._process)

    def environment(self) -> dict[str, str]:
        """What the worker is told."""
        return {
            "SICANTIK__FILES__S3_BUCKET": NAME,
            "SICANTIK__FILES__S3_ENDPOINT": self.url,
            "SICANTIK__FILES__S3_REGION": REGION,
            "SICANTIK__FILES__S3_PREFIX": "kantor/contoh",
            "SICANTIK__FILES__S3_ACCESS_KEY": self.key["aws_access_key_id"],
            "SICANTIK__FILES__S3_SECRET_KEY": self.key["aws_secret_access_key"],
        }

    def ask(self, call: str, **arguments: Any) -> Any:
        """One call of boto3's client of S3."""
        return self._run(_ASK, service="s3", client=self._client | self.key, calls=[(call, arguments)])[0]

    def objects(self) -> dict[str, bytes]:
        """Everything that lies in the bucket, by its key."""
        found = self._run(_READ, client=self._client | self.key, bucket=NAME)
        return {key: bytes.fromhex(content) for key, content in found.items()}

    def _is_up(self) -> bool:
        return "Running on" in self._log.read_text()

    def _run(self, script: str, **given: Any) -> Any:
        return json.loads(processes.run([self._python, "-c", script], what="boto3", text=json.dumps(given)))
