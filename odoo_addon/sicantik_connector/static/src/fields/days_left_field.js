/** @odoo-module **/
/* The days until a permit's expiry date as a sentence, in years and months where they are many; read-only. */

import { Component, xml } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const { DateTime, Duration } = luxon;

/** Beyond it nobody counts in days. */
const MANY_DAYS = 90;

/** "9 years 2 months", to the nearest month, in the reader's language. */
function longTime(days) {
    const today = DateTime.now().startOf("day");
    const [first, last] = days > 0 ? [today, today.plus({ days })] : [today.plus({ days }), today];
    const all = Math.round(last.diff(first, "months").months);
    const years = Math.floor(all / 12);
    const months = all % 12;
    const parts = [years && { years }, months && { months }].filter(Boolean);
    return parts.map((part) => Duration.fromObject(part).toHuman()).join(" ");
}

export class SicantikDaysLeftField extends Component {
    static template = xml`<span dir="auto" t-esc="formattedValue"/>`;
    static props = { ...standardFieldProps };

    get formattedValue() {
        const days = this.props.record.data[this.props.name];
        if (days > MANY_DAYS) {
            return _t("%(time)s left", { time: longTime(days) });
        }
        if (days < -MANY_DAYS) {
            return _t("Expired %(time)s ago", { time: longTime(days) });
        }
        if (days > 1) {
            return _t("%(days)s days left", { days });
        }
        if (days === 1) {
            return _t("1 day left");
        }
        if (days === 0) {
            return _t("Today is the last day");
        }
        if (days === -1) {
            return _t("Expired yesterday");
        }
        return _t("Expired %(days)s days ago", { days: -days });
    }
}

registry.category("fields").add("sicantik_days_left", {
    component: SicantikDaysLeftField,
    displayName: _t("Days Left"),
    supportedTypes: ["integer"],
});
