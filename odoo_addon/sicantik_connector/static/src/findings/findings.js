/** @odoo-module **/
/*
 * What a connection test found, <field name="probe_lines" widget="sicantik_findings"/>: a mark before each sentence says
 * whether it is well or to be looked at. Its shape stands in models/config/status.py.
 */

import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

export class SicantikFindings extends Component {
    static template = "sicantik_connector.Findings";
    static props = { ...standardFieldProps };

    get findings() {
        return (this.props.record.data[this.props.name] || []).map(({ text, warns }) => ({
            text,
            icon: warns ? "fa-exclamation-triangle o_sicantik_warns" : "fa-check o_sicantik_is_well",
            mark: warns ? _t("To look at") : _t("All is well"),
        }));
    }
}

registry.category("fields").add("sicantik_findings", {
    component: SicantikFindings,
    displayName: _t("Findings"),
    supportedTypes: ["json"],
});
