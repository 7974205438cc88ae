//! The worker against a SICANTIK that misbehaves (`tests/simulator`, in this process) and an Odoo that fails
//! (`fake_odoo`). What happens on a real Odoo is told in `tests/odoo`.
//!
//! No story holds the clock: it would run ahead of the sockets. None measures time either: a machine may be slow.
//! Where a story needs time to pass, the fake says so (`end_leases`), or the worker is set up to wait for less.

#![allow(clippy::expect_used, clippy::print_stdout, reason = "a test may fail, and say what it measured")]

#[path = "../simulator/mod.rs"]
mod simulator;

// What the stories are told with.
mod arrivals; // what the other side counts, and whether it was too much
mod canned_source; // a SICANTIK that says what it is told, word for word
mod expected; // what a perfect reader sees
mod fake_odoo; // an Odoo that keeps state and fails on demand
mod listener; // the worker's own listener, and what Odoo sends to it
mod office; // a SICANTIK, an Odoo, and the worker's clients between them
mod pdf_files; // PDFs made by hand
mod pdf_forms; // in every form that something is appended to
mod postgres; // a private PostgreSQL
mod process; // `sicantik` as a process of its own
mod worker_config; // the configuration of a worker that knows its Odoo

// The stories.
mod commands;
mod compare;
mod counted_calls;
mod details;
mod docs_walk;
mod doctor;
mod files;
mod inbox;
mod leases;
mod limits;
mod list_memory;
mod list_pass;
mod listener_hooks;
mod listener_metrics;
mod logs;
mod merged_types;
mod missing;
mod odoo_certificates;
mod odoo_fails;
mod odoo_heard;
mod outbox;
mod pdf_child;
mod pdf_dangers;
mod pdf_field;
mod pdf_stamp;
mod pdf_verdicts;
mod protocols;
mod providers;
mod public_listener;
mod queue;
mod runs;
mod secrets;
mod signed_stream;
mod signing_bsre;
mod signing_bsre_errors;
mod signing_bsre_v1;
mod signing_local;
mod signing_office;
mod source_addresses;
mod source_answers;
mod source_bad_rows;
mod source_budget;
mod source_certificates;
mod source_fails;
mod source_faults;
mod source_forms;
mod source_heads;
mod source_proxy;
mod stopped_commands;
mod stops;
mod store;
mod store_files;
mod store_jobs;
mod store_postgres;
mod take_orders;
mod verify;
mod whatsapp_bird;
mod whatsapp_bird_sdk;
mod whatsapp_meta;
mod whatsapp_meta_sdk;
mod whatsapp_twilio;
mod whatsapp_twilio_sdk;
mod whatsapp_vonage;
mod whatsapp_vonage_sdk;
mod wire_shapes;
