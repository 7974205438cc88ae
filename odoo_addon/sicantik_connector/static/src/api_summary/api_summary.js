/** @odoo-module **/
/*
 * How SICANTIK answered in the last days, <field name="api_summary" widget="sicantik_api_summary"/>: the figures
 * large, then call by call, then why calls failed. Read-only; its shape stands in models/sync_run/api_call.py.
 */

import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatFloat, formatInteger } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { latencyInWords } from "../utils/words";

/** Percent of calls with an answer, from which on all is well, or at least bearable. */
const GOOD = 99;
const BEARABLE = 95;

export class SicantikApiSummary extends Component {
    static template = "sicantik_connector.ApiSummary";
    static props = { ...standardFieldProps };

    get summary() {
        return this.props.record.data[this.props.name];
    }

    get figures() {
        const summary = this.summary;
        return [
            { label: _t("Success"), value: this.percent(summary.success_rate), tone: this.tone(summary.success_rate) },
            { label: _t("Calls"), value: formatInteger(summary.calls) },
            { label: _t("Average"), value: latencyInWords(summary.average_ms) },
            { label: _t("Slowest"), value: latencyInWords(summary.slowest_ms) },
        ];
    }

    /** "100 %" only when every call had an answer. */
    percent(rate) {
        const shown = rate < 100 ? Math.min(rate, 99.9) : 100;
        return _t("%(rate)s %", { rate: formatFloat(shown, { digits: [0, shown < 100 ? 1 : 0] }) });
    }

    tone(rate) {
        if (rate >= GOOD) {
            return "success";
        }
        return rate >= BEARABLE ? "warning" : "danger";
    }

    count(number) {
        return formatInteger(number);
    }

    latency(milliseconds) {
        return latencyInWords(milliseconds);
    }
}

registry.category("fields").add("sicantik_api_summary", {
    component: SicantikApiSummary,
    displayName: _t("API Calls"),
    supportedTypes: ["json"],
});
