/** @odoo-module **/
/*
 * The permits that a figure counts, and those that somebody looks for.
 */

/**
 * Lists just the permits that all `facets` find, as the menu Permits shows them; each stands in the search bar.
 *
 * The action goes without its id: so a reload of the page keeps the facets, and a filter that somebody made the
 * default of the menu does not narrow the list. Its twin for buttons is `listed` in tools/counted.py.
 *
 * @param {Object} action the service
 * @param {{ description: string, domain: Array }[]} facets
 */
export async function listPermits(action, facets) {
    const { id, xml_id, path, ...listed } = await action.loadAction("sicantik_connector.sicantik_permit_action");
    const context = { search_disable_custom_filters: true, sicantik_facets: facets };
    await action.doAction({ ...listed, context }, { viewType: "list" });
}

/** Opens the menu Permits with `typed` in its search box, as if it had been typed there. */
export async function findPermits(action, typed) {
    const additionalContext = { search_default_display_name: typed, search_disable_custom_filters: true };
    await action.doAction("sicantik_connector.sicantik_permit_action", { additionalContext, viewType: "list" });
}
