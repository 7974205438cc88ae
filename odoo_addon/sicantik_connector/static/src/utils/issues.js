/** @odoo-module **/
/* Why a run could not take something over (sicantik.sync.issue, code), in words; an unknown code is shown as it is. */

import { _t } from "@web/core/l10n/translation";

/** @param {string | false} code @returns {string} */
export function issueInWords(code) {
    // made at each call: translations are loaded later than this module
    const words = {
        differs: _t("Differs"),
        only_in_sicantik: _t("Only in SICANTIK"),
        only_in_odoo: _t("Only in Odoo"),
        data: _t("Value refused"),
        constraint: _t("Refused by Odoo"),
        duplicate: _t("Sent twice"),
        contact: _t("Contact refused"),
        registration_missing: _t("No registration number"),
        row_too_large: _t("Too large"),
        bad_row: _t("Unreadable"),
        sicantik_unavailable: _t("SICANTIK did not answer"),
        internal: _t("Error in Odoo"),
        unknown: _t("Not in Odoo"),
    };
    return words[code] || code || "";
}
