/** @odoo-module **/
/*
 * One thin alert while SICANTIK has no address or no worker listens, with what to do: above the lists of runs and
 * permits (worker_banner_list.js), on the dashboard and, as <widget name="sicantik_worker_banner"/>, in forms. It asks
 * again while it can be seen, and goes away by itself. Its words come from sicantik.config.worker_banner().
 */

import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";

import { useRunProgress } from "../utils/progress";

/** Milliseconds between two questions; a worker polls as often. */
const ASK_EVERY = 30000;

export class SicantikWorkerBanner extends Component {
    static template = "sicantik_connector.WorkerBanner";
    /** A form hands over its record, a list nothing; neither is needed. */
    static props = ["*"];

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ banner: {} });
        // A worker that tells of its progress is there.
        useRunProgress(
            () => this.isShown && this.ask(),
            () => !document.hidden && this.ask()
        );
        onMounted(() => this.ask());
        onWillUnmount(() => {
            this.gone = true;
            browser.clearTimeout(this.timer);
        });
    }

    get isShown() {
        return Boolean(this.state.banner.message);
    }

    /** One question at a time; the next one is planned when it is answered. */
    async ask() {
        if (this.asking) {
            return;
        }
        browser.clearTimeout(this.timer);
        if (!document.hidden) {
            this.asking = true;
            try {
                this.state.banner = await this.orm.silent.call("sicantik.config", "worker_banner", []);
            } catch {
                // Server away, session over: what stands there stays; the next click of the user says it.
            }
            this.asking = false;
        }
        if (!this.gone) {
            this.timer = browser.setTimeout(() => this.ask(), ASK_EVERY);
        }
    }

    openConfiguration() {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "sicantik.config",
            res_id: this.state.banner.config_id,
            views: [[false, "form"]],
        });
    }
}

registry.category("view_widgets").add("sicantik_worker_banner", { component: SicantikWorkerBanner });
