//! What an administrator is told.

use std::collections::HashMap;

use super::*;

fn load(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let source: HashMap<String, String> =
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Config::from_sources(None, Environment::with_prefix("SICANTIK").source(Some(source)))
}

#[test]
fn the_defaults_are_a_configuration() {
    let config = load(&[]).expect("defaults");
    assert_eq!(config.internal.listen().expect("an address").port(), 8075);
    assert!(config.hook.keys().expect("keys").is_empty());
}

#[test]
fn a_misspelt_setting_is_refused_with_the_nearest_name() {
    let error = load(&[("SICANTIK__ODOO__DATABSE", "x")]).expect_err("refused");
    assert_eq!(error.to_string(), "unknown setting `odoo.databse`: did you mean `odoo.database`?");
}

#[test]
fn a_setting_that_was_renamed_is_refused_with_its_new_name() {
    let error = load(&[("SICANTIK__HTTP__LISTEN", "127.0.0.1:8075")]).expect_err("refused").to_string();
    assert_eq!(error, "unknown setting `http.listen`: did you mean `internal.listen`?");
}

#[test]
fn a_private_address_is_listened_on_where_the_settings_allow_it_and_no_other() {
    for section in ["INTERNAL", "PUBLIC"] {
        let listen = |address: &str, allowed: &str| {
            let (listen, allow) =
                (format!("SICANTIK__{section}__LISTEN"), format!("SICANTIK__{section}__ALLOW_PRIVATE"));
            load(&[(&listen, address), (&allow, allowed)]).map(drop).map_err(|error| error.to_string())
        };
        for private in ["10.1.2.3:8075", "172.18.0.2:8075", "192.168.1.5:8075", "[fd00::1]:8075"] {
            let refused = listen(private, "false").expect_err("refused by default");
            assert!(refused.contains("allow_private") && refused.contains("TLS proxy"), "{refused}");
            listen(private, "true").expect("allowed by name");
        }
        for open in ["0.0.0.0:8075", "[::]:8075", "8.8.8.8:8075", "169.254.1.1:8075", "172.32.0.1:8075"] {
            listen(open, "true").expect_err("everybody could reach it");
        }
        listen("[::1]:8075", "false").expect("the loopback");
    }
    assert_eq!(load(&[]).expect("defaults").public.listen(), Ok(None), "off until it is set");
}

#[test]
fn the_workers_own_hosts_are_the_loopback_its_address_and_what_the_settings_name() {
    let own = [
        ("SICANTIK__INTERNAL__LISTEN", "10.1.2.3:8075"),
        ("SICANTIK__INTERNAL__ALLOW_PRIVATE", "true"),
        ("SICANTIK__INTERNAL__HOSTS", "worker.example, hook.example"),
    ];
    let internal = load(&own).expect("loaded").internal;
    for host in ["localhost", "127.0.0.1", "[::1]", "10.1.2.3", "Worker.example", "hook.example"] {
        assert!(internal.is_own_host(host), "{host}");
    }
    for host in ["10.1.2.4", "localhost.example", "example", ""] {
        assert!(!internal.is_own_host(host), "{host}");
    }
}

#[test]
fn errors_name_the_setting_the_value_and_the_remedy() {
    let cases = [
        ("SICANTIK__ODOO__URL", "odoo.example", "odoo.url"),
        ("SICANTIK__ODOO__URL", "http://odoo.example/web", "odoo.url"),
        ("SICANTIK__INTERNAL__LISTEN", "0.0.0.0:8075", "internal.listen"),
        ("SICANTIK__INTERNAL__LISTEN", "8075", "internal.listen"),
        ("SICANTIK__STORE__URL", "sqlite:", "store.url"),
        ("SICANTIK__STORE__URL", "sqlite::memory:", "store.url"),
        ("SICANTIK__STORE__URL", "sqlite:/var/lib/sicantik/", "store.url"),
        ("SICANTIK__STORE__URL_FILE", "/nowhere/url", "store.url_file"),
        ("SICANTIK__WORKER__LEASE_SECONDS", "1", "worker.lease_seconds"),
        ("SICANTIK__SICANTIK__LARGEST_PAGE", "0", "sicantik.largest_page"),
        ("SICANTIK__ODOO__API_KEY_FILE", "/nowhere/key", ""),
    ];
    for (variable, value, key) in cases {
        match load(&[(variable, value)]) {
            Err(error) => {
                let text = error.to_string();
                assert!(text.contains(key) && text.contains(value), "{text}");
            }
            Ok(config) => {
                let error = config.odoo.required_api_key().expect_err("the file is not there");
                assert!(error.to_string().contains(value), "{error}");
            }
        }
    }
}

