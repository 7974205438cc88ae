//! A bucket of any S3: how it is reached, what it says of itself, and what it means when it refuses.

use std::fmt::Display;
use std::fs;
use std::time::Duration;

use object_store::aws::{AmazonS3, AmazonS3Builder, AwsAuthorizer, AwsCredential};
use object_store::client::{HttpClient, HttpConnector, HttpRequest, HttpRequestBody, ReqwestConnector};
use object_store::{BackoffConfig, Certificate, ClientOptions, RetryConfig};
use secrecy::{ExposeSecret, SecretString};

use crate::config::S3Place;

/// S3 says nothing for so long: it is away. How long the whole takes is the matter of who reads.
const SILENCE: Duration = Duration::from_secs(30);
const CONNECT: Duration = Duration::from_secs(5);

/// A call of S3 is tried again for so long.
const RETRIES: usize = 4;
const RETRY_TIME: Duration = Duration::from_secs(20);
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// How S3 says that something is on.
const ON: &str = ">Enabled</";

/// What it refuses with, and what to do; the first one that its answer holds.
const REFUSALS: [(&str, &str); 8] = [
    ("NoSuchBucket", "its server has no such bucket; make it, or correct files.s3_bucket"),
    ("RequestTimeTooSkewed", "the clocks of its server and of this machine differ too much; set them (timedatectl)"),
    ("InvalidAccessKeyId", "its server does not know the key of files.s3_access_key; it ended, or is another server's"),
    ("SignatureDoesNotMatch", "files.s3_secret_key is not the secret of files.s3_access_key"),
    ("ExpiredToken", "the key of files.s3_access_key has ended; give a new one"),
    ("QuotaExceeded", "its quota is used up; have it raised at its server"),
    (
        "SlowDown",
        "its server has too much to do (SlowDown), also when it was asked again; documents wait until it has less",
    ),
    ("RequestTimeout", "its server waited in vain for the bytes; look at the way to it"),
];

/// What a bucket does for what was deleted or overwritten. `None` = its server does not tell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Safety {
    /// An earlier version stays.
    pub versioning: Option<bool>,
    /// What is kept cannot be deleted for a time.
    pub object_lock: Option<bool>,
}

/// A bucket, for questions of its own.
#[derive(Debug)]
pub(super) struct Bucket {
    http: HttpClient,
    /// Of the bucket itself.
    address: String,
    region: String,
    key_id: String,
    secret_key: SecretString,
}

impl Bucket {
    /// The objects of the bucket, and the bucket; nothing is asked yet.
    pub(super) fn open(place: &S3Place) -> Result<(AmazonS3, Self), String> {
        let options = client_options(place)?;
        let backoff = BackoffConfig { init_backoff: FIRST_PAUSE, max_backoff: LONGEST_PAUSE, base: 2.0 };
        let mut builder = AmazonS3Builder::new()
            .with_client_options(options.clone())
            .with_retry(RetryConfig { backoff, max_retries: RETRIES, retry_timeout: RETRY_TIME })
            .with_bucket_name(&place.bucket)
            .with_region(&place.region)
            .with_access_key_id(&place.access_key)
            .with_secret_access_key(place.secret_key.expose_secret());
        if let Some(endpoint) = &place.endpoint {
            builder = builder.with_endpoint(endpoint.as_str().trim_end_matches('/'));
        }
        let objects = builder.build().map_err(|error| error.to_string())?;
        let http = ReqwestConnector::default().connect(&options).map_err(|error| error.to_string())?;
        let bucket = Self {
            http,
            address: format!("{}/{}", server(place), place.bucket),
            region: place.region.clone(),
            key_id: place.access_key.clone(),
            secret_key: place.secret_key.clone(),
        };
        Ok((objects, bucket))
    }

    /// What it does for what was deleted or overwritten: two questions.
    pub(super) async fn safety(&self) -> Safety {
        let (versioning, object_lock) = futures_util::join!(self.is_on("versioning"), self.is_on("object-lock"));
        Safety { versioning, object_lock }
    }

    /// A server that knows no such question, or does not answer it to us, does not tell.
    async fn is_on(&self, what: &str) -> Option<bool> {
        let mut request = HttpRequest::new(HttpRequestBody::empty());
        *request.uri_mut() = format!("{}?{what}", self.address).parse().ok()?;
        let secret_key = self.secret_key.expose_secret().to_owned();
        let credential = AwsCredential { key_id: self.key_id.clone(), secret_key, token: None };
        AwsAuthorizer::new(&credential, "s3", &self.region).try_authorize(&mut request, None).ok()?;
        let answer = self.http.execute(request).await.ok()?;
        let status = answer.status();
        let text = String::from_utf8(answer.into_body().bytes().await.ok()?.into()).ok()?;
        if status.is_success() {
            // A bucket that never had versions says nothing.
            return Some(text.contains(ON));
        }
        text.contains("ObjectLockConfigurationNotFound").then_some(false)
    }
}

/// The address of the server, for people, too.
pub(super) fn server(place: &S3Place) -> String {
    let amazon = || format!("https://s3.{}.amazonaws.com", place.region);
    place.endpoint.as_ref().map_or_else(amazon, |endpoint| endpoint.as_str().trim_end_matches('/').to_owned())
}

/// What a refusal means, and what to do; `told` has the answer's body, and maybe a name that others gave.
pub(super) fn remedy(told: &str) -> Option<&'static str> {
    REFUSALS.iter().find(|(code, _)| told.contains(&format!("<Code>{code}</Code>"))).map(|(_, remedy)| *remedy)
}

fn client_options(place: &S3Place) -> Result<ClientOptions, String> {
    let mut client =
        ClientOptions::new().with_timeout_disabled().with_read_timeout(SILENCE).with_connect_timeout(CONNECT);
    if let Some(file) = &place.ca_file {
        let unreadable = |error: &dyn Display| format!("files.s3_ca_file cannot be read ({error})");
        let authorities = fs::read(file).map_err(|error| unreadable(&error))?;
        for authority in Certificate::from_pem_bundle(&authorities).map_err(|error| unreadable(&error))? {
            client = client.with_root_certificate(authority);
        }
    }
    let is_plain = place.endpoint.as_ref().is_some_and(|endpoint| endpoint.scheme() == "http");
    Ok(client.with_allow_http(is_plain))
}
