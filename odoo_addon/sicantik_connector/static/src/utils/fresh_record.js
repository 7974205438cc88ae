/** @odoo-module **/
/*
 * Keeps the record of a form as the database has it while a run is under way: by the bus (a push after each
 * report of the worker), and by a poll where no websocket is. What a person has typed is never thrown away.
 */

import { onMounted, onWillUnmount } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";

import { useRunProgress } from "./progress";

/** Milliseconds between two polls; doubled after each failed one, so that a lost server is left in peace. */
const POLL_INTERVAL = 2000;
const POLL_INTERVAL_MAX = 30000;

/**
 * @param {() => Object} getRecord the form's record, of the moment
 * @param {() => boolean} isOpen whether something is still to come
 * @param {(payload: Object) => boolean} concerns whether what a worker told is of this record
 */
export function useFreshRecord(getRecord, isOpen, concerns) {
    let interval = POLL_INTERVAL;
    let timer, loading, loadAgain, gone;

    /** Plans the next poll. It goes on while the form is open: the pager may bring another, open run. */
    function plan() {
        browser.clearTimeout(timer);
        if (!gone) {
            timer = browser.setTimeout(poll, interval);
        }
    }

    async function poll() {
        if (isOpen() && !document.hidden) {
            await refresh();
        }
        plan();
    }

    /** Reloads the record; one reload at a time, and a push during one leads to one more. */
    async function refresh() {
        if (loading) {
            loadAgain = true;
            return;
        }
        loading = true;
        try {
            do {
                loadAgain = false;
                if (await getRecord().isDirty()) {
                    break;
                }
                await getRecord().load();
            } while (loadAgain && !gone);
            interval = POLL_INTERVAL;
        } catch {
            // Server away, session over: no dialog every two seconds. The next click of the user says it.
            interval = Math.min(interval * 2, POLL_INTERVAL_MAX);
        } finally {
            loading = false;
        }
    }

    useRunProgress(
        (payload) => {
            if (payload && concerns(payload)) {
                refresh();
            }
        },
        () => {
            if (!document.hidden && isOpen()) {
                refresh();
            }
        }
    );
    onMounted(plan);
    onWillUnmount(() => {
        gone = true;
        browser.clearTimeout(timer);
    });
}