#[test]
fn a_secret_is_never_shown() {
    let config = load(&[("SICANTIK__ODOO__API_KEY", "very-secret"), ("SICANTIK__HOOK__KEY", "0123456789abcdef")]);
    let text = format!("{config:?}");
    assert!(!text.contains("very-secret") && !text.contains("0123456789abcdef"), "{text}");
    let error = load(&[("SICANTIK__HOOK__KEY", "short")]).expect_err("refused");
    assert!(!error.to_string().contains("short"), "{error}");
}

#[test]
fn a_password_in_an_address_is_refused_and_never_shown() {
    let variables = ["SICANTIK__ODOO__URL", "SICANTIK__SICANTIK__URL", "SICANTIK__NET__PROXY"];
    let addresses =
        ["http://u:very-secret@h.example", "http://u:very-secret@h.example/web", "u:very-secret@h", "//very-secret@["];
    for (variable, url) in variables.into_iter().flat_map(|variable| addresses.map(|url| (variable, url))) {
        let error = load(&[(variable, url)]).expect_err("refused").to_string();
        assert!(error.contains("user") && error.contains("password") && !error.contains("very-secret"), "{error}");
    }
}

#[test]
fn the_proxy_is_an_address_and_who_asks_it() {
    assert!(load(&[]).expect("defaults").net.proxy().expect("fine").is_none());
    let proxy = ("SICANTIK__NET__PROXY", "http://proxy.example:3128");
    let credentials = [("SICANTIK__NET__PROXY_USER", "kantor"), ("SICANTIK__NET__PROXY_PASSWORD", "very-secret")];
    let config = load(&[proxy, credentials[0], credentials[1]]).expect("loaded");
    let found = config.net.proxy().expect("fine").expect("a proxy");
    assert_eq!((found.url.port(), found.user.as_str()), (Some(3128), "kantor"));
    assert!(!format!("{config:?} {found:?}").contains("very-secret"));
    let error = load(&[("SICANTIK__NET__PROXY", "proxy.example:3128")]).expect_err("refused").to_string();
    assert!(error.contains("net.proxy"), "{error}");
}

#[test]
fn a_file_that_cannot_be_read_is_not_quoted() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("worker.toml");
    std::fs::write(&file, "[odoo]\napi_key = very-secret\n").expect("written");
    let error = Config::load(Some(&file)).expect_err("a key without quotes").to_string();
    assert!(error.contains("line 2") && error.contains("worker.toml"), "{error}");
    assert!(!error.contains("secret"), "{error}");
}

#[test]
fn the_protocol_is_one_of_three() {
    let protocol = |word| load(&[("SICANTIK__ODOO__PROTOCOL", word)]).and_then(|config| config.odoo.protocol());
    assert_eq!(load(&[]).and_then(|config| config.odoo.protocol()), Ok(Protocol::Auto));
    assert_eq!((protocol("json2"), protocol("jsonrpc")), (Ok(Protocol::Json2), Ok(Protocol::Jsonrpc)));
    let error = protocol("xmlrpc").expect_err("refused").to_string();
    assert_eq!(error, "setting `odoo.protocol` = \"xmlrpc\": give auto, jsonrpc or json2");
}

