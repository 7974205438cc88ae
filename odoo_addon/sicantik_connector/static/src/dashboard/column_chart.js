/** @odoo-module **/
/*
 * Figures of the dashboard as columns, with Odoo's own Chart.js. A column opens the permits that it counts; the
 * table below the chart has the same figures for the keyboard, for screen readers, and for copying.
 */

import { Component, onWillStart, onWillUnmount, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { formatInteger } from "@web/views/fields/formatters";

const { DateTime } = luxon;

const MONTH = /^\d{4}-\d{2}$/;

export class SicantikColumnChart extends Component {
    static template = "sicantik_connector.ColumnChart";
    static props = {
        figures: Array,
        title: String,
        onOpen: Function,
    };

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => this.draw(),
            () => [JSON.stringify(this.props.figures)]
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    get rows() {
        return this.props.figures.map((figure) => ({ figure, count: formatInteger(figure.count) }));
    }

    get summary() {
        const said = this.rows.map(({ figure, count }) => `${figure.label}: ${count}`);
        return `${this.props.title}. ${said.join(", ")}`;
    }

    /** A month by its short name, with the year below where one begins. */
    get axis() {
        return this.props.figures.map(({ key, label }, index) => {
            if (!MONTH.test(key)) {
                return label;
            }
            const month = DateTime.fromISO(key);
            const name = month.toFormat("LLL");
            return index === 0 || month.month === 1 ? [name, month.toFormat("yyyy")] : name;
        });
    }

    draw() {
        const colors = this.colors;
        const data = {
            labels: this.axis,
            datasets: [
                {
                    data: this.props.figures.map((figure) => figure.count),
                    backgroundColor: colors.column,
                    hoverBackgroundColor: colors.hover,
                    borderRadius: 4,
                    maxBarThickness: 48,
                },
            ],
        };
        if (this.chart) {
            this.chart.data = data;
            this.chart.update("none");
            return;
        }
        /* global Chart */
        this.chart = new Chart(this.canvas.el, { type: "bar", data, options: this.options(colors) });
    }

    /** The theme's own colours, as the style sheet gives them. */
    get colors() {
        const style = getComputedStyle(this.canvas.el);
        const names = ["column", "hover", "grid", "text"];
        return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--o-sicantik-${name}`).trim()]));
    }

    options({ grid, text }) {
        return {
            animation: false,
            maintainAspectRatio: false,
            onClick: (event, _elements, chart) => this.openColumn(chart, event),
            onHover: (event, _elements, chart) => {
                event.native.target.style.cursor = this.columnAt(chart, event) ? "pointer" : "default";
            },
            interaction: { mode: "index", intersect: false },
            plugins: {
                legend: { display: false },
                tooltip: {
                    displayColors: false,
                    callbacks: {
                        title: ([item]) => this.props.figures[item.dataIndex]?.label,
                        label: (item) => formatInteger(item.parsed.y),
                    },
                },
            },
            scales: {
                x: { grid: { display: false }, border: { color: grid }, ticks: { color: text, maxRotation: 0 } },
                y: {
                    beginAtZero: true,
                    border: { display: false },
                    grid: { color: grid },
                    ticks: { color: text, precision: 0, maxTicksLimit: 5, callback: (value) => formatInteger(value) },
                },
            },
        };
    }

    /** The figure whose column is under the pointer, anywhere in its height. */
    columnAt(chart, event) {
        const [hit] = chart.getElementsAtEventForMode(event, "index", { intersect: false }, true);
        return hit && this.props.figures[hit.index];
    }

    openColumn(chart, event) {
        const figure = this.columnAt(chart, event);
        if (figure) {
            this.props.onOpen(figure);
        }
    }
}
