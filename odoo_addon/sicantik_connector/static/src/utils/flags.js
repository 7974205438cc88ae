/** @odoo-module **/
/* The worker's flag codes (its source: src/domain/flag.rs) in words; a code not known here is shown as it is. */

import { _t } from "@web/core/l10n/translation";

/** @param {string | false} codes comma separated @returns {string[]} one phrase a code */
export function flagsInWords(codes) {
    // made at each call: translations are loaded later than this module
    const words = {
        applicant_missing: _t("the applicant's name is missing"),
        type_missing: _t("the permit type is missing"),
        number_missing: _t("the permit number is missing"),
        number_placeholder: _t("the permit number was never filled in"),
        registration_unusual: _t("the registration number names no month and year"),
        date_unreadable: _t("a date is in no calendar"),
        date_out_of_range: _t("a date lies before 1990 or after 2100"),
        expiry_before_issue: _t("the expiry date lies before the issue date"),
    };
    const list = (codes || "").split(",").map((code) => code.trim());
    return [...new Set(list.filter(Boolean))].map((code) => words[code] || code);
}
