/** @odoo-module **/
/*
 * The live progress of a sync run: <widget name="sicantik_run_progress"/> in the run's form.
 *
 * Two ways lead to a fresh record: the bus (a push after each report of the worker) and, where no websocket
 * is, a poll while the run is open and the tab is visible. Both only reload the record; what is shown is
 * always what the database says. The form's arch must contain every field that is read here.
 */

import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatInteger } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { useFreshRecord } from "../utils/fresh_record";
import { durationInWords, timeLeftInWords } from "../utils/words";

const { DateTime } = luxon;

/** Seconds by which the browser's clock may be ahead of the server's before a lease seems to have ended. */
const CLOCK_GRACE = 60;

const OPEN_STATES = ["queued", "claimed"];

export class SicantikRunProgress extends Component {
    static template = "sicantik_connector.RunProgress";
    static props = { ...standardWidgetProps };

    setup() {
        useFreshRecord(
            () => this.props.record,
            () => this.isOpen,
            (payload) => payload.id === this.props.record.resId || payload.uuid === this.data.uuid
        );
    }

    // -- what is shown --------------------------------------------------------------------------------

    get data() {
        return this.props.record.data;
    }

    get isOpen() {
        return OPEN_STATES.includes(this.data.state);
    }

    get isQueued() {
        return this.data.state === "queued";
    }

    get isRunning() {
        return this.data.state === "claimed";
    }

    /** The worker renews its lease with each report; one that has ended means that it fell silent. */
    get isSilent() {
        const until = this.data.lease_until;
        return this.isRunning && Boolean(until) && until.plus({ seconds: CLOCK_GRACE }) < DateTime.now();
    }

    get headline() {
        if (this.isOpen && this.data.cancel_requested) {
            return _t("Stopping…");
        }
        if (this.isSilent) {
            return _t("The worker has fallen silent");
        }
        switch (this.data.state) {
            case "queued":
                return _t("Waiting for the worker");
            case "claimed":
                return this.stage;
            case "done":
                return this.isComparison ? _t("No differences") : _t("Done");
            case "partial":
                return this.isComparison ? _t("There are differences") : _t("Done in part");
            case "failed":
                return _t("Failed");
            case "cancelled":
                return _t("Cancelled");
            case "lost":
                return _t("Lost: the worker never came back to this run");
        }
        return "";
    }

    get stage() {
        switch (this.data.stage) {
            case "types":
                return _t("Reading the permit types");
            case "permits":
                return _t("Reading the permit list");
            case "expiry":
                return _t("Asking for expiry dates");
            case "probe":
                return _t("Testing the connection");
        }
        return _t("The worker has begun");
    }

    /** SICANTIK did not answer, and is asked again. */
    get isWaiting() {
        return this.isRunning && !this.isSilent && Boolean(this.data.retry_text);
    }

    /** What technicians want to know of it; folded away. */
    get detail() {
        return (this.isWaiting ? this.data.retry_detail : !this.isOpen && this.data.error_detail) || "";
    }

    /** One honest sentence below the headline: what is waited for, or what came of it. */
    get sentence() {
        if (this.isSilent) {
            return _t("If it does not come back, the run is taken up again from the start.");
        }
        if (this.isQueued) {
            return _t("It starts by itself when the worker takes it; a worker looks for orders every 30 seconds.");
        }
        if (this.isWaiting) {
            return this.data.retry_text;
        }
        if (["failed", "partial"].includes(this.data.state) && this.data.error_text) {
            return this.data.error_text;
        }
        const message = this.data.message || "";
        if (this.isComparison && this.data.state === "partial") {
            return _t("%(counts)s They are listed below, permit by permit. Nothing was changed.", { counts: message });
        }
        return message;
    }

    /** A comparison that came to its end; one that broke off says so as other runs do. */
    get isComparison() {
        return this.data.kind === "compare" && !this.isOpen && !this.data.error_text;
    }

    get hasTotal() {
        return this.data.total > 0;
    }

    get percent() {
        if (!this.isOpen) {
            return this.data.state === "done" || !this.hasTotal ? 100 : this.share;
        }
        return this.hasTotal ? this.share : 100;
    }

    get share() {
        return Math.max(0, Math.min(100, (100 * this.data.done) / this.data.total));
    }

    /** Never "100 %" before all is done. */
    get percentLabel() {
        if (!this.hasTotal || this.data.state === "done" || this.isQueued) {
            return "";
        }
        const rounded = Math.round(this.share);
        return `${this.data.done < this.data.total ? Math.min(rounded, 99) : rounded} %`;
    }

    get figures() {
        const figures = [];
        const { done, total, rate, eta_seconds: eta, duration } = this.data;
        if (this.hasTotal) {
            figures.push(
                _t("%(done)s of %(total)s", {
                    done: formatInteger(done),
                    total: formatInteger(total),
                })
            );
        } else if (this.isRunning && done) {
            figures.push(formatInteger(done));
        }
        const isWorking = this.isRunning && !this.isSilent;
        if (isWorking && rate >= 1) {
            figures.push(_t("%(rate)s per second", { rate: formatInteger(Math.round(rate)) }));
        } else if (isWorking && rate > 0) {
            figures.push(_t("%(rate)s per minute", { rate: Math.max(1, Math.round(rate * 60)) }));
        }
        if (isWorking && this.hasTotal && eta > 0) {
            figures.push(timeLeftInWords(eta));
        }
        if (!this.isOpen && duration) {
            figures.push(_t("in %(duration)s", { duration: durationInWords(duration) }));
        }
        return figures;
    }

    get tone() {
        if (this.isSilent || this.isWaiting) {
            return "warning";
        }
        return (
            {
                queued: "secondary",
                claimed: "primary",
                done: "success",
                partial: "warning",
                lost: "warning",
                failed: "danger",
                cancelled: "secondary",
            }[this.data.state] || "secondary"
        );
    }

    get icon() {
        if (this.isSilent) {
            return "fa-exclamation-triangle";
        }
        return (
            {
                queued: "fa-hourglass-half",
                claimed: "fa-refresh fa-spin",
                done: "fa-check-circle",
                partial: "fa-exclamation-circle",
                lost: "fa-question-circle",
                failed: "fa-times-circle",
                cancelled: "fa-ban",
            }[this.data.state] || "fa-clock-o"
        );
    }

    /** A moving bar says "working, length unknown" or "waiting". */
    get isMoving() {
        return this.isRunning && !this.isSilent && !this.hasTotal;
    }
}

registry.category("view_widgets").add("sicantik_run_progress", {
    component: SicantikRunProgress,
});
