/** @odoo-module **/
/*
 * The client action sicantik_connector.pairing: shows the settings of a new worker once.
 *
 * It is a function that opens a dialog, not a component action, so that the secret is never part of the web
 * client's navigation state. Nothing is stored: closing the dialog forgets it.
 */

import { Component, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

export class SicantikPairingDialog extends Component {
    static template = "sicantik_connector.PairingDialog";
    static components = { Dialog };
    static props = {
        text: String,
        close: Function,
    };

    setup() {
        this.title = _t("Connect the Worker");
        this.textRef = useRef("text");
        this.state = useState({ copied: false, failed: false });
    }

    get rows() {
        return Math.min(16, this.props.text.trim().split("\n").length + 1);
    }

    async onCopy() {
        const copied = (await this.copyByClipboard()) || this.copyBySelection();
        this.state.copied = copied;
        this.state.failed = !copied;
    }

    /** The modern way; browsers offer it on https and localhost only. */
    async copyByClipboard() {
        try {
            await browser.navigator.clipboard.writeText(this.props.text);
            return true;
        } catch {
            return false;
        }
    }

    /** The old way, for an Odoo reached by plain http in an office's network. */
    copyBySelection() {
        this.textRef.el.focus();
        this.textRef.el.select();
        try {
            return document.execCommand("copy");
        } catch {
            return false;
        }
    }

    onDownload() {
        const url = URL.createObjectURL(new Blob([this.props.text], { type: "text/plain" }));
        const link = document.createElement("a");
        link.href = url;
        link.download = "worker.env";
        link.click();
        URL.revokeObjectURL(url);
    }
}

/** Opens the dialog, and at once lets the button finish: a confirmation may still stand open behind it. */
export function pairingAction(env, action) {
    const text = (action.params && action.params.env) || "";
    env.services.dialog.add(SicantikPairingDialog, { text });
    return { type: "ir.actions.act_window_close" };
}

registry.category("actions").add("sicantik_connector.pairing", pairingAction);
