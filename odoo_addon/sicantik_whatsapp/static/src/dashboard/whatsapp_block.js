/** @odoo-module **/
/* WhatsApp on the dashboard: accounts that need a look, messages of today and of this month, and how many agreed. */

import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { formatInteger } from "@web/views/fields/formatters";
import { SicantikDashboardBlock } from "@sicantik_connector/dashboard/block";
import { SicantikDashboard } from "@sicantik_connector/dashboard/dashboard";

const ACCOUNT_TONES = { held: "warning", failed: "danger", never: "muted", ok: "success" };
const ANSWER_TONES = { opted_in: "success", opted_out: "danger", unknown: "muted" };
/** Rows that somebody should look at, where they count anything. */
const ROW_TONES = { failed: "danger", unknown: "warning" };

export class SicantikWhatsappBlock extends SicantikDashboardBlock {
    static template = "sicantik_whatsapp.WhatsappBlock";
    static model = "sicantik.whatsapp.dashboard";

    get accounts() {
        return this.answer.accounts.map((account) => ({ ...account, tone: ACCOUNT_TONES[account.state] }));
    }

    /** A row for each state, with a figure for each span. */
    get rows() {
        const [first] = this.answer.spans;
        return first.figures.map(({ key, label }, index) => ({
            key,
            label,
            cells: this.answer.spans.map((span) => ({
                span,
                figure: span.figures[index],
                count: formatInteger(span.figures[index].count),
                tone: span.figures[index].count ? ROW_TONES[key] : undefined,
            })),
        }));
    }

    get answers() {
        const whole = this.answer.answers.reduce((sum, { count }) => sum + count, 0);
        return this.answer.answers.map((figure) => ({
            figure,
            tone: ANSWER_TONES[figure.key],
            count: formatInteger(figure.count),
            percent: whole ? (100 * figure.count) / whole : 0,
        }));
    }

    get agreed() {
        return _t("%(share)s of the contacts of permits agreed", { share: `${this.answer.agreed} %` });
    }

    openMessages(span, figure) {
        return this.list("sicantik.whatsapp.message", `${figure.label}: ${span.label}`, figure.terms);
    }

    openAnswers(figure) {
        return this.list("sicantik.whatsapp.answer", figure.label, figure.terms);
    }

    list(model, name, domain) {
        const views = [[false, "list"]];
        if (model === "sicantik.whatsapp.message") {
            views.push([false, "form"]);
        }
        return this.action.doAction({ type: "ir.actions.act_window", name, res_model: model, domain, views });
    }

    openAccount(id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "sicantik.whatsapp.account",
            res_id: id,
            views: [[false, "form"]],
        });
    }

    openPage(name) {
        return this.action.doAction(`sicantik_whatsapp.${name}`);
    }
}

patch(SicantikDashboard, {
    components: { ...SicantikDashboard.components, SicantikWhatsappBlock },
});
