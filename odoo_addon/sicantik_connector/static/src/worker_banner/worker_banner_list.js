/** @odoo-module **/
/* A list below the worker's banner: those of runs and of permits build upon it. */

import { listView } from "@web/views/list/list_view";

import { SicantikWorkerBanner } from "./worker_banner";

export class SicantikBannerListController extends listView.Controller {
    static template = "sicantik_connector.ListView";
    static components = { ...listView.Controller.components, SicantikWorkerBanner };
}
