//! `result-vp evidence`: what is fetched, from where, and what happens to the bundle.
//!
//! The server is a real one, with TLS, on loopback. Every request of these tests must come without
//! a proxy of the environment, which names one that is not there.

#[path = "support/tls.rs"]
mod tls;

use std::collections::HashMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tls::{answer, Authority, Server};

/// A folder of its own, with the authority's certificate in it.
struct Place {
    folder: PathBuf,
    authority: Authority,
}

/// Texts by path, which a test may change.
type Texts = Arc<Mutex<HashMap<String, String>>>;

impl Place {
    fn new(name: &str) -> Place {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("evidence").join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder");
        let authority = Authority::new();
        authority.write(&folder.join("ca.pem"));
        Place { folder, authority }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn bundle(&self) -> PathBuf {
        self.path("bundle.json")
    }

    fn texts(&self) -> (Server, Texts) {
        let texts = Texts::default();
        let served = texts.clone();
        let server = self.authority.serve(
            "localhost",
            Arc::new(move |path, out| match served.lock().expect("no panic").get(path) {
                Some(text) => answer(out, 200, "", text.as_bytes()),
                None => answer(out, 404, "", b"nothing here"),
            }),
        );
        (server, texts)
    }

    /// A session of the fixtures whose issuer and whose status list are on another host.
    fn session(&self, name: &str, did: &str, base: &str) -> PathBuf {
        let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/sessions/success.json");
        let text = fs::read_to_string(fixture).expect("a fixture");
        let text = text
            .replace("did:web:issuer.example", did)
            .replace("https://schema.issuer.example/", &format!("{base}/schema/"))
            .replace("https://issuer.example/", &format!("{base}/"));
        let path = self.path(name);
        fs::write(&path, text).expect("written");
        path
    }

    fn fetch(&self, arguments: &[&str], inputs: &[&PathBuf]) -> Output {
        self.command(arguments, inputs).output().expect("the command runs")
    }

    /// With the server's authority, and with loopback allowed.
    fn command(&self, arguments: &[&str], inputs: &[&PathBuf]) -> Command {
        let mut command = self.strict(arguments, inputs);
        command.arg("--insecure-allow-private-addresses").arg("--ca-file").arg(self.path("ca.pem"));
        command
    }

    fn strict(&self, arguments: &[&str], inputs: &[&PathBuf]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_result-vp"));
        for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY"] {
            command.env(name, "http://127.0.0.1:1");
        }
        command.args(["evidence", "fetch", "--out"]).arg(self.bundle());
        command.args(arguments).args(inputs);
        command
    }

    fn items(&self) -> Vec<Value> {
        let text = fs::read(self.bundle()).expect("a bundle");
        result_vp::Evidence::new().add_bundle(&text).expect("verification reads it");
        let bundle: Value = serde_json::from_slice(&text).expect("JSON");
        assert_eq!(bundle["bundle"], 1);
        bundle["items"].as_array().expect("items").clone()
    }

    fn show(&self, arguments: &[&str]) -> (Option<i32>, Value) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_result-vp"));
        command.args(["evidence", "show", "--format", "json"]).arg(self.bundle()).args(arguments);
        let output = command.output().expect("the command runs");
        (output.status.code(), serde_json::from_slice(&output.stdout).unwrap_or(Value::Null))
    }
}

fn did_of(server: &Server) -> String {
    format!("did:web:localhost%3A{}", server.port)
}

fn base_of(server: &Server) -> String {
    format!("https://localhost:{}", server.port)
}

fn document(did: &str, key: &str) -> String {
    format!("{{\"id\": \"{did}\",\n \"verificationMethod\": [], \"note\": \"{key} \u{e4}\"}}")
}

fn set(texts: &Texts, path: &str, text: &str) {
    texts.lock().expect("no panic").insert(path.to_owned(), text.to_owned());
}

fn errors(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}

