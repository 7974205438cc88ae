"""Files by which somebody claims more than was signed."""

import re

from asn1crypto import cms, core
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs7

from .honest import _filled
from .making import HOLE, Case, by_hand, sign, stamp_document
from .people import Person, cast, issue
from .sheets import (
    CATALOG,
    FIELD,
    FONT,
    FORM,
    INFO,
    METADATA,
    NOTE,
    OTHER_WORDS,
    PAGE,
    PAGES,
    TEXT,
    WORDS,
    body,
    sheet,
    start_of_table,
    stream,
    update,
)

TITLE = "the title is what a reader shows in its window, and nobody has signed the new one"
HIDDEN = "pyHanko looks at fields of the form only; a signature that no reader shows is a trap for whoever looks for bytes"
FONTS = "with another font, a program that draws the fields anew shows other words"
COVERING = "an empty field that takes room on a page can cover what was signed"
LOOSE = "bytes behind the end are signed by nobody; a reader that mends files may take them for a revision"
UNNAMED = "PAdES asks for the name of the certificate, and pyHanko does not insist"
ENDLESS = "DER is what the standard asks for"
WEAK = "whoever can forge SHA-1 can put other words under the signature, and some can"
HOLE_IS_LAX = "what stands behind the signature in its hole is signed by nobody"


def cases() -> list[Case]:
    """What is to fail, and what only looks like it."""
    return [*_bytes(), *_updates(), *_covers(), *_forgeries(), *_ranges(), *_cms(), *_stamps()]


