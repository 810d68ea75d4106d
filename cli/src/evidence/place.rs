//! Where a request may go: `https` URLs in one canonical spelling, and what a `did:web` leads to.

use std::fmt;

/// An `https` URL whose host is a lower-case DNS name, without user, fragment or dot segments.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Place {
    host: String,
    /// `None` is 443: a default that is written out would be a second spelling.
    port: Option<u16>,
    /// The path, and the query if there is one.
    path: String,
}

impl Place {
    /// Reads a URL; a fragment is dropped, for it is never sent. The error continues "the URL".
    pub(super) fn parse(url: &str) -> Result<Place, &'static str> {
        let rest = url.strip_prefix("https://").ok_or("does not begin with https://")?;
        if !url.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\') {
            return Err("has characters that no URL has");
        }
        let rest = rest.split_once('#').map_or(rest, |(rest, _)| rest);
        let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let (name, number) = match authority.split_once(':') {
            Some((name, number)) => (name, Some(port(number)?)),
            None => (authority, None),
        };
        let file = path.split_once('?').map_or(path, |(file, _)| file).to_ascii_lowercase();
        if file.contains("%2f") || file.contains("%5c") {
            return Err("hides a path separator by percent-encoding");
        }
        let file = file.replace("%2e", ".");
        if file.split('/').any(|segment| matches!(segment, "." | "..")) {
            return Err("has a segment `.` or `..`");
        }
        let root = if path.starts_with('/') { "" } else { "/" };
        Ok(Place { host: host(name)?, port: number, path: format!("{root}{path}") })
    }

    /// Where the document of a `did:web` stands (did:web method, section 2.5.2).
    ///
    /// Only one spelling leads to a place. The error continues "the DID".
    pub(super) fn of_did_web(did: &str) -> Result<Place, &'static str> {
        let identifier = did.strip_prefix("did:web:").ok_or("is no did:web")?;
        let mut segments = identifier.split(':');
        let authority = segments.next().unwrap_or_default();
        let (name, number) = match authority.split_once('%') {
            None => (authority, None),
            Some((name, number)) => {
                let number = number.strip_prefix("3A").or_else(|| number.strip_prefix("3a"));
                let number = number.ok_or("has a percent-encoded character in its host")?;
                (name, Some(port(number)?))
            }
        };
        let host = host(name)?;
        let mut path = String::new();
        for segment in segments {
            is_path_segment(segment)?;
            path.push('/');
            path.push_str(segment);
        }
        if path.is_empty() {
            path.push_str("/.well-known");
        }
        path.push_str("/did.json");
        Ok(Place { host, port: number, path })
    }

    /// The same host and port; the scheme is always `https`.
    pub(super) fn is_same_host(&self, other: &Place) -> bool {
        self.host == other.host && self.port == other.port
    }

    /// Whether it begins with `prefix`, whole path segments compared.
    pub(super) fn is_below(&self, prefix: &Place) -> bool {
        self.is_same_host(prefix)
            && self.path.strip_prefix(&prefix.path).is_some_and(|rest| {
                rest.is_empty() || prefix.path.ends_with('/') || rest.starts_with(['/', '?'])
            })
    }

    /// Where a redirect leads, which must be on the same host. The error continues "it".
    pub(super) fn redirected(&self, location: &str) -> Result<Place, &'static str> {
        let target = match location.strip_prefix('/') {
            Some(path) if path.starts_with('/') => Place::parse(&format!("https:{location}")),
            Some(_) => Place::parse(&format!("{}{location}", self.root())),
            None => Place::parse(location),
        };
        match target {
            Ok(target) if target.is_same_host(self) => Ok(target),
            Ok(_) => Err("redirects to another host"),
            Err(_) if location.starts_with("http:") => Err("redirects to plain http"),
            Err(_) => Err("redirects to a place that is refused"),
        }
    }

    /// The URL of its host, without a path.
    pub(super) fn root(&self) -> String {
        let port = self.port.map(|port| format!(":{port}")).unwrap_or_default();
        format!("https://{}{port}", self.host)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", self.root(), self.path)
    }
}

/// A lower-case DNS name. What a URL parser somewhere could read as an IPv4 address is none: that
/// is every name whose last label is a number (URL Standard, "ends in a number").
fn host(name: &str) -> Result<String, &'static str> {
    let is_label = |label: &str| {
        let byte = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
        (1..=63).contains(&label.len())
            && label.bytes().all(byte)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    if name.len() > 253 || !name.split('.').all(is_label) {
        return Err("has a host that is no lower-case DNS name");
    }
    if name.split('.').any(|label| label.starts_with("xn--")) {
        return Err("has an internationalized host, which can look like another");
    }
    let last = name.rsplit('.').next().unwrap_or_default();
    let is_hexadecimal = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_number = last.bytes().all(|byte| byte.is_ascii_digit())
        || last.strip_prefix("0x").is_some_and(is_hexadecimal);
    match is_number {
        true => Err("has an IP address as host"),
        false => Ok(name.to_owned()),
    }
}