/// The line about one DID or URL.
fn line<'t>(errors: &'t str, name: &str) -> &'t str {
    let end = format!(" {name}: ");
    errors.lines().find(|line| line.contains(&end)).unwrap_or_else(|| panic!("{name}\n{errors}"))
}

/// A server with an issuer's document, status list and schema, and a session that names them.
fn issuer(place: &Place) -> (Server, Texts, String, PathBuf) {
    let (server, texts) = place.texts();
    let (did, base) = (did_of(&server), base_of(&server));
    set(&texts, "/.well-known/did.json", &document(&did, "first"));
    let list = format!("{{\"id\": \"{base}/credential-status/1\", \"list\": 1}}");
    set(&texts, "/credential-status/1", &list);
    set(&texts, SCHEMA, "{\"$id\": \"urn:x\"}");
    let session = place.session("session.json", &did, &base);
    (server, texts, did, session)
}

const SCHEMA: &str = "/schema/idv/identity-document_v0";

#[test]
fn everything_a_session_needs_is_fetched_as_it_stands_there() {
    let place = Place::new("happy");
    let (server, texts, did, session) = issuer(&place);
    let before = chrono::Utc::now().timestamp();
    let output = place.fetch(&["--issuer", &did], &[&session]);
    assert_eq!(output.status.code(), Some(0), "{}", errors(&output));
    assert_eq!(errors(&output).lines().count(), 3);
    assert!(output.stdout.is_empty());

    let items = place.items();
    let base = base_of(&server);
    let expected = [
        ("did_document", did.clone(), "/.well-known/did.json"),
        ("schema", format!("{base}{SCHEMA}"), SCHEMA),
        ("status_list", format!("{base}/credential-status/1"), "/credential-status/1"),
    ];
    assert_eq!(items.len(), expected.len());
    for (item, (kind, url, path)) in items.iter().zip(&expected) {
        let content = texts.lock().expect("no panic")[*path].clone();
        assert_eq!(item["kind"], *kind);
        assert_eq!(item["url"], *url);
        assert_eq!(item["content"], content);
        assert_eq!((&item["from"], &item["until"]), (&Value::Null, &Value::Null));
        let fetched = item["fetched"].as_str().expect("a time");
        let fetched: chrono::DateTime<chrono::Utc> = fetched.parse().expect("RFC 3339");
        assert!((before..=before + 60).contains(&fetched.timestamp()));
    }
    for head in server.requests() {
        let head = head.to_ascii_lowercase();
        assert!(head.contains("\r\naccept-encoding: identity\r\n"), "{head}");
        assert!(!head.contains("\r\ncookie:") && !head.contains("\r\nauthorization:"), "{head}");
    }

    let session = session.to_str().expect("text");
    let (code, shown) = place.show(&["--for", session]);
    assert_eq!(code, Some(0), "{shown}");
    assert_eq!(shown["items"].as_array().map(Vec::len), Some(3));
    assert_eq!(shown["missing"], serde_json::json!([]));
    assert!((0..60).contains(&shown["items"][0]["age_seconds"].as_i64().expect("an age")));

    let other = place.session("other.json", "did:web:other.example", &base);
    let (code, shown) = place.show(&["--for", other.to_str().expect("text")]);
    let missing = serde_json::json!([{"kind": "did_document", "url": "did:web:other.example"}]);
    assert_eq!((code, &shown["missing"]), (Some(3), &missing));
}

