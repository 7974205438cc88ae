/** @odoo-module **/
/* What workers tell of the progress of sync runs, for components that show something of it. */

import { onMounted, onWillUnmount } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";

const CHANNEL = "sicantik.sync.run/progress";

/**
 * Listens while the component is on the page.
 *
 * @param {(payload: Object) => void} onPush a worker told something of a run
 * @param {() => void} onVisibility the page was hidden, or is seen again
 */
export function useRunProgress(onPush, onVisibility) {
    const bus = useService("bus_service");
    onMounted(() => {
        bus.subscribe(CHANNEL, onPush);
        document.addEventListener("visibilitychange", onVisibility);
    });
    onWillUnmount(() => {
        bus.unsubscribe(CHANNEL, onPush);
        document.removeEventListener("visibilitychange", onVisibility);
    });
}
