/** @odoo-module **/
/* Figures of the dashboard as bars, the largest first; pressed, each opens the permits that it counts. */

import { Component } from "@odoo/owl";
import { formatInteger } from "@web/views/fields/formatters";

export class SicantikBarList extends Component {
    static template = "sicantik_connector.BarList";
    static props = {
        figures: Array,
        onOpen: Function,
    };

    get bars() {
        const { figures } = this.props;
        const isRest = ({ key }) => key.startsWith(":");
        const largest = Math.max(1, ...figures.filter((figure) => !isRest(figure)).map(({ count }) => count));
        return figures.map((figure) => ({
            figure,
            count: formatInteger(figure.count),
            // The rest is no value of its own: it has no bar.
            percent: isRest(figure) ? 0 : (100 * figure.count) / largest,
            isRest: isRest(figure),
        }));
    }
}