/// A list may have its own signer: without that document its own proof cannot be verified.
#[test]
fn the_signer_of_a_status_list_is_needed_as_well() {
    let place = Place::new("list-signer");
    let (server, texts, did, session) = issuer(&place);
    let signer = format!("{did}:lists");
    let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/evidence/status-list.json");
    let list = fs::read_to_string(fixture).expect("a fixture");
    let list = list.replace("did:web:issuer.example", &signer);
    set(&texts, "/credential-status/1", &list.replace("https://issuer.example", &base_of(&server)));
    set(&texts, "/lists/did.json", &document(&signer, "x"));
    let output = place.fetch(&["--issuer", &did], &[&session]);
    assert_eq!(output.status.code(), Some(3));
    assert!(line(&errors(&output), &signer).contains("only of issuers you trust"));
    let needs = ["--for", session.to_str().expect("text")];
    let (code, shown) = place.show(&needs);
    let missing = serde_json::json!([{"kind": "did_document", "url": signer}]);
    assert_eq!((code, &shown["missing"]), (Some(3), &missing));
    let output = place.fetch(&["--issuer", &did, "--issuer", &signer], &[&session]);
    assert_eq!(output.status.code(), Some(0), "{}", errors(&output));
    assert_eq!(place.items().len(), 4);
    assert_eq!(place.show(&needs).0, Some(0));
}

#[test]
fn a_second_fetch_keeps_the_history() {
    let place = Place::new("history");
    let (server, texts, did, session) = issuer(&place);
    let list = format!("{}/credential-status/1", base_of(&server));
    let fetch = |arguments: &[&str]| {
        let output = place.fetch(&[&["--issuer", &did], arguments].concat(), &[&session]);
        (output.status.code(), errors(&output))
    };
    assert_eq!(fetch(&[]).0, Some(0));
    let first = place.items();
    assert_eq!(fetch(&[]).0, Some(0));
    let again = place.items();
    let content = |items: &[Value]| -> Vec<Value> {
        items.iter().map(|item| item["content"].clone()).collect()
    };
    assert_eq!(content(&first), content(&again));

    set(&texts, "/.well-known/did.json", &document(&did, "rotated"));
    let new_list = format!("{{\"id\": \"{list}\", \"list\": 2}}");
    set(&texts, "/credential-status/1", &new_list);
    let (code, errors) = fetch(&[]);
    assert_eq!(code, Some(0), "{errors}");
    assert!(line(&errors, &did).contains("changed"));
    let items = place.items();
    assert_eq!(items.len(), 5);
    assert_eq!(items[0]["content"], document(&did, "first"));
    assert_eq!(items[1]["content"], document(&did, "rotated"));
    assert_eq!(items[0]["from"], Value::Null);
    assert_eq!(items[0]["until"], items[1]["fetched"]);
    assert_eq!(items[1]["from"], items[1]["fetched"]);
    assert_eq!(items[1]["until"], Value::Null);
    assert!(items.iter().any(|item| item["content"] == new_list));

    // A schema decides what credentials mean: it changes only by name.
    set(&texts, SCHEMA, "{\"$id\": \"urn:y\"}");
    let (code, errors) = fetch(&[]);
    assert_eq!(code, Some(5));
    assert!(errors.contains("--replace"), "{errors}");
    assert!(!fs::read_to_string(place.bundle()).expect("a bundle").contains("urn:y"));
    assert_eq!(fetch(&["--replace"]).0, Some(0));
    assert!(fs::read_to_string(place.bundle()).expect("a bundle").contains("urn:y"));
}

