/** @odoo-module **/
/*
 * The list of sync runs, js_class="sicantik_run_list": it reloads itself when a worker reports progress.
 */

import { onWillUnmount } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { listView } from "@web/views/list/list_view";

import { useRunProgress } from "../utils/progress";
import { SicantikBannerListController } from "../worker_banner/worker_banner_list";

/** Milliseconds from a push to the reload; what is pushed meanwhile comes with it. */
const RELOAD_AFTER = 1000;

export class SicantikRunListController extends SicantikBannerListController {
    setup() {
        super.setup();
        useRunProgress(
            () => this.planReload(),
            () => this.isStale && this.planReload()
        );
        onWillUnmount(() => browser.clearTimeout(this.reloadTimer));
    }

    planReload() {
        this.reloadTimer ??= browser.setTimeout(() => this.reload(), RELOAD_AFTER);
    }

    /** A selection is left in peace, as a reload would undo it: the list looks again until it is gone. */
    async reload() {
        this.reloadTimer = undefined;
        this.isStale = true;
        if (document.hidden) {
            return;
        }
        if (this.model.root.selection.length) {
            this.planReload();
            return;
        }
        try {
            await this.model.root.load();
            this.isStale = false;
        } catch {
            // Odoo is away: the next push, or the next look at the page, reloads.
        }
    }
}

registry.category("views").add("sicantik_run_list", { ...listView, Controller: SicantikRunListController });
