/** @odoo-module **/
/*
 * The client action sicantik_documents.upload: a dialog in which PDFs are dropped or chosen, and go to Odoo one by one.
 * Each has its bar and, at its end, a sentence that says what became of it.
 */

import { Component, onWillDestroy, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

import { sendFile } from "./send_file";

const MIB = 1024 * 1024;
/** What became of a file, for its colour and its icon. */
const TONES = { kept: "success", waiting: "warning", refused: "danger", lost: "danger" };
const ICONS = { success: "fa-check text-success", warning: "fa-clock-o text-warning", danger: "fa-times text-danger" };

export class SicantikUploadDialog extends Component {
    static template = "sicantik_documents.UploadDialog";
    static components = { Dialog };
    static props = {
        title: String,
        /** The permit that they are of, 0 of a new version; and what people call it. */
        permit: Number,
        about: String,
        /** The document whose new version it is; 0: each file is a new document. */
        document: Number,
        type: Number,
        /** `[id, name]` of each. */
        types: Array,
        /** Of one file. */
        most_mib: Number,
        close: Function,
    };

    setup() {
        this.next = 1;
        this.state = useState({
            files: [],
            type: this.props.type || (this.props.types[0] || [0])[0],
            stage: "original",
            isOver: false,
            isSending: false,
        });
        onWillDestroy(() => this.sending && this.sending.abort());
    }

    get isOne() {
        return Boolean(this.props.document);
    }

    get waiting() {
        return this.state.files.filter((one) => ["ready", "lost"].includes(one.state));
    }

    get canSend() {
        return !this.state.isSending && this.waiting.length > 0;
    }

    get canChoose() {
        const isDone = this.state.files.some((one) => one.state === "kept" || one.state === "waiting");
        return !this.state.isSending && !(this.isOne && isDone);
    }

    get ended() {
        const ended = this.state.files.filter((one) => one.state in TONES).length;
        return _t("%(ended)s of %(all)s files", { ended, all: this.state.files.length });
    }

    toneOf(one) {
        return TONES[one.state] || "primary";
    }

    iconOf(one) {
        return ICONS[TONES[one.state]] || "";
    }

    labelOf(one) {
        return _t("Remove %s", one.name);
    }

    partOf(one) {
        return Math.round(one.part * 100);
    }

    onChosen(ev) {
        this.add(ev.target.files);
        // The same file may be chosen again.
        ev.target.value = "";
    }

    onDrop(ev) {
        this.state.isOver = false;
        if (this.canChoose) {
            this.add(ev.dataTransfer.files);
        }
    }

    onOver(isOver) {
        this.state.isOver = isOver && this.canChoose;
    }

    add(files) {
        const chosen = [...files].slice(0, this.isOne ? 1 : undefined);
        if (this.isOne && chosen.length) {
            this.state.files = [];
        }
        for (const file of chosen) {
            const sentence = this.problemOf(file);
            const state = sentence ? "refused" : "ready";
            this.state.files.push({ id: this.next++, file, name: file.name, part: 0, state, sentence });
        }
    }

    /** What Odoo would say, without the way there. */
    problemOf(file) {
        if (!file.size) {
            return _t("The file is empty. Save it again and upload that.");
        }
        if (file.size > this.props.most_mib * MIB) {
            return _t("The file is larger than %s MiB, which is the office's limit.", this.props.most_mib);
        }
        return "";
    }

    onRemove(one) {
        this.state.files = this.state.files.filter((other) => other.id !== one.id);
    }

    get query() {
        const { permit, document } = this.props;
        const where = document ? { document } : { permit };
        return { ...where, type: this.state.type, stage: this.state.stage };
    }

    async onSend() {
        if (!this.canSend) {
            return;
        }
        this.state.isSending = true;
        try {
            for (const one of this.waiting) {
                await this.send(one);
            }
        } finally {
            this.state.isSending = false;
            this.sending = null;
        }
    }

    async send(one) {
        Object.assign(one, { state: "sending", part: 0, sentence: _t("Sending…") });
        this.sending = sendFile(one.file, this.query, (part) => {
            one.part = part;
            if (part === 1) {
                one.sentence = _t("The worker looks into the file…");
            }
        });
        const { state, sentence } = await this.sending.answer;
        Object.assign(one, { state, sentence, part: state === "lost" ? 0 : 1 });
    }
}

/** Opens the dialog; the button has done its work when it closes, and the page behind is read anew. */
export async function uploadAction(env, action) {
    const { permit, about, document, type, types, most_mib } = action.params;
    const props = { title: action.name, permit, about, document, type, types, most_mib };
    await new Promise((resolve) => {
        env.services.dialog.add(SicantikUploadDialog, props, { onClose: resolve });
    });
    return { type: "ir.actions.act_window_close" };
}

registry.category("actions").add("sicantik_documents.upload", uploadAction);
