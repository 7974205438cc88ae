/** @odoo-module **/
/*
 * An ended permit says what the office calls its end: as a badge in place of the status (sicantik_status; a view
 * without the field "ending" shows the status) and as the ribbon of the form (sicantik_ending_ribbon).
 */

import { Component, xml } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { BadgeField, badgeField } from "@web/views/fields/badge/badge_field";
import { ribbonWidget } from "@web/views/widgets/ribbon/ribbon";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** The label of the permit's kind of ending; nothing for one that has not ended. */
function endingOf({ data, fields }) {
    return data.status === "cancelled" && fields.ending?.selection?.find(([kind]) => kind === data.ending)?.[1];
}

export class SicantikStatusField extends BadgeField {
    get formattedValue() {
        return endingOf(this.props.record) || super.formattedValue;
    }
}

export class SicantikEndingRibbon extends Component {
    static template = xml`<Ribbon t-if="label" t-props="props" text="label" bgClass="'text-bg-secondary'"/>`;
    static components = { Ribbon: ribbonWidget.component };
    static props = { ...standardWidgetProps };

    get label() {
        return endingOf(this.props.record);
    }
}

registry.category("fields").add("sicantik_status", {
    ...badgeField,
    component: SicantikStatusField,
    additionalClasses: ["o_field_badge"],
});
registry.category("view_widgets").add("sicantik_ending_ribbon", { component: SicantikEndingRibbon });
