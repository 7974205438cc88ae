/** @odoo-module **/
/* The colours of the dashboard: a state has the one that its badge has elsewhere. */

export const STATUS_TONES = {
    draft: "info",
    active: "success",
    expired: "danger",
    renewed: "muted",
    cancelled: "muted",
};

/** The scale of colours.scss: within 30 days a permit is critical elsewhere, too, and then it expires soon. */
export const EXPIRY_TONES = {
    expired: "danger",
    today: "critical",
    week: "critical",
    month: "critical",
    quarter: "soon",
    half: "success",
    year: "success",
    later: "success",
    none: "muted",
};

export const RUN_TONES = {
    queued: "info",
    claimed: "primary",
    done: "success",
    partial: "warning",
    lost: "warning",
    failed: "danger",
    cancelled: "muted",
};

export const WORKER_TONES = {
    connected: "success",
    silent: "warning",
    never: "muted",
};
