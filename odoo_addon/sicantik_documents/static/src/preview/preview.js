/** @odoo-module **/
/* The client action sicantik_documents.preview: shows a version in Odoo's own viewer, which asks Odoo for its bytes. */

import { createFileViewer } from "@web/core/file_viewer/file_viewer_hook";
import { FileModel } from "@web/core/file_viewer/file_model";
import { registry } from "@web/core/registry";

/** A file that is no attachment: its address is ours. */
class SicantikDocumentFile extends FileModel {
    constructor({ name, url, sha256 }) {
        super();
        Object.assign(this, { name, address: url, checksum: sha256, mimetype: "application/pdf" });
    }

    get urlRoute() {
        return this.address;
    }

    get urlQueryParams() {
        return {};
    }
}

export function previewAction(env, action) {
    createFileViewer().open(new SicantikDocumentFile(action.params));
}

registry.category("actions").add("sicantik_documents.preview", previewAction);
