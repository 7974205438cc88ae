/** @odoo-module **/
/*
 * Two permits side by side, what differs marked, and what speaks for the one as the renewal of the other. Read-only; its
 * words come from the permit (models/permit/sides.py).
 */

import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

export class SicantikSidesField extends Component {
    static template = "sicantik_connector.Sides";
    static props = { ...standardFieldProps };

    get sides() {
        return this.props.record.data[this.props.name];
    }
}

registry.category("fields").add("sicantik_sides", {
    component: SicantikSidesField,
    displayName: _t("Permits Side by Side"),
    supportedTypes: ["json"],
});