/// attacks.md A78, A79, A105: each is reported, none is stored, and none stops the others.
#[test]
fn a78_what_a_hostile_server_answers_is_refused() {
    let place = Place::new("hostile");
    let other = place.authority.serve("localhost", Arc::new(|_, out| answer(out, 200, "", b"{}")));
    let away = format!("Location: https://localhost:{}/did.json\r\n", other.port);
    let own: Arc<Mutex<String>> = Arc::default();
    let mine = own.clone();
    let server = place.authority.serve(
        "localhost",
        Arc::new(move |path, out| {
            let own = mine.lock().expect("no panic").clone();
            let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
            let did = format!("did:web:{own}:{}", segments[..segments.len() - 1].join(":"));
            match segments[0] {
                "fine" | "last" => answer(out, 200, "", document(&did, "a").as_bytes()),
                "identity" => {
                    let body = document(&did, "a");
                    answer(out, 200, "Content-Encoding: identity\r\n", body.as_bytes())
                }
                "moved" if segments[1] == "did.json" => {
                    answer(out, 301, "Location: /moved/here/did.json\r\n", b"")
                }
                "moved" => {
                    let body = document(&format!("did:web:{own}:moved"), "a");
                    answer(out, 200, "", body.as_bytes())
                }
                "other-host" => {
                    answer(out, 302, "Location: https://evil.example/did.json\r\n", b"")
                }
                "other-port" => answer(out, 307, &away, b""),
                "relative-host" => answer(out, 302, "Location: //evil.example/did.json\r\n", b""),
                "plain-http" => {
                    let location = format!("Location: http://{}/x\r\n", own.replace("%3A", ":"));
                    answer(out, 301, &location, b"")
                }
                "nowhere" => answer(out, 302, "", b""),
                "circle" => answer(out, 302, "Location: /circle/did.json\r\n", b""),
                "endless" => {
                    write!(out, "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n")?;
                    loop {
                        write!(out, "4000\r\n{}\r\n", " ".repeat(0x4000))?;
                    }
                }
                "large" => answer(out, 200, "", &b" ".repeat(256 * 1024 + 1)),
                "headers" => {
                    write!(out, "HTTP/1.1 200 X\r\n")?;
                    loop {
                        write!(out, "X: {}\r\n", "x".repeat(0x4000))?;
                    }
                }
                "cut" => {
                    write!(out, "HTTP/1.1 200 X\r\nContent-Length: 5000\r\n\r\n")?;
                    out.write_all(document(&did, "a").as_bytes())
                }
                // Gzip of nothing: a client that inflates would find an empty text.
                "gzip" => {
                    let body = b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0";
                    answer(out, 200, "Content-Encoding: gzip\r\n", body)
                }
                "latin" => answer(out, 200, "", b"{\"id\": \"\xe4\"}"),
                "page" => answer(out, 200, "", b"<!doctype html>"),
                "other-did" => {
                    answer(out, 200, "", document("did:web:other.example", "a").as_bytes())
                }
                "gone" => answer(out, 404, "", b"{}"),
                "down" => answer(out, 503, "", b"{}"),
                _ => out.write_all(b"SSH-2.0-x\r\n\r\n"),
            }
        }),
    );
    let host = format!("localhost%3A{}", server.port);
    own.lock().expect("no panic").clone_from(&host);

    let cases = [
        ("fine", "new"),
        ("identity", "new"),
        ("moved", "new"),
        ("other-host", "redirects to another host"),
        ("other-port", "redirects to another host"),
        ("relative-host", "redirects to another host"),
        ("plain-http", "redirects to plain http"),
        ("nowhere", "redirects to a place that is refused"),
        ("circle", "redirects more than 3 times"),
        ("endless", "larger than 256 KiB"),
        ("large", "larger than 256 KiB"),
        ("headers", ""),
        ("cut", ""),
        ("gzip", "compressed"),
        ("latin", "no UTF-8"),
        ("page", "cannot be used"),
        ("other-did", "not what was asked for"),
        ("gone", "status 404"),
        ("down", "status 503"),
        ("no-http", ""),
        ("last", "new"),
    ];
    let dids = cases.map(|(name, _)| format!("did:web:{host}:{name}"));
    let inputs: Vec<PathBuf> = dids
        .iter()
        .zip(cases)
        .map(|(did, (name, _))| {
            place.session(&format!("{name}.json"), did, "https://elsewhere.example")
        })
        .collect();
    let issuers: Vec<&str> = dids.iter().flat_map(|did| ["--issuer", did]).collect();
    let output = place.fetch(&issuers, &inputs.iter().collect::<Vec<_>>());
    let errors = errors(&output);
    assert_eq!(output.status.code(), Some(5), "{errors}");
    for (did, (name, text)) in dids.iter().zip(cases) {
        let line = line(&errors, did);
        let begin = if text == "new" { "fetched  " } else { "failed   " };
        assert!(line.starts_with(begin) && line.contains(text), "{name}: {line}");
    }
    let held: Vec<Value> = place.items().iter().map(|item| item["url"].clone()).collect();
    let fine = ["fine", "identity", "last", "moved"].map(|name| format!("did:web:{host}:{name}"));
    assert_eq!(held, fine);
    assert_eq!(other.connections(), 0);
    let circle = server.requests().iter().filter(|head| head.contains("/circle/")).count();
    assert_eq!(circle, 4);
}

