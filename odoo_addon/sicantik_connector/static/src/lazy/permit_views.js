/** @odoo-module **/
/*
 * The graph, the pivot and the activities of permits, by js_class; Odoo loads these kinds of views with the first page
 * that has one. In a graph a status and an expiry state have the colours that they have everywhere (colours.scss).
 */

import { activityView } from "@mail/views/web/activity/activity_view";
import { registry } from "@web/core/registry";
import { graphView } from "@web/views/graph/graph_view";
import { pivotView } from "@web/views/pivot/pivot_view";

import { withFacets } from "../utils/permit_search";

const COLOURED = ["status", "expiry_state"];

class SicantikPermitGraphRenderer extends graphView.Renderer {
    /** The colour of what `domain` finds, where the graph is grouped by status or expiry state. */
    colourOf(domain) {
        const grouped = this.model.metaData.groupBy.map(({ fieldName }) => fieldName);
        const name = grouped.find((fieldName) => COLOURED.includes(fieldName));
        const term = domain?.find((part) => Array.isArray(part) && part[0] === name && part[1] === "=");
        return term && getComputedStyle(document.documentElement).getPropertyValue(`--o-sicantik-${term[2]}`).trim();
    }

    getBarChartData() {
        const data = super.getBarChartData();
        // The line of sums over stacked columns has no domains.
        const counted = data.datasets.filter(({ domains }) => domains);
        for (const dataset of counted) {
            const colours = dataset.domains.map((domain) => this.colourOf(domain));
            // A dataset is one value where there are several, and every value where there is one.
            const own = counted.length > 1 ? colours.find(Boolean) : colours.some(Boolean) && colours;
            dataset.backgroundColor = own || dataset.backgroundColor;
        }
        return data;
    }

    getPieChartData() {
        const data = super.getPieChartData();
        for (const dataset of data.datasets) {
            const colours = dataset.backgroundColor.map(
                (colour, index) => this.colourOf(dataset.domains?.[index]) || colour
            );
            Object.assign(dataset, { backgroundColor: colours, hoverBackgroundColor: colours });
        }
        return data;
    }
}

const views = registry.category("views");
views.add("sicantik_permit_graph", withFacets({ ...graphView, Renderer: SicantikPermitGraphRenderer }));
views.add("sicantik_permit_pivot", withFacets(pivotView));
views.add("sicantik_permit_activity", withFacets(activityView));
