/** @odoo-module **/
/*
 * The status bar of a page that follows a worker: <field name="state" widget="sicantik_live_statusbar"/>.
 *
 * Odoo's own passes over a value that comes while it measures its buttons, from one frame to the next, and
 * then shows the state before it until something else draws it anew (web, statusbar_field.js, 18.0 and 19.0).
 */

import { onWillRender, onWillUnmount } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { StatusBarField, statusBarField } from "@web/views/fields/statusbar/statusbar_field";

/** Milliseconds after which the buttons of a new state are measured again. */
const MEASURE_AFTER = 500;

export class SicantikLiveStatusBarField extends StatusBarField {
    setup() {
        super.setup();
        onWillRender(() => {
            const shown = this.items.inline?.find((item) => item.isSelected);
            if (shown?.value !== this.props.record.data[this.props.name]) {
                Object.assign(this.items, this.getSortedItems());
                browser.clearTimeout(this.timer);
                this.timer = browser.setTimeout(() => this.render(), MEASURE_AFTER);
            }
        });
        onWillUnmount(() => browser.clearTimeout(this.timer));
    }
}

registry.category("fields").add("sicantik_live_statusbar", {
    ...statusBarField,
    component: SicantikLiveStatusBarField,
    additionalClasses: ["o_field_statusbar"],
});
