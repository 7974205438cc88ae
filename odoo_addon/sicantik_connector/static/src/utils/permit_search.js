/** @odoo-module **/
/* The search of pages of permits: what a figure counts are facets in the search bar, to be taken away and combined. */

import { SearchModel } from "@web/search/search_model";

/**
 * `view`, with a search bar that begins with the facets of the action's context:
 * `sicantik_facets`: [{ description, domain }].
 */
export function withFacets(view) {
    class FacetSearchModel extends (view.SearchModel || SearchModel) {
        async load(config) {
            const { sicantik_facets: dynamicFilters, ...context } = config.context || {};
            await super.load({ ...config, context, dynamicFilters });
        }

        /** Odoo joins those that it makes at once by "or"; of these each one restricts. */
        _createGroupOfDynamicFilters(filters) {
            for (const filter of filters) {
                super._createGroupOfDynamicFilters([filter]);
            }
        }
    }
    return { ...view, SearchModel: FacetSearchModel };
}