#[test]
fn a_secret_may_stand_in_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("key");
    std::fs::write(&file, "from-a-file\n").expect("written");
    let config = load(&[("SICANTIK__ODOO__API_KEY_FILE", file.to_str().expect("text"))]).expect("loaded");
    let key = config.odoo.required_api_key().expect("a key");
    assert_eq!(secrecy::ExposeSecret::expose_secret(&key), "from-a-file");
}

#[test]
fn the_address_of_the_store_is_a_file_or_a_database_of_its_own() {
    let address = |url: &str| load(&[("SICANTIK__STORE__URL", url)]).map(|config| config.store.address());
    let here = std::path::absolute("sicantik.db").expect("a path");
    let by_default = load(&[]).expect("defaults").store.address().expect("an address");
    assert!(matches!(by_default, StoreAddress::Sqlite(file) if file == here));
    for url in ["sqlite:/tmp/a b.db", "sqlite:///tmp/a b.db"] {
        let shown = address(url).expect("loaded").expect("an address").to_string();
        assert_eq!(shown, "sqlite:/tmp/a b.db", "{url}");
    }
    let postgres = address("postgresql://user:very-secret@db:5433/sicantik?sslmode=verify-full");
    let postgres = postgres.expect("loaded").expect("an address");
    assert_eq!(postgres.to_string(), "postgres://db:5433/sicantik");
    for url in ["mysql://user:very-secret@db/sicantik", "postgres://user:very-secret@:x/", "very-secret", ""] {
        let error = address(url).expect_err("refused").to_string();
        assert!(error.contains("store.url") && !error.contains("very-secret"), "{error}");
    }
}

#[test]
fn a_postgresql_on_another_machine_is_reached_by_verified_tls_only() {
    let mode = |url: &str| {
        let url = format!("postgres://user:very-secret@{url}");
        let address = StoreAddress::parse(&url.into()).map_err(|error| error.to_string())?;
        let StoreAddress::Postgres(address) = address else { unreachable!("a PostgreSQL was asked for") };
        let url = address.url().expect("a URL");
        let mode = url.query_pairs().find(|(name, _)| name == "sslmode").map(|(_, mode)| mode.into_owned());
        Ok::<_, String>(mode.expect("always written out"))
    };
    for away in
        ["db/s", "db.example:5433/s?sslmode=verify-full&sslrootcert=/ca.pem", "10.0.0.5/s", "127.0.0.1.example/s"]
    {
        assert_eq!(mode(away).as_deref(), Ok("verify-full"), "{away}");
    }
    for here in ["localhost/s", "127.0.0.1:5433/s", "[::1]/s", "%2Frun%2Fpostgresql/s"] {
        assert_eq!(mode(here).as_deref(), Ok("prefer"), "{here}");
    }
    StoreAddress::parse(&"postgres:///s?user=worker&host=/run/postgresql".into()).expect("a socket");
    for weaker in ["disable", "allow", "prefer", "require", "verify-ca", "", "VERIFY-FULL"] {
        let refused = mode(&format!("db/s?sslmode={weaker}")).expect_err("refused");
        assert!(refused.contains("store.url") && refused.contains("give sslmode=verify-full"), "{refused}");
        assert!(!refused.contains("very-secret"), "{refused}");
    }
    assert_eq!(mode("localhost/s?sslmode=require").as_deref(), Ok("require"));
}