/// attacks.md A79.
#[test]
fn a79_a_slow_server_is_left_after_ten_seconds() {
    let (head, body) = (Place::new("slow-head"), Place::new("slow-body"));
    let begun = thread::scope(|scope| {
        for (place, start) in [
            (&head, "HTTP/1.1 200 X\r\nX: "),
            (&body, "HTTP/1.1 200 X\r\nContent-Length: 5000\r\n\r\n"),
        ] {
            scope.spawn(move || {
                // Each byte comes soon; the whole never does.
                let drip = move |_: &str, out: &mut dyn Write| {
                    out.write_all(start.as_bytes())?;
                    loop {
                        out.write_all(b" ")?;
                        out.flush()?;
                        thread::sleep(Duration::from_millis(100));
                    }
                };
                let server = place.authority.serve("localhost", Arc::new(drip));
                is_too_slow(place, &did_of(&server));
                assert_eq!(server.requests().len(), 1);
            });
        }
        Instant::now()
    });
    let elapsed = begun.elapsed();
    assert!((Duration::from_secs(9)..Duration::from_secs(14)).contains(&elapsed), "{elapsed:?}");
}

#[test]
fn a79_a_server_that_does_not_shake_hands_is_left_after_three_seconds() {
    let place = Place::new("slow-handshake");
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = silent.local_addr().expect("an address").port();
    let begun = Instant::now();
    is_too_slow(&place, &format!("did:web:localhost%3A{port}"));
    let elapsed = begun.elapsed();
    assert!((Duration::from_secs(2)..Duration::from_secs(7)).contains(&elapsed), "{elapsed:?}");
}

fn is_too_slow(place: &Place, did: &str) {
    let input = place.session("session.json", did, "https://elsewhere.example");
    let output = place.fetch(&["--issuer", did], &[&input]);
    let errors = errors(&output);
    assert_eq!(output.status.code(), Some(5), "{errors}");
    assert!(line(&errors, did).contains("takes too long"), "{errors}");
}

/// attacks.md A80.
#[test]
fn a80_a_server_that_cannot_prove_its_name_is_asked_nothing() {
    let place = Place::new("certificates");
    let handler = Arc::new(|_: &str, out: &mut dyn Write| answer(out, 200, "", b"{}"));
    let wrong_name = place.authority.serve("other.example", handler.clone());
    let unknown = Authority::new().serve("localhost", handler);
    for server in [&wrong_name, &unknown] {
        let did = did_of(server);
        let input = place.session("session.json", &did, "https://elsewhere.example");
        let output = place.fetch(&["--issuer", &did], &[&input]);
        let errors = errors(&output);
        assert_eq!(output.status.code(), Some(5), "{errors}");
        assert!(line(&errors, &did).contains("certificate"), "{errors}");
        assert_eq!(server.connections(), 1);
        assert_eq!(server.requests(), [""; 0]);
        assert!(place.items().is_empty());
    }

    // Without --ca-file, the public authorities do not know ours.
    let (server, _, did, session) = issuer(&place);
    let mut command = place.strict(&["--issuer", &did], &[&session]);
    let output = command.arg("--insecure-allow-private-addresses").output().expect("it runs");
    assert_eq!(output.status.code(), Some(5));
    assert!(server.connections() > 0);
    assert_eq!(server.requests(), [""; 0]);
}

