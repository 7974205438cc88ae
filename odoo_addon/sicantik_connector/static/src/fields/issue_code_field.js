/** @odoo-module **/
/* The reason of an issue as a badge in words (sicantik_issue_code); read-only. */

import { Component, xml } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { issueInWords } from "../utils/issues";

export class SicantikIssueCodeField extends Component {
    static template = xml`<span class="badge rounded-pill text-bg-300" t-esc="words"/>`;
    static props = { ...standardFieldProps };

    get words() {
        return issueInWords(this.props.record.data[this.props.name]);
    }
}

registry.category("fields").add("sicantik_issue_code", {
    component: SicantikIssueCodeField,
    displayName: _t("Reason"),
    supportedTypes: ["char"],
});
