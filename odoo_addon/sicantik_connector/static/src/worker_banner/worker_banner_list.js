/** @odoo-module **/
/* A list below the worker's banner, js_class="sicantik_banner_list"; other lists of the addon build upon it. */

import { registry } from "@web/core/registry";
import { listView } from "@web/views/list/list_view";

import { SicantikWorkerBanner } from "./worker_banner";

export class SicantikBannerListController extends listView.Controller {
    static template = "sicantik_connector.ListView";
    static components = { ...listView.Controller.components, SicantikWorkerBanner };
}

export const sicantikBannerList = { ...listView, Controller: SicantikBannerListController };

registry.category("views").add("sicantik_banner_list", sicantikBannerList);
