/** @odoo-module **/
/*
 * *Did you mean*: above a list or kanban of permits in which nothing is found, the few permits that come nearest to
 * what was typed, as links. Pages of permits have it by js_class="sicantik_permit_list" and "sicantik_permit_kanban".
 */

import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { listView } from "@web/views/list/list_view";

import { withFacets } from "../utils/permit_search";
import { SicantikBannerListController } from "../worker_banner/worker_banner_list";

/** Characters of what was typed that are shown. */
const SHOWN = 60;

/** What was typed last into the first field of the search box; empty when it is other things that are asked for. */
export function typedIn(domain) {
    const typed = domain.filter((term) => Array.isArray(term) && term[0] === "display_name");
    return typed.length ? typed.at(-1)[2] : "";
}

export class SicantikNearest extends Component {
    static template = "sicantik_connector.Nearest";
    static props = { domain: Array };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ typed: "", permits: [] });
        onWillStart(() => void this.ask(this.props.domain));
        onWillUpdateProps(({ domain }) => void this.ask(domain));
    }

    /** The list is shown meanwhile; of two questions under way the later one counts. */
    async ask(domain) {
        const typed = typedIn(domain);
        if (typed === this.asked) {
            return;
        }
        this.asked = typed;
        Object.assign(this.state, { typed, permits: [] });
        const permits = typed ? await this.orm.call("sicantik.permit", "nearest", [typed]) : [];
        if (typed === this.asked) {
            this.state.permits = permits;
        }
    }

    get sentence() {
        const { typed } = this.state;
        const shown = typed.length > SHOWN ? `${typed.slice(0, SHOWN)}…` : typed;
        return _t("No permit here fits “%(typed)s”.", { typed: shown });
    }

    open(permit) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "sicantik.permit",
            res_id: permit.id,
            views: [[false, "form"]],
        });
    }
}

class SicantikPermitListController extends SicantikBannerListController {
    static template = "sicantik_connector.PermitListView";
    static components = { ...SicantikBannerListController.components, SicantikNearest };
}

class SicantikPermitKanbanController extends kanbanView.Controller {
    static template = "sicantik_connector.PermitKanbanView";
    static components = { ...kanbanView.Controller.components, SicantikNearest };
}

const views = registry.category("views");
views.add("sicantik_permit_list", withFacets({ ...listView, Controller: SicantikPermitListController }));
views.add("sicantik_permit_kanban", withFacets({ ...kanbanView, Controller: SicantikPermitKanbanController }));