/// attacks.md A75, A106: a name that resolves to loopback.
#[test]
fn a75_a_private_address_is_not_connected_to() {
    let place = Place::new("private");
    let (server, _, did, session) = issuer(&place);
    let mut command = place.strict(&["--issuer", &did], &[&session]);
    let output = command.arg("--ca-file").arg(place.path("ca.pem")).output().expect("it runs");
    let errors = errors(&output);
    assert_eq!(output.status.code(), Some(5), "{errors}");
    assert_eq!(errors.matches("no public address").count(), 3, "{errors}");
    assert!(errors.contains("--insecure-allow-private-addresses"));
    assert_eq!(server.connections(), 0);
}

/// attacks.md A75, A106: the input alone never decides where a request goes.
#[test]
fn a106_only_what_the_caller_named_is_asked() {
    let place = Place::new("named");
    let (server, _, did, session) = issuer(&place);
    let base = base_of(&server);
    let run = |arguments: &[&str], input: &PathBuf| {
        let _ = fs::remove_file(place.bundle());
        let before = server.requests().len();
        let output = place.fetch(arguments, &[input]);
        let held: Vec<Value> = place.items().iter().map(|item| item["kind"].clone()).collect();
        (output.status.code(), errors(&output), held, server.requests().len() - before)
    };

    let (code, errors, held, requests) = run(&["--issuer", "did:web:other.example"], &session);
    assert_eq!((code, held.len(), requests), (Some(3), 0, 0), "{errors}");
    assert!(line(&errors, &did).contains(&format!("--issuer {did}")));

    // The issuer is trusted, and has its list and schema on the host of another.
    let elsewhere = place.session("elsewhere.json", "did:key:zUC7", &base);
    let (code, errors, held, requests) = run(&["--issuer", "did:web:other.example"], &elsewhere);
    assert_eq!((code, held.len(), requests), (Some(3), 0, 0), "{errors}");
    let advice = format!("--allow-url-prefix {base}/");
    assert!(line(&errors, &format!("{base}{SCHEMA}")).contains(&advice), "{errors}");
    let prefix = format!("{base}/schema");
    let arguments = ["--issuer", "did:web:other.example", "--allow-url-prefix", &prefix];
    let (code, errors, held, requests) = run(&arguments, &elsewhere);
    assert_eq!((code, requests), (Some(3), 1), "{errors}");
    assert_eq!(held, ["schema"]);

    // A prefix is no issuer.
    let prefix = format!("{base}/");
    let arguments = ["--issuer", "did:web:other.example", "--allow-url-prefix", &prefix];
    let (_, errors, held, _) = run(&arguments, &session);
    assert_eq!(held, ["schema", "status_list"], "{errors}");

    let (code, errors, held, requests) = run(&["--insecure-any-issuer"], &session);
    assert_eq!((code, held.len(), requests), (Some(0), 3, 3), "{errors}");

    // Other methods are evidence from elsewhere; nobody is asked about them.
    let ion = place.session("ion.json", "did:ion:abc", &base);
    let (code, errors, held, requests) = run(&["--issuer", "did:ion:abc"], &ion);
    assert_eq!((code, held.len(), requests), (Some(3), 0, 0), "{errors}");
    assert!(line(&errors, "did:ion:abc").contains("as evidence"), "{errors}");

    let bad = format!("{did}:..:admin");
    let input = place.session("bad.json", &bad, "https://elsewhere.example");
    let (code, errors, held, requests) = run(&["--issuer", &bad], &input);
    assert_eq!((code, held.len(), requests), (Some(5), 0, 0), "{errors}");
}

