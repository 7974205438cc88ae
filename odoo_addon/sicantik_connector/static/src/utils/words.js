/** @odoo-module **/
/* Durations as a person says them. No component, no state: shared by the fields and the widgets. */

import { _t } from "@web/core/l10n/translation";
import { formatFloat, formatInteger } from "@web/views/fields/formatters";

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/**
 * A measured duration: "8 s", "2 min 14 s", "1 h 5 min".
 *
 * @param {number} seconds
 * @returns {string}
 */
export function durationInWords(seconds) {
    const total = Math.max(0, Math.round(seconds));
    if (total < MINUTE) {
        return _t("%(seconds)s s", { seconds: total });
    }
    if (total < HOUR) {
        return _t("%(minutes)s min %(seconds)s s", {
            minutes: Math.floor(total / MINUTE),
            seconds: total % MINUTE,
        });
    }
    return _t("%(hours)s h %(minutes)s min", {
        hours: Math.floor(total / HOUR),
        minutes: Math.floor((total % HOUR) / MINUTE),
    });
}

/**
 * An estimate, never more exact than it is: "less than a minute left", "about 3 minutes left".
 *
 * @param {number} seconds
 * @returns {string}
 */
export function timeLeftInWords(seconds) {
    if (seconds < MINUTE) {
        return _t("less than a minute left");
    }
    if (seconds < 1.5 * MINUTE) {
        return _t("about a minute left");
    }
    if (seconds < HOUR) {
        return _t("about %(minutes)s minutes left", { minutes: Math.round(seconds / MINUTE) });
    }
    return _t("about %(duration)s left", { duration: durationInWords(seconds) });
}

/**
 * How long an answer took: "140 ms", "2.4 s".
 *
 * @param {number} milliseconds
 * @returns {string}
 */
export function latencyInWords(milliseconds) {
    if (milliseconds < 1000) {
        return _t("%(milliseconds)s ms", { milliseconds: formatInteger(Math.round(milliseconds)) });
    }
    return _t("%(seconds)s s", { seconds: formatFloat(milliseconds / 1000, { digits: [0, 1] }) });
}
