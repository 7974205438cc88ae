"""Dates, statuses and places in the two languages of notices. No Odoo in here.

A notice goes to people outside, so its words do not depend on the languages that this
Odoo has installed.
"""

from datetime import timedelta

from babel.dates import format_date, format_datetime
from dateutil.relativedelta import relativedelta
from pytz import timezone, utc

# The languages in which notices can be written.
LANGUAGES = ("id", "en")

# Of an ended permit its kind of ending says more.
STATUSES = {
    "id": {
        "draft": "dalam proses (belum bernomor)",
        "active": "berlaku",
        "expired": "masa berlaku habis",
        "renewed": "telah diperpanjang",
        "cancelled": "tidak berlaku lagi",
    },
    "en": {
        "draft": "in process (not numbered yet)",
        "active": "valid",
        "expired": "expired",
        "renewed": "renewed",
        "cancelled": "no longer valid",
    },
}
ENDINGS = {
    "id": {
        "cancelled": "dibatalkan",
        "revoked": "dicabut",
        "closed": "ditutup (tidak berlaku lagi)",
        "replaced": "digantikan oleh dokumen lain",
    },
    "en": {
        "cancelled": "cancelled",
        "revoked": "revoked",
        "closed": "closed (no longer valid)",
        "replaced": "replaced by another document",
    },
}
# A message that goes to one applicant about several permits.
FURTHER = {
    "id": "Izin Anda yang juga akan berakhir:",
    "en": "Your other permits that are about to expire:",
}
# A message that goes to one person of the office about several permits.
CHANGED_TOO = {
    "id": "Perizinan lain yang statusnya juga berubah:",
    "en": "Other permits whose status has changed:",
}
# Between the old and the new status.
MARKS = {"id": "menjadi", "en": "→"}
TRIAL = {"id": "UJI COBA", "en": "TRIAL"}
TRIAL_TEXT = {
    "id": "UJI COBA: pemberitahuan ini sebenarnya untuk {name} dan tidak dikirim "
    "kepadanya.",
    "en": "TRIAL: this notice is meant for {name}, who did not get it.",
}
ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


def language_of(code):
    """The language of notices for a contact whose language in Odoo is ``code``."""
    return "en" if (code or "").startswith("en") else "id"


def date_words(date, language):
    """``10 Maret 2026``, or nothing without a date."""
    return format_date(date, "d MMMM y", locale=language) if date else ""


def moment_words(moment, zone, language):
    """``10 Maret 2026, 09.05 WIB`` for a moment in UTC without a zone of its own."""
    if not moment:
        return ""
    local = utc.localize(moment).astimezone(timezone(zone))
    clock = "HH.mm" if language == "id" else "HH:mm"
    words = format_datetime(local, f"d MMMM y, {clock}", locale=language)
    return f"{words} {ZONES.get(zone, zone)}"


def permit_words(permit_type, number, expiry, days, language):
    """A permit in one line, as ``Izin Praktik Dokter, 503/0001, berlaku sampai 10 Juni
    2026 (30 hari lagi)``; what is not known is left out."""
    if language == "id":
        until, left = "berlaku sampai", "hari ini" if not days else f"{days} hari lagi"
    else:
        plural = "" if days == 1 else "s"
        until, left = "valid until", f"{days} day{plural} left" if days else "today"
    date = f"{until} {expiry} ({left})" if expiry else None
    return ", ".join(filter(None, (permit_type_and_number(permit_type, number), date)))


def permit_type_and_number(permit_type, number):
    """``Izin Praktik Dokter, 503/0001``; what is not known is left out."""
    return ", ".join(filter(None, (permit_type, number)))


def status_words(status, language, ending=None):
    """A permit's status as an applicant reads it; ``ending``: of what kind its end is,
    where that is known and has words here."""
    kind = ENDINGS[language].get(ending) if status == "cancelled" else None
    return kind or STATUSES[language].get(status, "")


def whole_years(start, end):
    """The whole years from ``start`` to ``end``, which may be the day before; 0 when
    they are not whole, or a date is missing."""
    if not start or not end:
        return 0
    for last in (end, end + timedelta(days=1)):
        span = relativedelta(last, start)
        if not span.months and not span.days:
            return max(span.years, 0)
    return 0
