/** @odoo-module **/
/*
 * How complete and sound the permits are, <field name="report" widget="sicantik_data_quality"/>: a bar for each figure,
 * and the figure opens the permits that it counts. Its shape stands in wizards/sicantik_data_quality.py.
 */

import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat, formatInteger } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { listPermits } from "../utils/permits";

/** Percent of permits from which on a coverage is good, or at least bearable. */
const GOOD = 90;
const BEARABLE = 60;

export class SicantikDataQuality extends Component {
    static template = "sicantik_connector.DataQuality";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    get report() {
        return this.props.record.data[this.props.name] || { permits: 0, sections: [] };
    }

    count(number) {
        return formatInteger(number);
    }

    share(line, section) {
        return section.total ? (100 * line.count) / section.total : 0;
    }

    /** Neither "100 %" while one is missing nor "0 %" while there is one. */
    percent(line, section) {
        const share = this.share(line, section);
        const isExact = share === 0 || share === 100;
        const shown = isExact ? share : Math.min(Math.max(share, 0.1), 99.9);
        return _t("%(share)s %", { share: formatFloat(shown, { digits: [0, isExact ? 0 : 1] }) });
    }

    tone(line, section) {
        const share = this.share(line, section);
        if (section.code === "coverage") {
            return share >= GOOD ? "success" : share >= BEARABLE ? "warning" : "danger";
        }
        return section.code === "without_date" ? "info" : "warning";
    }

    total(section) {
        return _t("of %(total)s permits", { total: formatInteger(section.total) });
    }

    without(line) {
        return _t("%(count)s without", { count: formatInteger(line.rest) });
    }

    open(description, domain) {
        return listPermits(this.action, [{ description, domain }]);
    }

    openRest(line) {
        return this.open(_t("Without: %(label)s", { label: line.label }), line.rest_domain);
    }
}

registry.category("fields").add("sicantik_data_quality", {
    component: SicantikDataQuality,
    displayName: _t("Data Quality"),
    supportedTypes: ["json"],
});