#[test]
fn no_option_of_the_address_of_a_postgresql_leads_elsewhere() {
    for (url, remedy) in [
        ("localhost/s?host=db.example", "stands before the database"),
        ("localhost/s?hostaddr=10.0.0.5", "\"hostaddr\" is not known"),
        ("localhost/s?host=/run/postgresql", "either a host or"),
        ("db/s?sslmode=verify-full&sslmode=disable", "given twice"),
        ("db/s?ssl-mode=disable", "\"ssl-mode\" is not known"),
        ("localhost/s?password=very-secret", "\"password\" is not known"),
    ] {
        let address = StoreAddress::parse(&format!("postgres://user:very-secret@{url}").into());
        let refused = address.map(drop).expect_err("refused").to_string();
        assert!(refused.contains(remedy), "{url}: {refused}");
        assert!(!refused.contains("very-secret"), "{refused}");
    }
    // A variable of libpq (PGHOST) would choose the server.
    let nowhere = StoreAddress::parse(&"postgres:///s?user=worker".into()).map(drop).expect_err("refused").to_string();
    assert!(nowhere.contains("name the host"), "{nowhere}");
}

#[test]
fn a_file_with_the_address_of_the_store_wins_over_the_default() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("url");
    std::fs::write(&file, "postgres://user:very-secret@db/sicantik\n").expect("written");
    let config = load(&[("SICANTIK__STORE__URL_FILE", file.to_str().expect("text"))]).expect("loaded");
    let address = config.store.address().expect("an address");
    assert_eq!(address.to_string(), "postgres://db/sicantik");
    assert!(!format!("{config:?} {address:?}").contains("very-secret"));
}

#[test]
fn hosts_stand_between_commas_in_the_environment() {
    assert_eq!(load(&[]).expect("defaults").sicantik.allowed_hosts, Vec::<String>::new());
    let config = load(&[("SICANTIK__SICANTIK__ALLOWED_HOSTS", "10.1.2.3, perizinan.example,")]).expect("loaded");
    assert_eq!(config.sicantik.allowed_hosts, ["10.1.2.3", "perizinan.example"]);
}

#[test]
fn a_public_address_is_one_of_https_without_a_path() {
    let address = |text: &str| {
        let config = load(&[("SICANTIK__PUBLIC__ADDRESS", text)]).map_err(|error| error.to_string())?;
        Ok::<_, String>(config.public.address().expect("checked").map(|url| url.to_string()))
    };
    assert_eq!(address(""), Ok(None));
    let told = "https://perizinan.example.go.id/".to_owned();
    for text in ["https://perizinan.example.go.id", "https://perizinan.example.go.id/"] {
        assert_eq!(address(text), Ok(Some(told.clone())), "{text}");
    }
    address("http://127.0.0.1:8076").expect("for tests on this machine");
    for wrong in [
        "perizinan.example.go.id",
        "http://perizinan.example.go.id",
        "https://x.example/sicantik",
        "https://a:b@x.example",
    ] {
        let refused = address(wrong).expect_err(wrong);
        assert!(refused.contains("public.address") && !refused.contains("a:b"), "{refused}");
    }
}

#[test]
fn proxies_are_addresses_and_networks() {
    let proxies = |text: &str| {
        let config = load(&[("SICANTIK__PUBLIC__PROXIES", text)]).map_err(|error| error.to_string())?;
        let proxies = config.public.proxies().expect("checked");
        Ok::<_, String>(proxies.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    let own = load(&[]).expect("defaults").public.proxies().expect("checked");
    assert_eq!(own.iter().map(ToString::to_string).collect::<Vec<_>>(), ["127.0.0.1/32", "::1/128"]);
    assert_eq!(proxies("10.1.2.3, 10.2.0.0/16"), Ok(vec!["10.1.2.3/32".to_owned(), "10.2.0.0/16".to_owned()]));
    for wrong in ["proxy.example", "10.0.0.0/33", "10.1"] {
        assert!(proxies(wrong).expect_err(wrong).contains("public.proxies"), "{wrong}");
    }
}

#[test]
fn every_setting_stands_in_the_documentation() {
    let described = include_str!("../../docs/settings.md");
    let known = keys::known_keys();
    assert!(known.len() > 20, "{known:?}");
    let missing: Vec<_> = known.iter().filter(|key| !described.contains(&format!("`{key}`"))).collect();
    assert!(missing.is_empty(), "docs/settings.md lacks {missing:?}");
}
