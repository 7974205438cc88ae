/** @odoo-module **/
/*
 * One alert above the list of permit types, js_class="sicantik_type_list", while a manager has pairs of types to decide
 * about. Its words come from sicantik.permit.type.renewal_pairs().
 */

import { Component, onWillStart, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { listView } from "@web/views/list/list_view";

export class SicantikPairsBanner extends Component {
    static template = "sicantik_connector.PairsBanner";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ message: "" });
        onWillStart(async () => {
            Object.assign(this.state, await this.orm.call("sicantik.permit.type", "renewal_pairs", []));
        });
    }

    openPairs() {
        this.action.doAction("sicantik_connector.sicantik_permit_type_action_pairs");
    }
}

export class SicantikTypeListController extends listView.Controller {
    static template = "sicantik_connector.TypeListView";
    static components = { ...listView.Controller.components, SicantikPairsBanner };
}

registry.category("views").add("sicantik_type_list", { ...listView, Controller: SicantikTypeListController });
