"""What the list of 100,000 documents costs to open and to search, beside Odoo's own list of as many attachments."""

import time
from collections.abc import Callable
from typing import Any

from clerk import Arch, Clerk
from documents import ADDON
from figures import Figures, Goal
from lxml import etree
from riglib.session import Rig
from runs import office_of, run_command, simulator_of

COUNT = 100_000
PERMITS = 20_000
TIMES = 2.0
"""At most so much time beside Odoo's attachments."""
DOCUMENTS = f"""
CREATE TEMPORARY TABLE chosen AS
SELECT n, permit.* FROM generate_series(1, {COUNT}) n
  JOIN (SELECT id AS permit_id, config_id, company_id, permit_number, applicant_name,
               row_number() OVER (ORDER BY id) AS place FROM sicantik_permit) permit
    ON place = 1 + n % {PERMITS};
INSERT INTO sicantik_document (name, number, uuid, permit_id, config_id, company_id, type_id, stage, state,
                               create_uid, create_date, write_uid, write_date)
SELECT 'Izin ' || n, 'DOC/' || 2020 + n % 7 || '/' || lpad(n::text, 6, '0'), gen_random_uuid(), permit_id, config_id, company_id,
       (SELECT min(id) FROM sicantik_document_type), 'original', (ARRAY['draft', 'ready', 'ready', 'withdrawn'])[1 + n % 4],
       2, now() - n * interval '1 minute', 2, now()
  FROM chosen;
INSERT INTO sicantik_document_version (document_id, uuid, number, stage, sha256, size, pages, original_filename,
                                       uploaded_by_id, uploaded_at, create_uid, create_date)
SELECT id, gen_random_uuid(), 1, 'original', md5(id::text) || md5(id::text), {COUNT} + id, 2, name, 2, create_date, 2, create_date
  FROM sicantik_document;
UPDATE sicantik_document SET current_version_id = version.id
  FROM sicantik_document_version version WHERE version.document_id = sicantik_document.id;
INSERT INTO ir_attachment (name, type, res_model, res_id, mimetype, file_size, checksum, store_fname, company_id,
                           create_uid, create_date, write_uid, write_date)
SELECT concat('Izin ', n, ' ', permit_number, ' ', applicant_name, '.pdf'), 'binary', 'sicantik.permit', permit_id,
       'application/pdf', {COUNT} + n, md5(n::text), left(md5(n::text), 2) || '/' || md5(n::text), company_id,
       2, now() - n * interval '1 minute', 2, now()
  FROM chosen;
"""
"""As the addon and Odoo keep them: five documents of each permit, and the same files as attachments of it."""
NUMBER = "503/0012"


class List:
    """A list as the web client opens and searches it."""

    def __init__(self, clerk: Clerk, action: str) -> None:
        self._clerk, self._action = clerk, action

    def open(self) -> None:
        """What the client asks for, from the click on the menu to the rows."""
        action = self._clerk.session.ask("/web/action/load", action_id=self._action)
        self._model = action["res_model"]
        views = [*action["views"], [(action.get("search_view_id") or [False])[0], "search"]]
        answer = self._clerk.call(self._model, "get_views", views, options={"toolbar": True, "load_filters": True})
        fields = answer["models"][self._model]["fields"]
        arch = etree.fromstring(answer["views"]["list"]["arch"])
        self._wanted = {field.get("name"): _wanted(field, fields) for field in arch.xpath("./field")}
        self.rows()

    def rows(self, *domain: Any) -> None:
        """The first page of what is found."""
        context = {"bin_size": True}
        found = self._clerk.call(
            self._model, "web_search_read", domain,
            specification=self._wanted, limit=80, offset=0, order="", context=context, count_limit=10_001,
        )  # fmt: skip
        assert found["records"], domain


def document_list(rig: Rig, figures: Figures, rounds: int) -> None:
    """Both lists by turns, by the administrator; whichever is first changes, too."""
    with simulator_of(rig, PERMITS) as simulator, office_of(rig, simulator, ADDON) as office:
        office.unhurried(rate=1000)
        run_command(office, "permits")
        office.odoo.sql(DOCUMENTS)
        office.odoo.sql("ANALYZE")
        [person] = office.odoo.sql("SELECT min(applicant_name) AS name FROM sicantik_permit")
        clerk = Clerk(office.odoo, "admin")
        ours, odoos = List(clerk, "sicantik_documents.sicantik_document_action"), List(clerk, "base.action_attachment")
        attached = ("name", "ilike")
        steps = {
            "open": ("opened", ours.open, odoos.open),
            "document": (
                "a document's number searched",
                lambda: ours.rows("|", ("name", "ilike", "012345"), ("number", "ilike", "012345")),
                lambda: odoos.rows((*attached, "12345")),
            ),
            "number": (
                "a permit's number searched",
                lambda: ours.rows("|", ("permit_number", "ilike", NUMBER), ("registration_number", "ilike", NUMBER)),
                lambda: odoos.rows((*attached, NUMBER)),
            ),
            "name": (
                "an applicant searched",
                lambda: ours.rows(("applicant_name", "ilike", person["name"])),
                lambda: odoos.rows((*attached, person["name"])),
            ),
        }
        for name, (text, our, odoo) in steps.items():
            pairs = [_seconds(our, odoo, swapped=bool(number % 2)) for number in range(-1, rounds)][1:]
            figures.add(f"document_list_{name}", [1000 * one for one, _ in pairs], "ms", f"{COUNT:,} documents, {text}")
            figures.add(f"attachment_list_{name}", [1000 * one for _, one in pairs], "ms", "  Odoo's attachments")
            ratios = [our / odoo for our, odoo in pairs]
            figures.add(f"document_list_{name}_ratio", ratios, "times", "  documents beside them", Goal("≤", TIMES))


def _wanted(field: Arch, fields: dict[str, Any]) -> dict[str, Any]:
    """What the client asks for of a column."""
    kind = fields[field.get("name")]["type"]
    if kind not in ("many2one", "many2many"):
        return {}
    return {"fields": {"display_name": {}, **({"color": {}} if field.get("widget") == "many2many_tags" else {})}}


def _seconds(our: Callable[[], None], odoo: Callable[[], None], *, swapped: bool) -> tuple[float, float]:
    """Of ours and of Odoo's."""
    spent = {}
    for act in (odoo, our) if swapped else (our, odoo):
        started = time.perf_counter()
        act()
        spent[act] = time.perf_counter() - started
    return spent[our], spent[odoo]
