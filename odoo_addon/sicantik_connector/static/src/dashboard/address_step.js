/** @odoo-module **/
/* The first step of the first day: the address of SICANTIK, saved and tested by one button. */

import { Component, useState } from "@odoo/owl";
import { useAutofocus } from "@web/core/utils/hooks";

export class SicantikAddressStep extends Component {
    static template = "sicantik_connector.AddressStep";
    static props = {
        /** As it stands in the configuration; empty the first time. */
        address: String,
        /** `(address) => Promise`: saves it and orders the test. */
        onSave: Function,
    };

    setup() {
        this.state = useState({ address: this.props.address, isMissing: false, isSaving: false });
        this.inputRef = useAutofocus({ refName: "address" });
    }

    onInput(ev) {
        Object.assign(this.state, { address: ev.target.value, isMissing: false });
    }

    /** An address that Odoo refuses stays in the field, to be corrected. */
    async onSubmit() {
        const address = this.state.address.trim();
        if (!address) {
            this.state.isMissing = true;
            this.inputRef.el.focus();
            return;
        }
        this.state.isSaving = true;
        try {
            await this.props.onSave(address);
        } finally {
            this.state.isSaving = false;
        }
    }
}
