/** @odoo-module **/
/*
 * What SICANTIK sent and could not be taken as it is: a flag in the list (sicantik_flag; the list must hold
 * flag_text), the reasons as badges (sicantik_flags) and, for managers, the raw values (sicantik_raw_values).
 * All read-only.
 */

import { Component, xml } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

export class SicantikFlagField extends Component {
    static template = xml`
        <i t-if="props.record.data[props.name]" class="fa fa-flag text-warning" role="img"
            t-att-title="title" t-att-aria-label="title"/>`;
    static props = { ...standardFieldProps };

    get title() {
        const flags = this.props.record.data.flag_text;
        return flags
            ? _t("Some values could not be taken as they are: %(flags)s", { flags })
            : _t("Some values could not be taken as they are");
    }
}

export class SicantikFlagsField extends Component {
    static template = xml`
        <div class="d-flex flex-wrap gap-1">
            <span t-foreach="flags" t-as="flag" t-key="flag" class="badge rounded-pill text-bg-warning fw-normal"
                t-esc="flag"/>
        </div>`;
    static props = { ...standardFieldProps };

    get flags() {
        return (this.props.record.data[this.props.name] || "").split("; ").filter(Boolean);
    }
}

export class SicantikRawValuesField extends Component {
    static template = xml`
        <dl class="o_sicantik_raw_values mb-0">
            <t t-foreach="entries" t-as="entry" t-key="entry[0]">
                <dt t-esc="entry[0]"/>
                <dd><code t-esc="entry[1]"/></dd>
            </t>
        </dl>`;
    static props = { ...standardFieldProps };

    /** [column, text] of what the list says, then of what the detail says. */
    get entries() {
        const { list, detail } = this.props.record.data[this.props.name] || {};
        const inList = Object.entries(list || {}).map(([column, text]) => [_t("List: %s", column), text]);
        const inDetail = Object.entries(detail || {}).map(([column, text]) => [_t("Detail: %s", column), text]);
        return [...inList, ...inDetail].map(([label, text]) => [label, text || _t("(no value)")]);
    }
}

const fields = registry.category("fields");
fields.add("sicantik_flag", {
    component: SicantikFlagField,
    displayName: _t("SICANTIK Flag"),
    supportedTypes: ["boolean"],
    listViewWidth: 28,
});
fields.add("sicantik_flags", {
    component: SicantikFlagsField,
    displayName: _t("Flags"),
    supportedTypes: ["char"],
});
fields.add("sicantik_raw_values", {
    component: SicantikRawValuesField,
    displayName: _t("Raw Values"),
    supportedTypes: ["json"],
});