fn port(number: &str) -> Result<u16, &'static str> {
    let digits = number.bytes().all(|byte| byte.is_ascii_digit()) && !number.starts_with('0');
    match number.parse() {
        Ok(443) => Err("writes out the default port"),
        Ok(port) if digits => Ok(port),
        _ => Err("has a port that is no number from 1 to 65535"),
    }
}

/// A segment that means itself: what need not be encoded is not, and nothing encoded steps out.
fn is_path_segment(segment: &str) -> Result<(), &'static str> {
    if segment.is_empty() || segment.bytes().all(|byte| byte == b'.') {
        return Err("has a path segment that is empty or only dots");
    }
    let mut bytes = segment.bytes();
    while let Some(byte) = bytes.next() {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if byte == b'%' {
            let digit = |digit: Option<u8>| char::from(digit?).to_digit(16);
            let encoded = digit(bytes.next()).zip(digit(bytes.next()));
            let (high, low) = encoded.ok_or("has a broken percent-encoding")?;
            let byte = u8::try_from(16 * high + low).unwrap_or_default();
            if plain(byte) || byte.is_ascii_control() || b"/\\%?#".contains(&byte) {
                return Err("has a percent-encoding that hides what it means");
            }
        } else if !plain(byte) {
            return Err("has a character in its path that must be percent-encoded");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Place;

    fn did_web(did: &str) -> Result<String, &'static str> {
        Place::of_did_web(did).map(|place| place.to_string())
    }

    #[test]
    fn a_did_web_leads_to_the_place_its_method_says() {
        for (did, url) in [
            ("did:web:issuer.example", "https://issuer.example/.well-known/did.json"),
            ("did:web:issuer.example:user:alice", "https://issuer.example/user/alice/did.json"),
            ("did:web:issuer.example%3A3000", "https://issuer.example:3000/.well-known/did.json"),
            ("did:web:issuer.example%3a3000:user", "https://issuer.example:3000/user/did.json"),
            ("did:web:localhost%3A8443", "https://localhost:8443/.well-known/did.json"),
            ("did:web:a-b.issuer.example:A.b_c-d", "https://a-b.issuer.example/A.b_c-d/did.json"),
            ("did:web:issuer.example:a%20b", "https://issuer.example/a%20b/did.json"),
            ("did:web:issuer.example:%C3%A4", "https://issuer.example/%C3%A4/did.json"),
            ("did:web:issuer.example:.well-known", "https://issuer.example/.well-known/did.json"),
            ("did:web:0x7.example", "https://0x7.example/.well-known/did.json"),
        ] {
            assert_eq!(did_web(did).as_deref(), Ok(url), "{did}");
        }
    }

    /// attacks.md A75, A76, A77.
    #[test]
    fn a76_a77_a_did_web_that_leads_elsewhere_is_refused() {
        for did in [
            "did:web:",
            "did:web:127.0.0.1",
            "did:web:10.0.0.5%3A8080",
            "did:web:192.168.1.1",
            "did:web:169.254.169.254:latest:meta-data",
            "did:web:2130706433",
            "did:web:2852039166",
            "did:web:0x7f000001",
            "did:web:0x",
            "did:web:0177.0.0.1",
            "did:web:127.1",
            "did:web:127.0x1",
            "did:web:issuer.example.1",
            "did:web:%31%32%37.0.0.1",
            "did:web:%5B%3A%3A1%5D",
            "did:web:[::1]",
            "did:web:user%40issuer.example",
            "did:web:issuer.example%40evil.example",
            "did:web:user@issuer.example",
            "did:web:issuer.example%2Fevil",
            "did:web:issuer.example/evil",
            "did:web:issuer.example%3A",
            "did:web:issuer.example%3A0",
            "did:web:issuer.example%3A443",
            "did:web:issuer.example%3A08443",
            "did:web:issuer.example%3A%2B8443",
            "did:web:issuer.example%3A+8443",
            "did:web:issuer.example%3A65536",
            "did:web:issuer.example%3A80%3A81",
            "did:web:issuer.example%3A80@evil.example",
            "did:web:issuer.example%3Aevil",
            "did:web:issuer.example%253A80",
            "did:web:ISSUER.example",
            "did:web:issuer.example.",
            "did:web:.issuer.example",
            "did:web:issuer..example",
            "did:web:-issuer.example",
            "did:web:issuer-.example",
            "did:web:issuer_x.example",
            "did:web:xn--issuer-cva.example",
            "did:web:issu\u{0435}r.example",
            "did:web:issuer\u{3002}example",
            "did:web:issuer.example:",
            "did:web:issuer.example::a",
            "did:web:issuer.example:user:..:..:admin",
            "did:web:issuer.example:.",
            "did:web:issuer.example:...",
            "did:web:issuer.example:%2e%2e:admin",
            "did:web:issuer.example:%2E%2E:admin",
            "did:web:issuer.example:a%2Fb",
            "did:web:issuer.example:a%2fb",
            "did:web:issuer.example:a%5Cb",
            "did:web:issuer.example:a%252Fb",
            "did:web:issuer.example:a%00",
            "did:web:issuer.example:a%0D%0AHost%3A",
            "did:web:issuer.example:a%3Fb",
            "did:web:issuer.example:a%23b",
            "did:web:issuer.example:%61dmin",
            "did:web:issuer.example:a%4",
            "did:web:issuer.example:a%zz",
            "did:web:issuer.example:a?b",
            "did:web:issuer.example:a#b",
            "did:web:issuer.example:a b",
            "did:web:issuer.example:\u{e4}",
            "DID:web:issuer.example",
            "did:Web:issuer.example",
        ] {
            assert!(did_web(did).is_err(), "{did}: {:?}", did_web(did));
        }
        let long = format!("did:web:{}.example", "a".repeat(64));
        assert!(did_web(&long).is_err());
        let long = format!("did:web:{}example", "a.".repeat(124));
        assert!(did_web(&long).is_err());
    }

    #[test]
    fn urls_have_one_spelling() {
        for (url, place) in [
            ("https://a.example", "https://a.example/"),
            ("https://a.example?x", "https://a.example/?x"),
            ("https://a.example:8443/x//y?z=/../#f", "https://a.example:8443/x//y?z=/../"),
            ("https://a.example/#https://b.example", "https://a.example/"),
        ] {
            assert_eq!(Place::parse(url).map(|place| place.to_string()).as_deref(), Ok(place));
        }
        for url in [
            "",
            "https://",
            "https:///x",
            "http://a.example/",
            "HTTPS://a.example/",
            "file:///etc/passwd",
            "https://user@a.example/",
            "https://user:secret@a.example/",
            "https://a.example:/",
            "https://a.example:443/",
            "https://a.example:80:81/",
            "https://A.example/",
            "https://a.example\\@b.example/",
            "https://a.example/\\b",
            "https://a.example/a b",
            "https://a.example/\r\nHost: b.example",
            "https://[::1]/",
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://a.example/x/../y",
            "https://a.example/x/%2e%2E/y",
            "https://a.example/x/.%2e",
            "https://a.example/x%2Fy",
            "https://a.example/x%5cy",
            "https://a.example/\u{e4}",
        ] {
            assert!(Place::parse(url).is_err(), "{url}");
        }
    }

    #[test]
    fn a_prefix_ends_at_a_segment() {
        let below = |url, prefix| {
            let place = |url| Place::parse(url).expect("a place");
            place(url).is_below(&place(prefix))
        };
        assert!(below("https://a.example/x/y", "https://a.example"));
        assert!(below("https://a.example/x/y", "https://a.example/x"));
        assert!(below("https://a.example/x/y", "https://a.example/x/"));
        assert!(below("https://a.example/x?y", "https://a.example/x"));
        assert!(below("https://a.example/x", "https://a.example/x"));
        assert!(!below("https://a.example/xy", "https://a.example/x"));
        assert!(!below("https://a.example/x", "https://a.example/x/"));
        assert!(!below("https://a.example.evil.example/", "https://a.example"));
        assert!(!below("https://a.example:8443/x", "https://a.example/x"));
    }

    /// attacks.md A78.
    #[test]
    fn redirects_stay_on_their_host() {
        let place = Place::parse("https://a.example:8443/x/y").expect("a place");
        let redirected = |to| place.redirected(to).map(|place| place.to_string());
        assert_eq!(redirected("/z"), Ok("https://a.example:8443/z".to_owned()));
        assert_eq!(
            redirected("https://a.example:8443/z"),
            Ok("https://a.example:8443/z".to_owned())
        );
        for location in [
            "",
            "z",
            "../z",
            "/../z",
            "//b.example/z",
            "/\\b.example",
            "\\\\b.example",
            "http://a.example:8443/z",
            "https://a.example/z",
            "https://a.example:8444/z",
            "https://b.example:8443/z",
            "https://a.example:8443@b.example/",
            "https://127.0.0.1:8443/",
            "file:///etc/passwd",
            "javascript:x",
        ] {
            assert!(redirected(location).is_err(), "{location}");
        }
    }
}
