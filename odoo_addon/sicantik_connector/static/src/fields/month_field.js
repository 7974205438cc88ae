/** @odoo-module **/
/* A date that stands for its month ("March 2025"); read-only. */

import { Component, xml } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

export class SicantikMonthField extends Component {
    static template = xml`<span class="text-nowrap" t-esc="formattedValue"/>`;
    static props = { ...standardFieldProps };

    get formattedValue() {
        const date = this.props.record.data[this.props.name];
        return date ? date.toFormat("LLLL yyyy") : "";
    }
}

registry.category("fields").add("sicantik_month", {
    component: SicantikMonthField,
    displayName: _t("Month"),
    supportedTypes: ["date"],
});
