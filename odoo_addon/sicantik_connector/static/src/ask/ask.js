/** @odoo-module **/
/* What SICANTIK answers to Ask SICANTIK Now: <widget name="sicantik_ask"/> in the permit's form. */

import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { useFreshRecord } from "../utils/fresh_record";

export class SicantikAsk extends Component {
    static template = "sicantik_connector.Ask";
    static props = { ...standardWidgetProps };

    setup() {
        useFreshRecord(
            () => this.props.record,
            () => this.isOpen,
            (payload) => payload.id === this.runId
        );
    }

    get data() {
        return this.props.record.data;
    }

    /** Odoo 18 has a pair, Odoo 19 an object. */
    get runId() {
        const run = this.data.ask_run_id;
        return Array.isArray(run) ? run[0] : run && run.id;
    }

    get isOpen() {
        return ["queued", "claimed"].includes(this.data.ask_state);
    }

    get tone() {
        return this.isOpen ? "info" : this.data.ask_state === "done" ? "success" : "warning";
    }

    get icon() {
        return this.isOpen ? "fa-refresh fa-spin" : this.data.ask_state === "done" ? "fa-check" : "fa-exclamation-triangle";
    }
}

registry.category("view_widgets").add("sicantik_ask", { component: SicantikAsk });
