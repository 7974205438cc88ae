/** @odoo-module **/
/* One file to Odoo: the raw body of one request, so that nothing of it is written to the disk on the way. */

import { _t } from "@web/core/l10n/translation";

const ROUTE = "/sicantik/documents/upload";

/** The sentence of an answer that Odoo did not give by itself. */
function sentenceOf(status) {
    if (status === 413) {
        return _t(
            "The proxy before Odoo refuses files of this size: its administrator raises client_max_body_size to the office's largest file."
        );
    }
    if (status === 502 || status === 503 || status === 504) {
        return _t("Odoo does not answer now. Try again in a few minutes.");
    }
    if (status >= 500) {
        return _t("Odoo could not take the file; its log says why. Tell an administrator.");
    }
    return _t("Your session has ended. Reload the page, then upload again.");
}

function answerOf(xhr) {
    try {
        const said = JSON.parse(xhr.responseText);
        if (said && said.state && said.sentence) {
            return said;
        }
    } catch {
        // A page of a proxy, or of Odoo's.
    }
    return { state: "refused", sentence: sentenceOf(xhr.status), document: 0 };
}

/**
 * @param {File} file
 * @param {Object} query where it goes: permit or document, type, stage
 * @param {(part: number) => void} onProgress how much of it has gone, 0 to 1
 * @returns {{ answer: Promise<{state: string, sentence: string, document: number}>, abort: () => void }}
 */
export function sendFile(file, query, onProgress) {
    const xhr = new XMLHttpRequest();
    const answer = new Promise((resolve) => {
        xhr.upload.addEventListener("progress", (ev) => ev.total && onProgress(ev.loaded / ev.total));
        xhr.addEventListener("load", () => resolve(answerOf(xhr)));
        xhr.addEventListener("error", () =>
            resolve({
                state: "lost",
                sentence: _t("The connection broke off. Press Upload once more."),
                document: 0,
            })
        );
        xhr.addEventListener("abort", () => resolve({ state: "lost", sentence: "", document: 0 }));
    });
    xhr.open("POST", `${ROUTE}?${new URLSearchParams(query)}`);
    xhr.setRequestHeader("Content-Type", "application/octet-stream");
    // Not in the address, which servers write into their logs: the name may be a person's.
    xhr.setRequestHeader("X-CSRF-Token", odoo.csrf_token);
    xhr.setRequestHeader("X-Sicantik-Name", encodeURIComponent(file.name));
    xhr.send(file);
    return { answer, abort: () => xhr.abort() };
}
