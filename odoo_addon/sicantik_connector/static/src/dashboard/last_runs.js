/** @odoo-module **/
/* The last sync runs on the dashboard; one that is under way moves. */

import { Component } from "@odoo/owl";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { formatInteger } from "@web/views/fields/formatters";

import { timeLeftInWords } from "../utils/words";
import { RUN_TONES } from "./tones";

export class SicantikLastRuns extends Component {
    static template = "sicantik_connector.LastRuns";
    static props = {
        runs: Array,
        /** UTC, the server's clock. */
        now: String,
        /** Whether the runs are of several configurations. */
        hasSeveral: Boolean,
        onOpen: Function,
    };

    get rows() {
        return this.props.runs.map((run) => ({
            run,
            tone: RUN_TONES[run.state],
            title: this.props.hasSeveral ? `${run.kind_label} · ${run.config}` : run.kind_label,
            when: this.when(run.time),
            at: formatDateTime(deserializeDateTime(run.time)),
            percent: run.total ? Math.min(100, (100 * run.done) / run.total) : 100,
            isRunning: run.state === "claimed",
            text: run.text || this.progress(run),
        }));
    }

    when(time) {
        return deserializeDateTime(time).toRelative({ base: deserializeDateTime(this.props.now) });
    }

    progress(run) {
        if (run.state !== "claimed" || !run.total) {
            return "";
        }
        const figures = { done: formatInteger(run.done), total: formatInteger(run.total) };
        const counts = _t("%(done)s of %(total)s", figures);
        return run.eta_seconds > 0 ? `${counts} · ${timeLeftInWords(run.eta_seconds)}` : counts;
    }
}
