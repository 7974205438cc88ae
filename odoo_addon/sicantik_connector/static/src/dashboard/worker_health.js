/** @odoo-module **/
/* How the worker of each configuration is; pressed, it opens the configuration. */

import { Component } from "@odoo/owl";
import { deserializeDateTime, formatDate, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

import { WORKER_TONES } from "./tones";

/** Milliseconds after which a look that was not ordered is told: Odoo looks for what is due once a minute. */
const OVERDUE = 10 * 60 * 1000;

export class SicantikWorkerHealth extends Component {
    static template = "sicantik_connector.WorkerHealth";
    static props = {
        workers: Array,
        /** UTC, the server's clock. */
        now: String,
        onOpen: Function,
    };

    get rows() {
        return this.props.workers.map((worker) => ({
            worker,
            tone: WORKER_TONES[worker.state],
            facts: this.facts(worker),
        }));
    }

    /** `[{name, value, at, tone}]`: what is known of a worker, in the order of a person's questions. */
    facts(worker) {
        return [
            this.address(worker),
            this.fact("seen", _t("Last seen"), worker.seen),
            this.reached(worker),
            this.fact("last_sync", _t("Permits read"), worker.last_sync),
            this.fact("last_expiry_sync", _t("Expiry dates read"), worker.last_expiry_sync),
            this.nextLook(worker),
            this.keyEnd(worker),
        ].filter(Boolean);
    }

    fact(key, name, time) {
        if (!time) {
            return { key, name, value: _t("never"), at: "" };
        }
        const at = deserializeDateTime(time);
        return { key, name, value: at.toRelative({ base: this.now }), at: formatDateTime(at) };
    }

    /** When SICANTIK last answered; a colour while it does not. */
    reached(worker) {
        if (worker.connection === "unknown") {
            return null;
        }
        const fact = this.fact("reached", _t("SICANTIK answered"), worker.reached);
        return worker.connection === "error" ? { ...fact, tone: "danger" } : fact;
    }

    /** Told only while it is missing. */
    address(worker) {
        return worker.address
            ? null
            : { key: "address", name: _t("Address"), value: _t("not entered"), at: "", tone: "warning" };
    }

    get now() {
        return deserializeDateTime(this.props.now);
    }

    nextLook(worker) {
        if (worker.state === "never" || !worker.address) {
            return null;
        }
        const fact = this.fact("next_look", _t("Next look"), worker.next_look);
        if (!worker.next_look) {
            return { ...fact, value: _t("not scheduled"), tone: "warning" };
        }
        const late = this.now - deserializeDateTime(worker.next_look);
        if (late > OVERDUE) {
            return { ...fact, value: _t("overdue: Odoo runs no scheduled actions"), tone: "warning" };
        }
        return late >= 0 ? { ...fact, value: _t("any moment") } : fact;
    }

    /** A day is what counts, and a colour once it is near. */
    keyEnd(worker) {
        if (!worker.key_ends) {
            return null;
        }
        const fact = this.fact("key_ends", _t("Key ends"), worker.key_ends);
        const tone = { ending: "warning", ended: "danger" }[worker.key_state];
        return { ...fact, value: formatDate(deserializeDateTime(worker.key_ends)), tone };
    }
}
