//! What passes over a list teach the next ones: the good size of a page, and the time of it all. It is kept in the
//! worker's store. A run without it only takes longer, so a store that fails (and says so) never fails a run.

use url::Url;

use crate::domain::PassStats;
use crate::store::Store;

use super::list_pass::Outcome;

/// What is known of one SICANTIK's list. The default knows nothing and keeps nothing.
#[derive(Debug, Clone, Default)]
pub struct ListMemory {
    /// Where, and under which address.
    place: Option<(Store, String)>,
}

impl ListMemory {
    /// Of the SICANTIK at this address, for all who read it: another configuration or database of Odoo meets the same
    /// server, and a new address is another one.
    #[must_use]
    pub fn of(store: Option<Store>, api_url: &str) -> Self {
        let address = Url::parse(api_url.trim()).map_or_else(|_| api_url.to_owned(), String::from);
        Self { place: store.map(|store| (store, address.trim_end_matches('/').to_owned())) }
    }

    /// What the last whole pass told.
    pub async fn recall(&self) -> PassStats {
        let Some((store, address)) = &self.place else { return PassStats::default() };
        let known = store.pass_stats(address).await.unwrap_or_else(|error| {
            tracing::debug!(%error, "what earlier passes over the list taught is not known");
            None
        });
        known.unwrap_or_default()
    }

    /// Keeps what a pass tells, if it was a whole one.
    pub(super) async fn keep(&self, outcome: &Outcome) {
        let Some((store, address)) = self.place.as_ref().filter(|_| outcome.reached_end) else { return };
        let stats = PassStats { page_size: outcome.page_size, took: outcome.took };
        if let Err(error) = store.keep_pass_stats(address, stats).await {
            tracing::debug!(%error, "what a pass over the list taught could not be kept");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::StoreAddress;

    #[tokio::test]
    async fn one_address_however_it_is_written_is_one_sicantik() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&StoreAddress::Sqlite(folder.path().join("store.db")))
            .await
            .expect("open")
            .with_patience(std::time::Duration::from_secs(30));
        let of = |address: &str| ListMemory::of(Some(store.clone()), address);
        let outcome =
            Outcome { complete: false, reached_end: true, page_size: 400, took: std::time::Duration::from_secs(3) };
        of("https://perizinan.example.go.id/backoffice/api").keep(&outcome).await;
        for same in
            ["https://PERIZINAN.example.go.id:443/backoffice/api/", " https://perizinan.example.go.id/backoffice/api "]
        {
            assert_eq!(of(same).recall().await.page_size, 400, "{same}");
        }
        for other in [
            "https://lain.example.go.id/backoffice/api",
            "https://perizinan.example.go.id:8443/backoffice/api",
            "https://perizinan.example.go.id/backoffice/api_simple.php",
        ] {
            assert_eq!(of(other).recall().await, PassStats::default(), "{other}");
        }
        let cut_short = Outcome { reached_end: false, page_size: 100, ..outcome };
        of("https://perizinan.example.go.id/backoffice/api").keep(&cut_short).await;
        assert_eq!(of("https://perizinan.example.go.id/backoffice/api").recall().await.page_size, 400);
        assert_eq!(ListMemory::default().recall().await, PassStats::default());
    }
}
