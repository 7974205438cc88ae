/** @odoo-module **/
/* The calendar of permits, js_class="sicantik_permit_calendar": an entry begins with the applicant. */

import { registry } from "@web/core/registry";
import { calendarView } from "@web/views/calendar/calendar_view";

import { withFacets } from "../utils/permit_search";

class SicantikPermitCalendarModel extends calendarView.Model {
    /** Beside each other, numbers of one office look alike. */
    normalizeRecord(rawRecord) {
        const record = super.normalizeRecord(rawRecord);
        const title = [rawRecord.applicant_name, record.title].filter(Boolean).join(" · ");
        return { ...record, title };
    }
}

registry
    .category("views")
    .add("sicantik_permit_calendar", withFacets({ ...calendarView, Model: SicantikPermitCalendarModel }));
