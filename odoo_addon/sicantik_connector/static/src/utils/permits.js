/** @odoo-module **/
/*
 * The permits that a figure counts, and those that somebody looks for.
 */

/**
 * Lists just the permits that `domain` finds, as the menu Permits shows them.
 *
 * The action goes without its id: so a reload of the page keeps the domain, and a filter that somebody made the
 * default of the menu does not narrow the list. Its twin for buttons is `listed` in tools/counted.py.
 */
export async function listPermits(action, name, domain) {
    const { id, xml_id, path, ...listed } = await action.loadAction("sicantik_connector.sicantik_permit_action");
    const context = { search_disable_custom_filters: true };
    await action.doAction({ ...listed, name, display_name: name, domain, context }, { viewType: "list" });
}

/** Opens the menu Permits with `typed` in its search box, as if it had been typed there. */
export async function findPermits(action, typed) {
    const additionalContext = { search_default_display_name: typed, search_disable_custom_filters: true };
    await action.doAction("sicantik_connector.sicantik_permit_action", { additionalContext, viewType: "list" });
}
