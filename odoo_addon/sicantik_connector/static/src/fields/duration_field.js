/** @odoo-module **/
/* Seconds shown as a duration; read-only. Used by the views of sync runs and the expiry wizard. */

import { Component, xml } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { durationInWords } from "../utils/words";

export class SicantikDurationField extends Component {
    static template = xml`<span class="text-nowrap" dir="auto" t-esc="formattedValue"/>`;
    static props = { ...standardFieldProps };

    get formattedValue() {
        const seconds = this.props.record.data[this.props.name];
        return seconds ? durationInWords(seconds) : _t("< 1 s");
    }
}

registry.category("fields").add("sicantik_duration", {
    component: SicantikDurationField,
    displayName: _t("Duration"),
    supportedTypes: ["integer", "float"],
});
