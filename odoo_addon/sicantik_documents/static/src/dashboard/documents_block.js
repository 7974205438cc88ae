/** @odoo-module **/
/* Documents on the dashboard: few figures, each of which opens the list that it counts. */

import { patch } from "@web/core/utils/patch";
import { formatInteger } from "@web/views/fields/formatters";
import { SicantikDashboardBlock } from "@sicantik_connector/dashboard/block";
import { SicantikDashboard } from "@sicantik_connector/dashboard/dashboard";

/** Figures that somebody should look at, where they count anything. */
const TONES = { waiting: "warning", unmatched: "warning" };

export class SicantikDocumentsBlock extends SicantikDashboardBlock {
    static template = "sicantik_documents.DocumentsBlock";
    static model = "sicantik.document.dashboard";

    get rows() {
        return this.answer.map((figure) => ({
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
