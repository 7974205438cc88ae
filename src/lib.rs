//! SICANTIK Companion: keeps an Odoo true to SICANTIK, the permit system of Indonesian one-stop permit
//! offices. Data flows one way: SICANTIK → domain → Odoo. `docs/architecture.md` tells more.

pub mod app; // everything that a job, a command or a hook may touch
pub mod clock; // time of day, passed in
pub mod commands; // the command line, one file a command
pub mod config; // settings of the process
pub mod domain; // pure types and rules
pub mod files; // documents: sealed in their place, versioned
pub mod health; // what is known of the outside
pub mod http; // listeners: hooks, health, metrics
pub mod inbox; // PDFs that come in by themselves
pub mod jobs; // background jobs, one file each
pub mod lifecycle; // when the process ends, and that it does
pub mod metrics; // figures for Prometheus
pub mod net; // HTTP clients, rate limit, retry
pub mod odoo; // the sink
pub mod orders; // what Odoo orders, and the lease under which it is done
pub mod outbox; // messages that Odoo orders: kept, sent once, told about
pub mod pdf; // what is in a PDF, and why it is refused
pub mod queue; // work that is born in the worker
pub mod secrets; // secrets that the worker keeps, and the master key that seals them
pub mod sicantik; // the source
pub mod signing; // electronic signatures of officials
pub mod sources; // SICANTIK, one a host, with its limit of calls
pub mod store; // the worker's own database
pub mod sync; // the work of a run
pub mod telemetry; // logs
pub mod whatsapp; // WhatsApp by its official providers
