/** @odoo-module **/
/* When the dashboard asks again: soon after a worker's report, else each minute while it is seen. */

import { onMounted, onWillUnmount } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";

import { useRunProgress } from "../utils/progress";

/** Milliseconds to the next look: when a run began or ended, while one only moves on, when nothing is told. */
const SOON = 1000;
const UNDER_WAY = 5000;
const EVERY = 60000;

/**
 * @param {() => Promise<boolean>} reload never rejects; whether what is shown will soon be old
 * @param {(payload: Object) => boolean} follow takes over a run's progress; whether it only moved on
 */
export function useLive(reload, follow) {
    let timer, planned, looking, again, gone, moves;

    /** The earlier of two planned looks counts. */
    function plan(delay) {
        const at = Date.now() + delay;
        if (gone || (timer && planned <= at)) {
            return;
        }
        browser.clearTimeout(timer);
        planned = at;
        timer = browser.setTimeout(look, delay);
    }

    async function look() {
        timer = undefined;
        if (looking) {
            again = true; // what was told meanwhile may not be in the answer under way
            return;
        }
        if (!document.hidden) {
            looking = true;
            moves = await reload();
            looking = false;
        }
        plan(again ? SOON : moves ? UNDER_WAY : EVERY);
        again = false;
    }

    useRunProgress(
        (payload) => plan(follow(payload) ? UNDER_WAY : SOON),
        () => document.hidden || plan(SOON)
    );
    onMounted(() => plan(EVERY));
    onWillUnmount(() => {
        gone = true;
        browser.clearTimeout(timer);
    });
}
