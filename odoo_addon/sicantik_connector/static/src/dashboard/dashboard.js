/** @odoo-module **/
/*
 * The client action sicantik_dashboard: the permits of an office at a glance, its worker, its last runs.
 *
 * One call brings everything. Each figure comes with the domain that it counts, so that a click lists exactly
 * those permits; nothing is counted here.
 */

import { Component, markRaw, onWillStart, useRef, useState } from "@odoo/owl";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { formatInteger } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { findPermits, listPermits } from "../utils/permits";
import { SicantikWorkerBanner } from "../worker_banner/worker_banner";
import { SicantikAddressStep } from "./address_step";
import { SicantikBarList } from "./bar_list";
import { SicantikColumnChart } from "./column_chart";
import { SicantikFigureCard } from "./figure_card";
import { SicantikLastRuns } from "./last_runs";
import { useLive } from "./live";
import { EXPIRY_TONES, STATUS_TONES } from "./tones";
import { SicantikWorkerHealth } from "./worker_health";

const { DateTime } = luxon;

export class SicantikDashboard extends Component {
    static template = "sicantik_connector.Dashboard";
    static components = {
        Layout,
        SicantikAddressStep,
        SicantikBarList,
        SicantikColumnChart,
        SicantikFigureCard,
        SicantikLastRuns,
        SicantikWorkerBanner,
        SicantikWorkerHealth,
    };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.statusTones = STATUS_TONES;
        this.expiryTones = EXPIRY_TONES;
        // What the facets are called with which a figure opens its permits.
        this.titles = {
            status: _t("Status"),
            expiry: _t("Expiry"),
            type: _t("Permit Type"),
            district: _t("District"),
            year: _t("Registered"),
            type_id: _t("Permit Type"),
        };
        this.seriesChoices = [
            { key: "registered", label: _t("Registered") },
            { key: "issued", label: _t("Issued") },
        ];
        this.perChoices = [
            { key: "months", label: _t("Months") },
            { key: "years", label: _t("Years") },
        ];
        // What was chosen before a figure was opened, when one comes back by the breadcrumbs.
        const { filters = {}, series = "registered", per = "months" } = this.props.state || {};
        this.state = useState({ answer: null, isBusy: false, isStale: false, series, per });
        this.turn = 0;
        this.typed = useRef("typed");
        useSetupAction({
            rootRef: useRef("root"),
            getLocalState: () => ({
                filters: this.wanted,
                series: this.state.series,
                per: this.state.per,
            }),
        });
        onWillStart(() => this.load(filters));
        /** Runs whose progress was told, and which were not among those shown. */
        this.notShown = new Set();
        useLive(
            () => this.reload(),
            (payload) => this.follow(payload)
        );
    }

    // -- asking ---------------------------------------------------------------------------------------

    /** Asks for the figures; of two questions under way the later one counts. */
    async load(filters, orm = this.orm) {
        this.wanted = filters;
        const turn = ++this.turn;
        this.state.isBusy = true;
        try {
            const answer = await orm.call("sicantik.dashboard", "figures", [filters]);
            if (turn === this.turn) {
                Object.assign(this.state, { answer: markRaw(answer), isStale: false });
            }
        } finally {
            if (turn === this.turn) {
                this.state.isBusy = false;
            }
        }
    }

    /** Asks again without a word. Server away, session over: the figures stay, and say that they are old. */
    /** Whether a run waits for SICANTIK: the seconds until it asks again go by. */
    async reload() {
        try {
            await this.load(this.wanted, this.orm.silent);
        } catch {
            this.state.isStale = true;
        }
        return this.answer.runs.some((run) => run.is_waiting);
    }

    /** Takes over what a worker told of a run; whether the run only moved on. */
    follow(payload) {
        const { runs } = this.answer;
        const run = runs.find((shown) => shown.id === payload.id);
        if (!run) {
            // Once is enough for a run that is of another office, or older than those shown.
            const isKnown = this.notShown.has(payload.id);
            this.notShown.add(payload.id);
            return isKnown && payload.state === "claimed";
        }
        if (run.state !== payload.state) {
            return false;
        }
        const { total, done, eta_seconds } = payload;
        const moved = { ...run, total, done, eta_seconds };
        this.state.answer = markRaw({ ...this.answer, runs: runs.map((shown) => (shown === run ? moved : shown)) });
        return true;
    }

    /** Chooses the value of a filter, as the select element has it. */
    async choose(name, value) {
        const chosen = name === "district" ? value : Number(value);
        try {
            await this.load({ ...this.wanted, [name]: chosen || null });
        } catch (error) {
            this.state.isStale = true; // what is shown is not what was chosen
            throw error;
        }
    }

    // -- what is shown --------------------------------------------------------------------------------

    get answer() {
        return this.state.answer;
    }

    get filters() {
        return this.answer.filters;
    }

    get isFiltered() {
        return Object.values(this.filters).some(Boolean);
    }

    get isEmpty() {
        return !this.answer.total.count;
    }

    get asOf() {
        const time = deserializeDateTime(this.answer.now).toLocaleString(DateTime.TIME_SIMPLE);
        return this.state.isStale ? _t("Not refreshed since %(time)s", { time }) : _t("As of %(time)s", { time });
    }

    /** The parts of the strip above the timeline, in per cent. */
    get strip() {
        const figures = this.answer.expiry.filter((figure) => figure.count);
        const whole = figures.reduce((sum, figure) => sum + figure.count, 0);
        return figures.map(({ key, state, count }) => ({
            key,
            tone: EXPIRY_TONES[state],
            percent: (100 * count) / whole,
        }));
    }

    get chart() {
        return this.answer.charts[this.state.series];
    }

    get columns() {
        return this.chart[this.state.per];
    }

    get seriesTitle() {
        return this.seriesChoices.find(({ key }) => key === this.state.series).label;
    }

    /** The permits that no column counts, in words; empty when there are none. */
    get withoutDate() {
        if (!this.chart.without.count) {
            return "";
        }
        const count = formatInteger(this.chart.without.count);
        return this.state.series === "registered"
            ? _t("%(count)s without a month in the application number", { count })
            : _t("%(count)s without an issue date: it is known once SICANTIK was asked for the details", { count });
    }

    /** Whether a configuration has no address, so that its permits are not kept true. */
    get isAddressMissing() {
        return this.answer.workers.some((worker) => !worker.address);
    }

    /** The first day: what to do, and with which button or field; null once there are permits. */
    get firstStep() {
        if (!this.isEmpty || this.isFiltered) {
            return null;
        }
        const { may, workers } = this.answer;
        const title = _t("No permits yet");
        if (!workers.length) {
            return {
                title,
                sentence: _t("No connection to SICANTIK is set up yet. A manager creates a configuration."),
                button: may.configure && _t("Open Configuration"),
                press: () => this.action.doAction("sicantik_connector.sicantik_config_action"),
            };
        }
        const unknown = workers.find((worker) => !worker.address || worker.test_failed);
        if (unknown) {
            return this.addressStep(unknown);
        }
        if (workers.every((worker) => worker.state === "never")) {
            return {
                title,
                sentence: _t(
                    "The worker brings the permits from SICANTIK, and none is connected yet. A system administrator connects one."
                ),
                button: may.connect && _t("Connect Worker"),
                press: () => this.connectWorker(workers[0].id),
            };
        }
        return {
            title,
            sentence: _t("The worker is known, and nothing was fetched from SICANTIK yet. An operator starts the first sync."),
            button: may.sync && _t("Sync Now"),
            press: () => this.syncNow(),
        };
    }

    /** The step until SICANTIK's address is known, and again when its test failed. */
    addressStep({ id, name, address, test_failed, state }) {
        const { may, workers } = this.answer;
        const title = address ? _t("The test of SICANTIK failed") : _t("Where is SICANTIK?");
        const asks = may.configure
            ? _t("Enter the address of your office's SICANTIK. It is tested at once.")
            : _t("Nobody has entered the address of SICANTIK yet, so nothing is fetched. A manager enters it here.");
        return {
            icon: "fa-plug",
            title: workers.length > 1 ? `${name}: ${title}` : title,
            sentence: test_failed || asks,
            isFailed: Boolean(test_failed),
            address: may.configure && { id, address, waits: state === "never" },
        };
    }

    // -- opening --------------------------------------------------------------------------------------

    find() {
        const typed = this.typed.el.value.trim();
        return typed && findPermits(this.action, typed);
    }

    /** The filters of the page and the figure are a facet each; the figure of all permits has none. */
    open(section, figure) {
        const facets = this.answer.chosen.map(({ key, label, terms }) => this.facet(this.titles[key], label, terms));
        if (figure.own.length) {
            facets.push(this.facet(section, figure.label, figure.own));
        }
        return listPermits(this.action, facets);
    }

    facet(title, label, domain) {
        return { description: `${title}: ${label}`, domain };
    }

    openRecord(model, id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    async connectWorker(configId) {
        await this.action.doAction(await this.orm.call("sicantik.config", "action_pair_worker", [[configId]]));
    }

    /** The test opens, to be watched; without a worker it waits, and the page goes on to that step. */
    async saveAddress({ id, waits }, address) {
        const action = await this.orm.call("sicantik.config", "set_address", [[id], address]);
        if (waits) {
            Object.assign(action.params, { next: undefined, sticky: false });
        }
        await this.action.doAction(action);
        if (waits) {
            await this.reload();
        }
    }

    syncNow() {
        return this.action.doAction("sicantik_connector.sicantik_permit_action_sync_now");
    }
}

registry.category("actions").add("sicantik_dashboard", SicantikDashboard);