#[test]
fn a_bundle_that_was_changed_is_neither_used_nor_overwritten() {
    let place = Place::new("corrupt");
    let (server, _, did, session) = issuer(&place);
    assert_eq!(place.fetch(&["--issuer", &did], &[&session]).status.code(), Some(0));
    let good = fs::read_to_string(place.bundle()).expect("a bundle");
    let requests = server.requests().len();
    for bad in [
        good.replacen("first", "other", 1),
        good.replacen("\"bundle\": 1", "\"bundle\": 2", 1),
        good[..good.len() / 2].to_owned(),
        good.replacen("\"from\"", "\"extra\": 1, \"from\"", 1),
        "{}".to_owned(),
        String::new(),
    ] {
        fs::write(place.bundle(), &bad).expect("written");
        let output = place.fetch(&["--issuer", &did], &[&session]);
        assert_eq!(output.status.code(), Some(7), "{}", errors(&output));
        assert_eq!(fs::read_to_string(place.bundle()).expect("a bundle"), bad);
        assert_eq!(place.show(&[]).0, Some(7));
    }
    assert_eq!(server.requests().len(), requests);
}

#[test]
fn a_run_that_is_killed_leaves_the_bundle_whole() {
    let place = Place::new("killed");
    let (_, _, did, session) = issuer(&place);
    assert_eq!(place.fetch(&["--issuer", &did], &[&session]).status.code(), Some(0));
    let before = fs::read(place.bundle()).expect("a bundle");
    let slow = place.authority.serve(
        "localhost",
        Arc::new(|_, _| {
            thread::sleep(Duration::from_secs(20));
            Ok(())
        }),
    );
    let slow_did = did_of(&slow);
    let input = place.session("slow.json", &slow_did, "https://elsewhere.example");
    let arguments = ["--issuer", &did, "--issuer", &slow_did];
    let mut command = place.command(&arguments, &[&session, &input]);
    let mut child = command.stderr(Stdio::null()).spawn().expect("it runs");
    let start = Instant::now();
    while slow.requests().is_empty() && start.elapsed() < Duration::from_secs(9) {
        thread::sleep(Duration::from_millis(10));
    }
    child.kill().expect("killed");
    child.wait().expect("ended");
    assert!(!slow.requests().is_empty());
    assert_eq!(fs::read(place.bundle()).expect("a bundle"), before);

    // What a crash while writing leaves beside the bundle disturbs nobody.
    fs::write(place.path("bundle.json.1.partial"), &before[..before.len() / 2]).expect("written");
    assert_eq!(place.fetch(&["--issuer", &did], &[&session]).status.code(), Some(0));
    assert_eq!(place.items().len(), 3);
    let left: Vec<_> = fs::read_dir(&place.folder)
        .expect("a folder")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".partial"))
        .collect();
    assert_eq!(left, ["bundle.json.1.partial"]);
}

#[test]
fn usage_is_checked_before_anything_is_asked() {
    let place = Place::new("usage");
    let (server, _, did, session) = issuer(&place);
    for (arguments, code) in [
        (&[][..], 2),
        (&["--issuer", "issuer.example"], 2),
        (&["--issuer", &did, "--insecure-any-issuer"], 2),
        (&["--issuer", &did, "--allow-url-prefix", "http://a.example/"], 2),
        (&["--issuer", &did, "no-such-file.json"], 5),
    ] {
        let output = place.fetch(arguments, &[&session]);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", errors(&output));
    }
    fs::write(place.path("empty.pem"), "").expect("written");
    let mut command = place.strict(&["--issuer", &did], &[&session]);
    let output = command.arg("--ca-file").arg(place.path("empty.pem")).output().expect("it runs");
    assert_eq!(output.status.code(), Some(2), "{}", errors(&output));
    assert_eq!(server.connections(), 0);
    assert!(!place.bundle().exists());

    // An unreadable input does not stop the others.
    fs::write(place.path("broken.json"), "{\"resultVp\": \"{}\"}").expect("written");
    let output = place.fetch(&["--issuer", &did], &[&place.path("broken.json"), &session]);
    assert_eq!(output.status.code(), Some(7), "{}", errors(&output));
    assert_eq!(place.items().len(), 3);
}

