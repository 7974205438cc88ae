/** @odoo-module **/
/* The client action sicantik_documents.public_address: copies the address of a document, and shows it in any case. */

import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";

async function copied(url) {
    try {
        await browser.navigator.clipboard.writeText(url);
        return true;
    } catch {
        // Without TLS, or where the reader forbids it.
        return false;
    }
}

export async function addressAction(env, action) {
    const { url } = action.params;
    const title = (await copied(url)) ? _t("The address was copied") : _t("Address of the document");
    env.services.notification.add(url, {
        title,
        type: "info",
        sticky: true,
        className: "o_sicantik_public_address text-break",
        buttons: [{ name: _t("Open Address"), primary: true, onClick: () => browser.open(url, "_blank", "noopener,noreferrer") }],
    });
}

registry.category("actions").add("sicantik_documents.public_address", addressAction);
