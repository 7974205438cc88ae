/** @odoo-module **/
/* Documents on the dashboard: few figures, each of which opens the list that it counts. It asks for them itself, whenever
 * the dashboard has asked for its own. */

import { Component, markRaw, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { patch } from "@web/core/utils/patch";
import { useService } from "@web/core/utils/hooks";
import { formatInteger } from "@web/views/fields/formatters";
import { SicantikDashboard } from "@sicantik_connector/dashboard/dashboard";

/** Figures that somebody should look at, where they count anything. */
const TONES = { waiting: "warning", unmatched: "warning" };

export class SicantikDocumentsBlock extends Component {
    static template = "sicantik_documents.DocumentsBlock";
    static props = {
        /** When the dashboard's own figures were made: they were asked for anew. */
        now: String,
    };

    setup() {
        this.orm = useService("orm").silent;
        this.action = useService("action");
        this.state = useState({ figures: null });
        onWillStart(() => this.load());
        onWillUpdateProps(({ now }) => {
            if (now !== this.props.now) {
                this.load();
            }
        });
    }

    /** The figures stay as they were when the server is away; the dashboard says that they are old. */
    async load() {
        try {
            this.state.figures = markRaw(await this.orm.call("sicantik.document.dashboard", "figures", []));
        } catch {
            // Said by the dashboard.
        }
    }

    get rows() {
        return this.state.figures.map((figure) => ({
            figure,
            count: formatInteger(figure.count),
            tone: figure.count ? TONES[figure.key] : undefined,
        }));
    }

    open({ model, label, terms }) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: label,
            res_model: model,
            domain: terms,
            views: ["list", "kanban", "form"].map((view) => [false, view]),
            mobile_view_mode: "kanban",
        });
    }

    openAll() {
        return this.action.doAction("sicantik_documents.sicantik_document_action");
    }
}

patch(SicantikDashboard, {
    components: { ...SicantikDashboard.components, SicantikDocumentsBlock },
});
