/** @odoo-module **/
/* What another module shows on the dashboard. It asks for its figures itself, whenever the dashboard has asked for its own.
 */

import { Component, markRaw, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";

export class SicantikDashboardBlock extends Component {
    static props = {
        /** When the dashboard's own figures were made: they were asked for anew. */
        now: String,
    };
    /** Of Odoo; its method `figures` is asked. */
    static model = "";

    setup() {
        this.orm = useService("orm").silent;
        this.action = useService("action");
        this.state = useState({ answer: null });
        onWillStart(() => this.load());
        onWillUpdateProps(({ now }) => {
            if (now !== this.props.now) {
                this.load();
            }
        });
    }

    /** The figures stay as they were when the server is away; the dashboard says that they are old. */
    async load() {
        try {
            this.state.answer = markRaw(await this.orm.call(this.constructor.model, "figures", []));
        } catch {
            // Said by the dashboard.
        }
    }

    /** What `figures` answered last; null before that. */
    get answer() {
        return this.state.answer;
    }
}
