#!/usr/bin/env python3
"""The contract tests of documents against Ceph's radosgw, a real S3 with versioning and object lock. Not part of `make test`.

It unpacks Debian's packages into the rig's cache (66 MB to download, 260 MB there; nothing is installed), starts a monitor,
one OSD in memory and the gateway on the loopback, runs the tests against it, and stops everything. It takes a few minutes:

    tests/odoo/gateway.py [--odoo 19]
"""

import argparse
import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from riglib import processes, venv
from riglib.cache import cache_dir, complete, locked, publish, say
from riglib.processes import RigError

PACKAGES = ("radosgw", "ceph-mon", "ceph-osd", "ceph-common")
FSID, OSD = "6f0c1b2e-0000-4000-8000-000000000001", "6f0c1b2e-0000-4000-8000-0000000000aa"
KEY, SECRET, BUCKET, REGION = "AKCONTOH", "rahasia-contoh", "dokumen", "us-east-1"
SECONDS = 120.0
PROJECT = Path(__file__).resolve().parents[2]
CONFIGURATION = """\
[global]
fsid = {fsid}
mon host = [v2:127.0.0.1:{mon}/0]
public addr = 127.0.0.1
keyring = {folder}/keyring
run dir = {folder}
admin socket = {folder}/$name.$pid.asok
log file = {folder}/$name.log
pid file =
mon data = {folder}/mon
mon allow pool size one = true
mon warn on pool no redundancy = false
osd data = {folder}/osd
osd objectstore = memstore
osd class dir = {libraries}/rados-classes
osd crush chooseleaf type = 0
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
erasure code dir = {libraries}/ceph/erasure-code
plugin dir = {libraries}/ceph
[client.rgw]
rgw data = {folder}/rgw
rgw frontends = beast endpoint=127.0.0.1:{port}
rgw thread pool size = 32
"""
MAKE_BUCKET = """
import boto3, sys
url, region, key, secret, bucket = sys.argv[1:]
client = boto3.client("s3", region_name=region, endpoint_url=url, aws_access_key_id=key, aws_secret_access_key=secret)
client.create_bucket(Bucket=bucket, ObjectLockEnabledForBucket=True)
print(client.get_bucket_versioning(Bucket=bucket)["Status"])
"""


def unpacked() -> Path:
    """Ceph as Debian has it, unpacked."""
    wanted = processes.run(["apt-get", "install", "-s", "--no-install-recommends", *PACKAGES], what="apt-get install -s")
    names = re.findall(r"^Inst (\S+)", wanted, re.M)
    root = cache_dir() / "radosgw"
    with locked("radosgw"):
        if not complete(root):
            say(f"downloading Ceph's radosgw from Debian ({len(names)} packages)")
            with publish(root) as building, tempfile.TemporaryDirectory(dir=cache_dir()) as work:
                subprocess.run(["apt-get", "download", "-qq", *names], cwd=work, check=True, capture_output=True)
                for package in Path(work).glob("*.deb"):
                    processes.run(["dpkg", "-x", package, building], what="dpkg -x")
    return root


