//! Encrypted connections.

use super::failure::Failure;
use futures_rustls::TlsConnector;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use smol::io::{AsyncRead, AsyncWrite};
use std::io;
use std::sync::{Arc, LazyLock};

/// Whom the process trusts: read once, at the first encrypted connection.
static CONFIGURATION: LazyLock<Result<Arc<ClientConfig>, rustls::Error>> = LazyLock::new(|| {
    let mut roots = RootCertStore::empty();
    // Single certificates that cannot be read are nobody's business as long as others can.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let configuration = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(configuration))
});

/// Encrypts a connection to that host.
pub async fn encrypt<S: AsyncRead + AsyncWrite + Unpin>(
    host: &str,
    stream: S,
) -> Result<futures_rustls::client::TlsStream<S>, Failure> {
    // Reading the certificates of the system takes a while.
    let configuration = smol::unblock(|| CONFIGURATION.clone()).await.map_err(|error| {
        Failure::lasting(
            format!("encryption is not to be had: {error}"),
            "this is a defect of biovm; please report it",
        )
    })?;
    let name = ServerName::try_from(host.to_owned()).map_err(|_| {
        Failure::lasting(format!("{host} is no name that a certificate can have"), "check the address")
    })?;
    TlsConnector::from(configuration).connect(name, stream).await.map_err(|error| refused(host, &error))
}

fn refused(host: &str, error: &io::Error) -> Failure {
    let cause = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match cause {
        Some(rustls::Error::InvalidCertificate(why)) => Failure::lasting(
            format!("the certificate of {host} is not trusted: {why:?}"),
            "is the clock right, and is this the right host? SSL_CERT_FILE names a file with certificates to trust",
        ),
        Some(why) => Failure::lasting(
            format!("no encrypted connection to {host}: {why}"),
            "does the server speak https? try http:// if you trust the network",
        ),
        None => Failure::passing(
            format!("the connection to {host} broke while it was being encrypted: {error}"),
            "check the network, then try again",
        ),
    }
}