#[test]
fn a_policy_file_names_issuers_as_flags_do() {
    let place = Place::new("policy");
    let (server, _, did, session) = issuer(&place);
    let policy = place.path("policy.toml");
    let flags = ["--policy", policy.to_str().expect("a name")];
    fs::write(&policy, "status = \"skip\"\n").expect("written");
    let output = place.fetch(&flags, &[&session]);
    assert_eq!(output.status.code(), Some(2), "{}", errors(&output));
    assert!(errors(&output).contains("no issuer is trusted"));
    assert_eq!(server.connections(), 0);
    for (named, scope, code) in
        [("did:web:localhost%3A1", "exact", 3), (did.as_str(), "below", 3), (&did, "exact", 0)]
    {
        let text = format!("[[issuer]]\ndid = \"{named}\"\nscope = \"{scope}\"\n");
        fs::write(&policy, text).expect("written");
        let output = place.fetch(&flags, &[&session]);
        assert_eq!(output.status.code(), Some(code), "{scope}: {}", errors(&output));
    }
    assert_eq!(place.items().len(), 3);
}

#[test]
fn what_is_wrong_with_a_key_is_shown() {
    let place = Place::new("keys");
    // The compressed identity: `c0` and zeros.
    let identity = format!("wA{}", "A".repeat(126));
    let did = "did:web:a.example";
    let document = serde_json::json!({
        "id": did,
        "verificationMethod": [{
            "id": format!("{did}#key-1"),
            "type": "JsonWebKey2020",
            "controller": did,
            "publicKeyJwk": {"kty": "EC", "crv": "BLS12381_G2", "x": identity},
        }],
    });
    fs::write(place.bundle(), document.to_string()).expect("written");
    let (code, shown) = place.show(&[]);
    assert_eq!(code, Some(0));
    let key = &shown["keys"][0];
    assert_eq!(key["verification_method"], format!("{did}#key-1"));
    assert_eq!(key["code"], "key_not_in_group");
    assert_eq!(shown["keys"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_directory_is_shown_by_content() {
    let place = Place::new("directory");
    let (_, _, did, session) = issuer(&place);
    assert_eq!(place.fetch(&["--issuer", &did], &[&session]).status.code(), Some(0));
    let folder = place.path("folder");
    fs::create_dir_all(folder.join("deep")).expect("a folder");
    fs::rename(place.bundle(), folder.join("bundle.json")).expect("moved");
    fs::write(folder.join("deep/did.json"), document("did:web:a.example", "x")).expect("written");
    fs::write(folder.join("deep/schema.json"), "{\"$id\": \"https://a.example/s\"}")
        .expect("written");
    let list = "{\"id\": \"https://a.example/l\", \"type\": [\"StatusList2021Credential\"]}";
    fs::write(folder.join("deep/list.json"), list).expect("written");
    fs::write(folder.join("notes.json"), "{\"a\": 1}").expect("written");
    fs::write(folder.join("notes.txt"), "no JSON").expect("written");
    let show = |format: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_result-vp"));
        command.args(["evidence", "show", "--format", format]).arg(&folder);
        let output = command.output().expect("the command runs");
        assert_eq!(output.status.code(), Some(0), "{}", errors(&output));
        String::from_utf8(output.stdout).expect("text")
    };
    let shown: Value = serde_json::from_str(&show("json")).expect("JSON");
    let urls: Vec<&str> = (shown["items"].as_array().expect("items").iter())
        .map(|item| item["url"].as_str().expect("text"))
        .collect();
    assert_eq!(urls.len(), 6);
    for url in ["did:web:a.example", "https://a.example/s", "https://a.example/l", &did] {
        assert!(urls.contains(&url), "{urls:?}");
    }
    assert_eq!(shown["left_out"].as_array().map(Vec::len), Some(1));
    let human = show("human");
    assert!(human.contains("fetched ") && human.contains(&did), "{human}");
    assert!(human.contains("left out") && human.contains("notes.json"), "{human}");
}
