/** @odoo-module **/
/* The colours of the dashboard: a state has the one that its badge has elsewhere. */

export const STATUS_TONES = {
    draft: "info",
    active: "success",
    expired: "danger",
    renewed: "muted",
    cancelled: "muted",
};

/** By the expiry state of a figure's permits: the scale of colours.scss. */
export const EXPIRY_TONES = {
    expired: "danger",
    critical: "critical",
    warning: "soon",
    ok: "success",
    unknown: "muted",
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
