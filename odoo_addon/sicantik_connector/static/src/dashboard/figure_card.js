/** @odoo-module **/
/* One figure of the dashboard on a card; pressed, it opens the permits that it counts. */

import { Component } from "@odoo/owl";
import { formatInteger } from "@web/views/fields/formatters";

export class SicantikFigureCard extends Component {
    static template = "sicantik_connector.FigureCard";
    static props = {
        figure: Object,
        tone: String,
        /** What 100 % is; without it no share is shown. */
        whole: { type: Number, optional: true },
        onOpen: Function,
    };

    get count() {
        return formatInteger(this.props.figure.count);
    }

    /** Never "0 %" of something, never "100 %" of a part. */
    get share() {
        const { figure, whole } = this.props;
        if (!whole || !figure.count) {
            return "";
        }
        const percent = Math.round((100 * figure.count) / whole);
        if (percent === 0) {
            return "< 1 %";
        }
        return `${figure.count < whole ? Math.min(percent, 99) : percent} %`;
    }
}