def _bytes() -> list[Case]:
    file = sign(sheet(), "p256")
    at, hole = file.index(b"Tf 72"), file.index(b"/Contents <") + 300
    digit = b"1" if file[hole : hole + 1] != b"1" else b"2"
    again = b"4 0 obj\n" + stream(OTHER_WORDS) + b"\nendobj\n%%EOF\n"
    return [
        Case("a bit of the text", file[:at] + bytes([file[at] ^ 1]) + file[at + 1 :], "failed:digest"),
        Case("a digit of the signature", file[:hole] + digit + file[hole + 1 :], "failed"),
        Case("cut in the middle", file[: len(file) // 2], "cannot_tell:damaged", "a file that is cut off is no file to judge"),
        Case("cut at the end", file[:-12], "cannot_tell:damaged", "a file that is cut off is no file to judge"),
        Case("cut off the signature", file[: file.index(b"%%EOF") + 6], "cannot_tell:no_signature"),
        Case("loose bytes behind the end", file + b"200 0 obj\n(palsu)\nendobj\n", "cannot_tell:loose_bytes", LOOSE),
        Case("an end without a table", file + again, "cannot_tell:damaged", LOOSE),
    ]  # fmt: skip


def _updates() -> list[Case]:
    file, form = sign(sheet(), "p256"), sign(sheet(form=True), "p256")
    certified = sign(sheet(), "p256", certify=True)
    page = body(file, PAGE).replace(b"[ ", b"[")
    number = _number_of(file, b"/Fields")
    fields = body(file, number).replace(b"[ ", b"[")
    note = b"<< /Type /Annot /Subtype /FreeText /Rect [60 680 500 720] /Contents (IZIN PALSU) /DA (/F1 14 Tf) >>"
    widget = b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (TTE9) /Rect [60 680 500 720] /F 4 /P 3 0 R >>"
    catalog = body(file, CATALOG)
    second = b"<< /Type /Page /Parent 2 0 R /Contents 300 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
    pages = b"<< /Type /Pages /Kids [3 0 R 301 0 R] /Count 2 /MediaBox [0 0 595 842] >>"
    other_pages = pages.replace(b"3 0 R ", b"").replace(b"Count 2", b"Count 1")
    vain = sign(sheet(page=b"/Group 300 0 R"), "p256")
    changed = {
        "text replaced": {TEXT: stream(OTHER_WORDS)},
        "page appended": {PAGES: pages, 300: stream(OTHER_WORDS), 301: second},
        "page replaced": {PAGES: other_pages, 300: stream(OTHER_WORDS), 301: second},
        "page with other contents": {PAGE: page.replace(b"4 0 R", b"300 0 R"), 300: stream(OTHER_WORDS)},
        "page turned": {PAGE: page[:-2] + b"/Rotate 180 >>"},
        "page cropped": {PAGE: page[:-2] + b"/CropBox [0 0 100 100] >>"},
        "annotation added": {PAGE: page.replace(b"/Annots [", b"/Annots [300 0 R "), 300: note},
        "annotation changed": {NOTE: body(file, NOTE).replace(b"Lunas", b"Batal")},
        "annotations taken away": {PAGE: page.replace(b"9 0 R", b"")},
        "font replaced": {FONT: body(file, FONT).replace(b"Helvetica", b"Symbol")},
        "another tree of pages": {
            CATALOG: catalog.replace(b"/Pages 2 0 R", b"/Pages 302 0 R"), 300: stream(OTHER_WORDS),
            301: second.replace(b"2 0 R", b"302 0 R", 1), 302: other_pages,
        },
        "a script": {CATALOG: catalog[:-2] + b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >>"},
        "layers": {CATALOG: catalog[:-2] + b"/OCProperties << /OCGs [] /D << >> >> >>"},
        "flags of signatures taken back": {number: fields.replace(b"/SigFlags 3", b"/SigFlags 0")},
        "a form of scripts": {number: fields.replace(b"/SigFlags", b"/XFA (x) /SigFlags")},
    }  # fmt: skip
    for name, objects in changed.items():
        assert all(body(file, one).split() != text.split() for one, text in objects.items() if one < 300), name
    made = [Case(name, update(file, objects), "failed:changed_after") for name, objects in changed.items()]
    other = update(file, {TEXT: stream(OTHER_WORDS)})
    back = update(other, {TEXT: stream(WORDS)})
    first_of_all = b" [300 0 R "
    over = {PAGE: page.replace(b" [9", first_of_all + b"9"), number: fields.replace(b" [", first_of_all), 300: widget}
    moved = {FIELD: body(form, FIELD).replace(b"72 600", b"72 100")}
    first = _first_table(file)
    skipped = update(file, {TEXT: stream(OTHER_WORDS)}, previous=first)
    fonts = body(form, FORM).replace(b"/F1 5 0 R", b"/F1 5 0 R\n/F2 300 0 R")
    other_font = body(form, FORM).replace(b"/F1 5 0 R", b"/F1 300 0 R")
    font = body(form, FONT).replace(b"Helvetica", b"Courier")
    return [
        *made,
        Case("fonts of the form added", update(form, {FORM: fonts, 300: font}), "passed"),
        Case("font of the form exchanged", update(form, {FORM: other_font, 300: font}), "failed:changed_after", FONTS),
        Case("text replaced, then signed again", sign(other, "p384", "TTE2"), "failed:changed_after"),
        Case("text replaced, then signed by a stranger", sign(other, "stranger", "TTE2"), "failed:changed_after"),
        Case("text replaced, certified", update(certified, {TEXT: stream(OTHER_WORDS)}), "failed:changed_after"),
        Case("text replaced and put back", back, "passed", "what a reader shows is what was signed"),
        Case("object written again as it was", update(file, {TEXT: stream(WORDS)}), "passed"),
        Case("object that nobody names", update(file, {400: b"(palsu)"}), "passed"),
        Case("object taken away", update(file, {}, freed=(NOTE,)), "failed:changed_after"),
        Case("object that was named in vain", update(vain, {300: b"<< /S /Transparency >>"}), "failed:changed_after"),
        Case("an update that leaves out what was signed", skipped, "cannot_tell:no_signature"),
        Case("an update that goes round what was signed", _round(file, first), "failed:changed_after"),
        Case("title changed", update(file, {INFO: b"<< /Title (Surat Lain) >>"}), "failed:changed_after", TITLE),
        Case("metadata changed", update(file, {METADATA: body(file, METADATA).replace(b"W5M0", b"X5M0")}), "passed"),
        Case("an empty field over the page", update(file, over), "failed:changed_after", COVERING),
        Case("field of the form made another one", update(form, moved), "failed:changed_after"),
        Case("form filled in, then text replaced", update(_filled(form), {TEXT: stream(OTHER_WORDS)}), "failed:changed_after"),
    ]  # fmt: skip


def _round(file: bytes, first: int) -> bytes:
    """All objects of the signature are there, and the table goes back to what was before it."""
    numbers = {int(number) for number in re.findall(rb"[\r\n](\d+) 0 obj", file[first:])}
    return update(file, {TEXT: stream(OTHER_WORDS)}, previous=first, kept=tuple(numbers))


def _covers() -> list[Case]:
    """What is shown over a page after it was signed, with a signature that is good but says nothing of it."""
    file = sign(sheet(), "p256")
    page, number = body(file, PAGE).replace(b"[ ", b"["), _number_of(file, b"/Fields")
    fields, signature = body(file, number).replace(b"[ ", b"["), _number_of(file, b"/ByteRange")
    widget = b"/Type /Annot /Subtype /Widget /Rect [60 680 500 720] /F 4 /P 3 0 R /AP << /N 310 0 R >>"
    shown = stream(OTHER_WORDS, b"/Type /XObject /Subtype /Form /BBox [0 0 440 40]")

    def over(field: bytes, annotation: bytes = b"300 0 R", **more: bytes) -> bytes:
        objects = {int(name[1:]): text for name, text in more.items()}
        objects |= {PAGE: page.replace(b" [9", b" [" + annotation + b" 9"), number: fields.replace(b"0 R ]", b"0 R 300 0 R ]")}
        return update(file, objects | {300: field, 310: shown})

    again = b"<< %s /FT /Sig /T (TTE9) /V %d 0 R >>" % (widget, signature)
    below = b"<< /FT /Sig /T (TTE9) /Kids [301 0 R] >>"
    deep = {"_301": b"<< /Parent 300 0 R /Kids [302 0 R] >>", "_302": b"<< %s /Parent 301 0 R >>" % widget}
    note = b"<< /Type /Annot /Subtype /FreeText /Rect [60 680 500 720] /FT /Sig /T (TTE9) /Contents (PALSU) >>"
    return [
        Case("the same signature shown elsewhere", over(again), "failed:changed_after"),
        Case("an empty field over the page, far below", over(below, b"302 0 R", **deep), "failed:changed_after"),
        Case("a note that calls itself a field", over(note), "failed:changed_after", COVERING),
        Case("a time-stamp over the page", stamp_document(file, box=(60, 680, 500, 720)), "failed:changed_after", COVERING),
        Case("an end that leads back", file + b"startxref\n%d\n%%%%EOF\n" % _first_table(file), "cannot_tell:no_signature"),
    ]


def _first_table(file: bytes) -> int:
    return int(file[: file.index(b"%%EOF")].split()[-1])


def _forgeries() -> list[Case]:
    """Parts of the signature are missing, or say nothing; and signatures that stand elsewhere."""
    file = sign(sheet(), "p256")
    signature = _number_of(file, b"/ByteRange")
    text = body(file, signature)
    start, end = text.index(b"/ByteRange"), text.index(b"]", text.index(b"/ByteRange")) + 1
    hole, close = text.index(b"/Contents <"), text.index(b">", text.index(b"/Contents <")) + 1
    forged = {
        "no range": text[:start] + text[end:],
        "range of nothing": text[:start] + b"/ByteRange null" + text[end:],
        "empty range": text[:start] + b"/ByteRange []" + text[end:],
        "negative range": text[:start] + b"/ByteRange [0 -1 -1 0]" + text[end:],
        "no contents": text[:hole] + text[close:],
        "contents of nothing": text[:hole] + b"/Contents null" + text[close:],
        "empty contents": text[:hole] + b"/Contents <>" + text[close:],
        "contents of zero": text[:hole] + b"/Contents <00>" + text[close:],
    }
    made = [Case(f"{name}, in an update", update(file, {signature: dictionary}), "failed") for name, dictionary in forged.items()]
    unlisted = update(
        file, {CATALOG: b"<< /Type /Catalog /Pages 2 0 R /Metadata 10 0 R /AcroForm << /Fields [] /SigFlags 3 >> >>"}
    )
    return [
        *made,
        Case("signature taken out of the form", unlisted, "failed", HIDDEN),
        Case("signature never in the form", by_hand(sheet(), listed=False), "failed:not_in_form", HIDDEN),
        Case("no flags of signatures", by_hand(sheet(), flags=0), "passed"),
        Case("unknown kind", by_hand(sheet(), subfilter=b"Contoh.lain"), "cannot_tell:format"),
    ]


def _number_of(file: bytes, word: bytes) -> int:
    """The object that has this word."""
    return next(int(number) for number in re.findall(rb"[\r\n](\d+) 0 obj", file) if word in body(file, int(number)))


def _ranges() -> list[Case]:
    plain = sheet()
    ranges = {
        "not from the beginning": lambda start, end, size: [1, start - 1, end, size - end],
        "not to the end": lambda start, end, size: [0, start, end, size - end - 20],
        "not over the table": lambda start, end, size: [0, start, end, 40],
        "a wider gap before": lambda start, end, size: [0, start - 40, end, size - end],
        "a wider gap behind": lambda start, end, size: [0, start, end + 10, size - end - 10],
        "over the hole": lambda start, end, size: [0, start, start, size - start],
        "turned round": lambda start, end, size: [end, size - end, 0, start],
        "two numbers": lambda start, end, size: [0, start],
        "six numbers": lambda start, end, size: [0, start, end, 10, end + 10, size - end - 10],
        "beyond the end": lambda start, end, size: [0, start, end, size - end + 100],
    }
    made = [Case(f"range: {name}", by_hand(plain, ranges=one), "failed") for name, one in ranges.items()]
    return [
        *made,
        Case("wrapped", _wrapped(), "failed:byte_range"),
        Case("more in the hole", _more_in_hole(), "failed:byte_range"),
    ]


def _wrapped() -> bytes:
    """The second half of what was signed is moved. In the gap stand other objects, and the range that says so."""
    file = by_hand(sheet(), range_key=b"/Lama")
    start = file.index(b"<30")
    end = start + HOLE + 2
    other = b" >>\nendobj\n4 0 obj\n" + stream(OTHER_WORDS) + b"\nendobj\n300 0 obj\n<< /Lain (x)"
    second = end + len(b" /ByteRange [0 00000 00000 00000]" + other)
    gap = b" /ByteRange [0 %05d %05d %05d]" % (start, second, len(file) - end) + other
    moved = file[:end] + gap + file[end:]
    places = [moved.index(b"\n%d 0 obj" % number, start) + 1 for number in (4, 201)]
    table = b"xref\n4 1\n%010d 00000 n \n201 1\n%010d 00000 n \n" % tuple(places)
    trailer = b"trailer\n<< /Size 202 /Root 1 0 R /Prev %d >>\n" % (start_of_table(file) + len(gap))
    return moved + table + trailer + b"startxref\n%d\n%%%%EOF\n" % len(moved)


def _more_in_hole() -> bytes:
    file = by_hand(sheet())
    end = file.index(b"<30") + HOLE + 2
    more = b"> /Catatan (palsu) /Lagi <"
    return file[: end - len(more) - 3] + more + file[end - 3 :]


def _cms() -> list[Case]:
    plain = sheet()

    def edited(edit):
        def inner(made: bytes) -> bytes:
            info = cms.ContentInfo.load(made)
            edit(info["content"])
            return info.dump(force=True)

        return inner

    def twice(data: cms.SignedData) -> None:
        other = cms.ContentInfo.load(_other_signer())["content"]["signer_infos"][0]
        data["signer_infos"] = cms.SignerInfos([data["signer_infos"][0], other])

    def without_certificates(data: cms.SignedData) -> None:
        data["certificates"] = cms.CertificateSet([])

    def with_content(data: cms.SignedData) -> None:
        data["encap_content_info"] = {"content_type": "data", "content": core.OctetString(b"palsu")}

    older = b"adbe.pkcs7.detached"
    known = cast()
    same_name = issue("Wayan", known["root"], key=known["p256"].key)
    substituted = Person("Wayan", known["p256"].key, same_name.certificate, (known["root"],))

    def of_another(data: cms.SignedData) -> None:
        """The same key has another certificate, and the signature is said to be of that."""
        data["certificates"] = cms.CertificateSet([cms.CertificateChoices("certificate", substituted.asn1)])
        sid = data["signer_infos"][0]["sid"].chosen
        sid["serial_number"] = substituted.asn1.serial_number

    return [
        Case("bytes behind the signature", by_hand(plain, wrapped=_with_more), "failed:cms_trailing", HOLE_IS_LAX),
        Case("two signers in one", by_hand(plain, wrapped=edited(twice)), "failed:signers"),
        Case("no certificate", by_hand(plain, wrapped=edited(without_certificates)), "failed:no_certificate"),
        Case("content of its own", by_hand(plain, wrapped=edited(with_content)), "failed:not_detached"),
        Case("certificate exchanged", by_hand(plain, wrapped=edited(of_another)), "failed:signing_certificate"),
        Case("certificate not named", by_hand(plain, maker=_plain_cms), "failed:signing_certificate", UNNAMED),
        Case("certificate not named, by older rules", by_hand(plain, maker=_plain_cms, subfilter=older), "passed"),
        Case("SHA-1", by_hand(plain, "rsa2048", algorithm="sha1"), "failed:weak_digest", WEAK),
        Case("kind that is made for SHA-1", by_hand(plain, subfilter=b"adbe.pkcs7.sha1"), "failed:weak_digest", WEAK),
        Case("no cryptography at all", by_hand(plain, wrapped=lambda made: b"\x30\x00"), "failed:cms"),
        Case("lengths without end", by_hand(plain, wrapped=_endless), "failed:cms", ENDLESS),
    ]  # fmt: skip


def _with_more(made: bytes) -> bytes:
    return made + b"palsu"


def _endless(made: bytes) -> bytes:
    return b"\x30\x80" + made[4:] + b"\0\0"


def _plain_cms(covered: bytes) -> bytes:
    """As programs make it that know nothing of PAdES."""
    person = cast()["rsa2048"]
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary, pkcs7.PKCS7Options.NoCapabilities]
    builder = pkcs7.PKCS7SignatureBuilder().set_data(covered).add_signer(person.certificate, person.key, hashes.SHA256())
    return builder.sign(serialization.Encoding.DER, options)


def _other_signer() -> bytes:
    from .making import cms as made_cms

    return made_cms(b"\0" * 32, "p384")


def _stamps() -> list[Case]:
    known = cast()
    token = cms.ContentInfo.load(_contents(sign(sheet(), "p384", service=known["time"].service())))
    foreign = token["content"]["signer_infos"][0]["unsigned_attrs"]

    def with_foreign_stamp(made: bytes) -> bytes:
        info = cms.ContentInfo.load(made)
        info["content"]["signer_infos"][0]["unsigned_attrs"] = foreign
        return info.dump(force=True)

    stamped = stamp_document(sheet())
    return [
        Case("time-stamp of another signature", by_hand(sheet(), wrapped=with_foreign_stamp), "failed:time_stamp"),
        Case("text replaced after a time-stamp", update(stamped, {TEXT: stream(OTHER_WORDS)}), "failed:changed_after"),
    ]


def _contents(file: bytes) -> bytes:
    start = file.index(b"/Contents <") + len(b"/Contents <")
    raw = bytes.fromhex(file[start : file.index(b">", start)].decode())
    length = int.from_bytes(raw[2:4], "big") + 4
    return raw[:length]
