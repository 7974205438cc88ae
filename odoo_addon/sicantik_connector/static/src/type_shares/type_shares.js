/** @odoo-module **/
/*
 * The permits of a type as one bar, a part for each status, and what the parts mean. On the form each word opens
 * those permits; in the kanban view (legend="text") the card itself is the link. What is near its end stands apart,
 * because it is part of the active ones. The view names the fields, so that their labels are there.
 */

import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatInteger } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const STATUSES = ["active", "expired", "draft", "renewed", "cancelled"];
const NEAR_ITS_END = ["critical", "warning"];

export class SicantikTypeShares extends Component {
    static template = "sicantik_connector.TypeShares";
    static props = {
        ...standardWidgetProps,
        asText: { type: Boolean, optional: true },
    };

    setup() {
        this.action = useService("action");
    }

    get total() {
        return this.props.record.data.permit_count;
    }

    get statuses() {
        return this.partsOf(STATUSES, "permit_status");
    }

    get nearItsEnd() {
        return this.partsOf(NEAR_ITS_END, "permit_expiry_state");
    }

    /** What there is of `names`, with its words, share of all permits and the context that opens it. */
    partsOf(names, key) {
        const { data, fields } = this.props.record;
        return names
            .map((name) => ({
                name,
                count: data[`${name}_count`],
                label: fields[`${name}_count`].string,
                context: { [key]: name },
            }))
            .filter((part) => part.count > 0)
            .map((part) => ({ ...part, share: (100 * part.count) / this.total, shown: formatInteger(part.count) }));
    }

    open(part) {
        const { resModel, resId } = this.props.record;
        this.action.doActionButton({
            type: "object",
            name: "action_view_permits",
            resModel,
            resId,
            resIds: [resId],
            context: { ...this.props.record.context, ...part.context },
        });
    }
}

registry.category("view_widgets").add("sicantik_type_shares", {
    component: SicantikTypeShares,
    extractProps: ({ attrs }) => ({ asText: attrs.legend === "text" }),
});