class Gateway:
    """Monitor, OSD and gateway, in a folder of their own."""

    def __init__(self, root: Path, folder: Path) -> None:
        self._bin, self._folder = root / "usr/bin", folder
        [libraries] = (root / "usr/lib").glob("*-linux-gnu")
        paths = (libraries, libraries / "ceph", root / "lib" / libraries.name)
        self._environment = processes.clean_environment(
            LD_LIBRARY_PATH=":".join(map(str, paths)), PYTHONPATH=str(root / "usr/lib/python3/dist-packages")
        )
        self._mon, self._port = processes.free_port(), processes.free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._configuration = folder / "ceph.conf"
        facts = {"fsid": FSID, "mon": self._mon, "port": self._port, "folder": folder, "libraries": libraries}
        self._configuration.write_text(CONFIGURATION.format(**facts))

    def run(self, program: str, *arguments: str | Path) -> str:
        command = [self._bin / program, *arguments]
        return processes.run(command, what=program, environment=self._environment)

    def _spawn(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = [self._bin / program, "-c", self._configuration, *arguments, "-f"]
        return processes.spawn(command, output=self._folder / "output.log", environment=self._environment)

    def _ceph(self, *arguments: str) -> str:
        return self.run("ceph", "-c", self._configuration, "--connect-timeout", "30", *arguments)

    def _keys(self, keyring: Path) -> None:
        for number, name in enumerate(("mon.", "client.admin", "client.rgw", "osd.0")):
            mon = "allow profile osd" if name == "osd.0" else "allow *"
            capabilities = ["--cap", "mon", mon, "--cap", "osd", "allow *", "--cap", "mgr", "allow *"]
            made = [] if number else ["--create-keyring"]
            self.run("ceph-authtool", keyring, *made, "--gen-key", "-n", name, *capabilities)

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        for name in ("mon", "osd", "rgw"):
            (self._folder / name).mkdir()
        keyring, monmap = self._folder / "keyring", self._folder / "monmap"
        self._keys(keyring)
        self.run("monmaptool", "--create", "--fsid", FSID, "--addv", "a", f"[v2:127.0.0.1:{self._mon}/0]", monmap)
        made = ("--mkfs", "--no-mon-config")
        self.run("ceph-mon", "-c", self._configuration, "-i", "a", "--keyring", keyring, "--monmap", monmap, *made)
        with contextlib.ExitStack() as stack:

            def spawn(program: str, *arguments: str) -> subprocess.Popen[bytes]:
                process = self._spawn(program, *arguments)
                stack.callback(processes.stop, process)
                return process

            spawn("ceph-mon", "-i", "a")
            self._ceph("osd", "new", OSD, "0")
            self.run("ceph-osd", "-c", self._configuration, "-i", "0", "--osd-uuid", OSD, *made)
            osd = spawn("ceph-osd", "-i", "0")
            processes.wait_until(lambda: " 1 up" in self._ceph("osd", "stat"), process=osd, seconds=SECONDS, what="ceph-osd")
            self._ceph("osd", "crush", "add", "0", "1.0", "root=default", "host=h")
            rgw = spawn("radosgw", "-n", "client.rgw")
            if not processes.wait_until(self._answers, process=rgw, seconds=SECONDS, what="radosgw"):
                raise RigError(f"radosgw ended:\n{processes.tail(self._folder / 'output.log')}")
            keys = (f"--access-key={KEY}", f"--secret-key={SECRET}")
            user = ("user", "create", "--uid=worker", "--display-name=worker", *keys)
            self.run("radosgw-admin", "-c", self._configuration, "-n", "client.rgw", *user)
            yield

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self._port), 1):
            return True
        return False


def main() -> int:
    """Runs the tests; 0 when all passed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--odoo", default="", help="only this version (default: all that are there)")
    odoo = ["--odoo", version] if (version := parser.parse_args().odoo) else []
    folder = Path(tempfile.mkdtemp(prefix="radosgw-"))
    try:
        gateway = Gateway(unpacked(), folder)
        with gateway.running():
            said = processes.run(
                [venv.moto(), "-c", MAKE_BUCKET, gateway.url, REGION, KEY, SECRET, BUCKET], what="making the bucket"
            )
            say(f"{gateway.run('radosgw', '--version').strip()} is up; versioning: {said.strip()}")
            variables = os.environ | {"SICANTIK_TEST_S3": f"{gateway.url} {BUCKET} {REGION} {KEY} {SECRET}"}
            cargo = ["cargo", "test", "--locked", "--test", "it", "--", "--nocapture", "files::places"]
            stories = [PROJECT / "tests/odoo" / f"test_{name}_s3.py" for name in ("documents", "inbox")]
            rig = [PROJECT / "tests/odoo/rig.py", "pytest", *odoo, "--", *stories, "-q"]
            codes = [subprocess.run(command, cwd=PROJECT, env=variables).returncode for command in (cargo, rig)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return int(any(codes))


if __name__ == "__main__":
    sys.exit(main())
