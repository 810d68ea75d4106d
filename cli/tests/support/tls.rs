//! A server on loopback that speaks TLS under its own certificate authority.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A certificate authority of our own.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// What a path is answered with; the connection is closed after it.
pub type Handler = dyn Fn(&str, &mut dyn Write) -> std::io::Result<()> + Send + Sync;

pub struct Server {
    pub port: u16,
    connections: Arc<AtomicUsize>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Authority {
    pub fn new() -> Authority {
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        Authority(CertifiedIssuer::self_signed(params, key).expect("a certificate"))
    }

    pub fn write(&self, path: &Path) {
        let certificate: &rcgen::Certificate = self.0.as_ref();
        std::fs::write(path, certificate.pem()).expect("written");
    }

    /// Serves under a certificate for `name`.
    pub fn serve(&self, name: &str, handler: Arc<Handler>) -> Server {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(vec![name.to_owned()]).expect("parameters");
        let certificate = params.signed_by(&key, &self.0).expect("a certificate");
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .expect("a configuration");
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let server = Server {
            port: listener.local_addr().expect("an address").port(),
            connections: Arc::default(),
            requests: Arc::default(),
        };
        let (connections, requests) = (server.connections.clone(), server.requests.clone());
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                connections.fetch_add(1, Ordering::SeqCst);
                let (config, handler, requests) =
                    (config.clone(), handler.clone(), requests.clone());
                thread::spawn(move || {
                    let connection = ServerConnection::new(config).expect("a connection");
                    let mut reader = BufReader::new(StreamOwned::new(connection, stream));
                    let mut head = String::new();
                    while !head.ends_with("\r\n\r\n") {
                        // A handshake that failed; nothing was asked.
                        if !matches!(reader.read_line(&mut head), Ok(1..)) {
                            return;
                        }
                    }
                    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
                    requests.lock().expect("no panic").push(head);
                    let stream = reader.get_mut();
                    // The client may have hung up: that is what many tests are about.
                    if handler(&path, stream).is_ok() {
                        stream.conn.send_close_notify();
                        let _ = stream.flush();
                        let _ = stream.sock.read(&mut [0]);
                    }
                });
            }
        });
        server
    }
}

impl Server {
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// The heads of the requests, as they came.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("no panic").clone()
    }
}

/// An answer with a body and headers, each with its line end.
pub fn answer(out: &mut dyn Write, status: u16, headers: &str, body: &[u8]) -> std::io::Result<()> {
    write!(out, "HTTP/1.1 {status} X\r\nContent-Length: {}\r\n{headers}\r\n", body.len())?;
    out.write_all(body)?;
    out.flush()
}
