"""Run by pyHanko's own interpreter (`riglib.venv.pyhanko`), in a folder: makes an authority (ca.crt) and signers, signs what was
prepared, and judges what was signed. One order a line comes by the input, as JSON, and one answer goes by the output:

    {"signers": [NAME...]}            a certificate and a key for each name
    {"sign": [NAME, DIGEST]}          the signature (CMS, in DER) of that digest; both in hexadecimal
    {"sign_file": [NAME, FILE, FIELD]} a field and a signature that are all pyHanko's own, in the place of the file
    {"judge": [FILE, IS_STRICT]}      what each signature is worth; strict readers take no file that older ones read otherwise.
                                      A third entry is a certificate to trust for the time
"""

import asyncio
import json
import logging
import sys
from pathlib import Path
from typing import Any

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from signatures.people import issue


def signers(folder: Path, names: list[str]) -> None:
    """Makes an authority, and for each name a key of another kind than the one before has."""
    authority = issue("Synthetic Authority", kind="rsa2048", is_authority=True)
    (folder / "ca.crt").write_bytes(authority.pem())
    for place, name in enumerate(names):
        person = issue(name, authority, kind="p256" if place % 2 else "rsa2048")
        (folder / f"{name}.crt").write_bytes(person.pem())
        (folder / f"{name}.key").write_bytes(person.private().dump())


def sign(folder: Path, name: str, digest: str) -> str:
    """Signs what has that digest."""
    made = asyncio.run(_signer(folder, name).async_sign(bytes.fromhex(digest), "sha256", use_pades=True))
    return made.dump().hex()


def sign_file(folder: Path, name: str, file: Path, field: str) -> None:
    """Signs a file without any help of ours."""
    with file.open("rb") as handle:
        metadata = PdfSignatureMetadata(field_name=field, subfilter=SigSeedSubFilter.PADES)
        signed = sign_pdf(IncrementalPdfFileWriter(handle), metadata, _signer(folder, name))
    file.write_bytes(signed.getbuffer())


def _signer(folder: Path, name: str) -> SimpleSigner:
    signer = SimpleSigner.load(str(folder / f"{name}.key"), str(folder / f"{name}.crt"), ca_chain_files=(str(folder / "ca.crt"),))
    assert signer is not None
    return signer


def judge(folder: Path, file: Path, is_strict: bool, clock: Path | None = None) -> list[dict[str, Any]]:
    """Says of each signature what it is worth, and of the file what came to it later."""
    roots = [load_cert_from_pemder(str(clock))] if clock else []
    time = ValidationContext(trust_roots=roots, allow_fetching=False, revocation_mode="soft-fail")
    context = ValidationContext(
        trust_roots=[load_cert_from_pemder(str(folder / "ca.crt"))], allow_fetching=False, revocation_mode="soft-fail"
    )
    told = []
    with file.open("rb") as handle:
        for signature in PdfFileReader(handle, strict=is_strict).embedded_signatures:
            status = validate_pdf_signature(signature, context, ts_validation_context=time)
            one = {
                "field": signature.field_name,
                "says": [str(signature.sig_object.get(key, "")) for key in ("/Name", "/Reason", "/Location")],
                "signer": status.signing_cert.subject.native["common_name"],
                "intact": status.intact,
                "valid": status.valid,
                "trusted": status.trusted,
                "coverage": status.coverage.name,
                "changed": status.modification_level.name if status.modification_level else None,
                "well": status.bottom_line,
                "stamped": bool(
                    status.timestamp_validity and status.timestamp_validity.valid and status.timestamp_validity.trusted
                ),
            }
            told.append(one)
    return told


def done(folder: Path, order: dict[str, Any]) -> Any:
    """Does what is asked."""
    match order:
        case {"signers": names}:
            return signers(folder, names)
        case {"sign": [name, digest]}:
            return sign(folder, name, digest)
        case {"sign_file": [name, file, field]}:
            return sign_file(folder, name, Path(file), field)
        case {"judge": [file, is_strict, *clock]}:
            return judge(folder, Path(file), is_strict, *map(Path, clock))


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    for line in sys.stdin:
        print(json.dumps(done(Path.cwd(), json.loads(line))), flush=True)
