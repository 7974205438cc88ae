/** @odoo-module **/
/*
 * The client action sicantik_connector.sealing: a person types secrets, the browser seals them to the worker's key, and
 * Odoo gets the sealed texts alone, by `keep_sealed({name: text})` of the record.
 *
 * It is a function that opens a dialog, not a component action, so that nothing is part of the web client's navigation
 * state. What is typed stays in its field: in no state, no attribute, no call. There is no form around the fields, so
 * that no browser offers to keep it.
 */

import { Component, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useAutofocus, useService } from "@web/core/utils/hooks";

import { canSeal } from "./hpke";
import { lengthOf, sealSecret } from "./secret";

export class SicantikSealingDialog extends Component {
    static template = "sicantik_connector.SealingDialog";
    static components = { Dialog };
    static props = {
        title: String,
        /** Whose secrets they are; the model has the method keep_sealed. */
        model: String,
        id: Number,
        /** The worker's, base64; empty while no worker has told it. */
        public_key: String,
        fingerprint: String,
        database_uuid: String,
        /** Bytes of the longest secret. */
        longest: Number,
        /** `{ name, label, bound, lines }`: for Odoo, for people, and for the worker; and whether it is of several lines. */
        secrets: Array,
        close: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.canSeal = canSeal();
        this.fieldsRef = useRef("fields");
        useAutofocus({ refName: "first" });
        this.state = useState({ isSending: false, problem: "" });
    }

    get isOpen() {
        return this.canSeal && Boolean(this.props.public_key);
    }

    get inputs() {
        return [...this.fieldsRef.el.querySelectorAll("input, textarea")];
    }

    onInput() {
        this.state.problem = "";
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            this.onSend();
        }
    }

    /** The other way, for a page on which the browser seals nothing. */
    lineOf(secret) {
        return `sicantik secret set ${secret.bound}`;
    }

    async onSend() {
        if (this.state.isSending) {
            return;
        }
        const typed = this.typed();
        this.state.problem = this.problemOf(typed);
        if (this.state.problem) {
            return;
        }
        this.state.isSending = true;
        try {
            const sealed = await this.sealAll(typed);
            if (sealed) {
                await this.orm.call(this.props.model, "keep_sealed", [[this.props.id], sealed]);
                this.forget();
                this.notification.add(_t("The keys are sealed and wait for the worker."), { type: "success" });
                this.props.close();
            }
        } finally {
            this.state.isSending = false;
        }
    }

    /** `[secret, text]` of what was typed; what is pasted often has blanks around it, and keys have none. */
    typed() {
        const texts = this.inputs.map((input) => input.value.trim());
        return this.props.secrets.map((secret, at) => [secret, texts[at]]).filter(([, text]) => text);
    }

    problemOf(typed) {
        if (!typed.length) {
            return _t("Type at least one of the keys.");
        }
        const long = typed.find(([, text]) => lengthOf(text) > this.props.longest);
        return long ? _t("%s is too long to be a key. Copy it once more.", long[0].label) : "";
    }

    /** `{name: sealed text}`; nothing where the browser cannot, which is said. */
    async sealAll(typed) {
        const { public_key, database_uuid } = this.props;
        try {
            const sealed = typed.map(async ([{ name, bound }, text]) => [
                name,
                await sealSecret(public_key, database_uuid, bound, text),
            ]);
            return Object.fromEntries(await Promise.all(sealed));
        } catch {
            this.state.problem = _t("The browser could not seal the keys. Use another browser, or the worker's server.");
            return null;
        }
    }

    forget() {
        for (const input of this.inputs) {
            input.value = "";
        }
    }
}

/** Opens the dialog; the button has done its work when it closes, and the form behind is read anew. */
export async function sealingAction(env, action) {
    const { model, id, public_key, fingerprint, database_uuid, longest, secrets } = action.params;
    const props = { title: action.name, model, id, public_key, fingerprint, database_uuid, longest, secrets };
    await new Promise((resolve) => {
        env.services.dialog.add(SicantikSealingDialog, props, { onClose: resolve });
    });
    return { type: "ir.actions.act_window_close" };
}

registry.category("actions").add("sicantik_connector.sealing", sealingAction);
