"""What the worker's child appends to PDFs: stamps, and fields for signatures."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from parts import WORKER

ADDRESS = "https://dokumen.dpmptsp.example.go.id/d/3mJr7bXW9sQk2VhTzPc4Ya"
NUMBER = "503/0042/DPMPTSP/2026"
CONTROL = "7KXM4QPA9R"
LAW = "Ditandatangani secara elektronik dengan sertifikat elektronik tersertifikasi yang diterbitkan oleh BSrE"
STAMP = {
    "pages": "first",
    "place": {"corner": "bottom_left"},
    "side": 57.0,
    "address": ADDRESS,
    "words": [f"Nomor izin: {NUMBER}", f"Kode kontrol: {CONTROL}", LAW],
}
FIELD = {
    "name": "Signature",
    "signer": "Pejabat Contoh, S.T.",
    "reason": "Izin diterbitkan (uji)",
    "location": None,
    "at": "2026-11-29T18:00:00+07:00",
    "room": 8192,
}


def ask(file: bytes, work: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """What the child answers, and the bytes behind that."""
    order = json.dumps({"size": len(file), "work": work}).encode()
    command = [WORKER, "read-pdf", "--largest", str(len(file))]
    done = subprocess.run(command, input=order + b"\n" + file, capture_output=True, timeout=60, check=True)
    line, _, behind = done.stdout.partition(b"\n")
    return json.loads(line), behind


def stamped(file: bytes, **changes: Any) -> bytes:
    """The file with a stamp."""
    answer, appended = ask(file, {"stamp": STAMP | changes})
    assert answer.get("stamped", {}).get("size") == len(appended), answer
    return file + appended


def refusal(file: bytes, work: dict[str, Any]) -> Any:
    """Why nothing is appended."""
    answer, _ = ask(file, work)
    return answer["unrevisable"]


def prepared(file: bytes, **changes: Any) -> tuple[bytes, list[int], list[int]]:
    """The file with a field, what of it is signed, and where the digits of the signature go."""
    answer, appended = ask(file, {"prepare": FIELD | changes})
    assert answer.get("prepared", {}).get("size") == len(appended), answer
    hole = [len(file) + place for place in answer["prepared"]["hole"]]
    return file + appended, answer["prepared"]["byte_range"], hole


def qpdf_says(file: bytes, folder: Path) -> str:
    """Nothing, where it finds nothing wrong."""
    path = folder / "judged.pdf"
    path.write_bytes(file)
    done = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, timeout=60)
    return "" if done.returncode == 0 else done.stdout + done.stderr
