/** @odoo-module **/
/* The days until a permit's expiry date as a sentence; read-only. */

import { Component, xml } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

export class SicantikDaysLeftField extends Component {
    static template = xml`<span t-esc="formattedValue"/>`;
    static props = { ...standardFieldProps };

    get formattedValue() {
        const days = this.props.record.data[this.props.name];
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
