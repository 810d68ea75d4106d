//! Sessions as binary protobuf: against messages derived by `prost`, and bytes of the service's own
//! packages.

mod support;

use proptest::prelude::*;
use prost::Message as _;
use result_vp::limits::Limit;
use result_vp::{Contexts, Error, Input, Session};
use serde_json::{json, Map, Value};
use support::fixture;

/// The message definition once more, as `prost` reads it. Entries of the map keep their order.
mod oracle {
    #[derive(Clone, PartialEq, prost::Message)]
    pub struct Session {
        #[prost(string, tag = "1")]
        pub id: String,
        #[prost(string, tag = "2")]
        pub client_token: String,
        #[prost(int32, tag = "3")]
        pub state: i32,
        #[prost(message, repeated, tag = "4")]
        pub verifications: Vec<Entry>,
        #[prost(int32, optional, tag = "5")]
        pub fail_code: Option<i32>,
        #[prost(string, optional, tag = "6")]
        pub result_vp: Option<String>,
        #[prost(fixed64, tag = "7")]
        pub created: u64,
        #[prost(fixed64, tag = "8")]
        pub updated: u64,
        #[prost(bool, optional, tag = "9")]
        pub redacted: Option<bool>,
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub struct Entry {
        #[prost(string, tag = "1")]
        pub key: String,
        #[prost(message, optional, tag = "2")]
        pub value: Option<Verification>,
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub struct Verification {
        #[prost(string, tag = "1")]
        pub id: String,
        #[prost(int32, tag = "2")]
        pub kind: i32,
        #[prost(int32, tag = "3")]
        pub state: i32,
        #[prost(int32, optional, tag = "4")]
        pub fail_code: Option<i32>,
        #[prost(bool, tag = "5")]
        pub reused: bool,
        #[prost(fixed64, tag = "6")]
        pub begun: u64,
        #[prost(fixed64, tag = "7")]
        pub updated: u64,
        #[prost(message, optional, tag = "8")]
        pub options: Option<Options>,
        #[prost(message, optional, tag = "9")]
        pub copy: Option<Copy>,
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub struct Options {
        #[prost(message, optional, tag = "1")]
        pub fields: Option<Fields>,
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub struct Fields {
        #[prost(bool, tag = "1")]
        pub id_number: bool,
        #[prost(bool, tag = "2")]
        pub given_name: bool,
        #[prost(bool, tag = "8")]
        pub expiration_date: bool,
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub struct Copy {
        #[prost(string, optional, tag = "1")]
        pub id_number: Option<String>,
        #[prost(string, optional, tag = "2")]
        pub given_name: Option<String>,
        #[prost(string, optional, tag = "8")]
        pub expiration_date: Option<String>,
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub struct Response {
        #[prost(message, repeated, tag = "1")]
        pub sessions: Vec<Session>,
        #[prost(int32, tag = "2")]
        pub total: i32,
        #[prost(bool, tag = "3")]
        pub more: bool,
    }
}

#[test]
fn what_the_packages_encode_is_what_they_write_as_json() {
    let session = Session::from_json(&fixture("sessions/success.json")).unwrap();
    for name in ["success.object", "success.python", "success.snake", "response"] {
        let other = Session::from_json(&fixture(&format!("sessions/{name}.json"))).unwrap();
        assert_eq!(other, session, "{name}");
    }
    let encoded = fixture("sessions/success.node.bin");
    for name in ["success.node", "success.python", "response.node", "response.python"] {
        let other = Session::from_protobuf(&fixture(&format!("sessions/{name}.bin"))).unwrap();
        assert_eq!(other, session, "{name}");
        assert_eq!(other.to_protobuf().unwrap(), encoded, "{name}");
    }
    // Encoded from JSON, the bytes are those of the service's own package.
    assert_eq!(session.to_protobuf().unwrap(), encoded);

    let list = Session::all_from_json(&fixture("sessions/list.json")).unwrap();
    assert_eq!(Session::all_from_protobuf(&fixture("sessions/list.node.bin")).unwrap(), list);
    assert!(Session::from_protobuf(&fixture("sessions/list.node.bin")).is_err());
}

#[test]
fn fields_of_a_newer_server_are_kept_and_named_by_number() {
    let mut bytes = fixture("sessions/success.node.bin");
    let known = Session::from_protobuf(&bytes).unwrap();
    for field in [
        &b"\x8a\x01\x03new"[..],              // 17, a text
        b"\xf8\x3f\x96\x01",                  // 1023, a number
        b"\x8d\x01\x01\x02\x03\x04",          // 17 again, fixed32
        b"\x53\x0a\x01x\x5b\x0a\x00\x5c\x54", // 10, a group with a text and a group
    ] {
        bytes.extend(field);
    }
    let session = Session::from_protobuf(&bytes).unwrap();
    assert_eq!(session.unknown_members(), ["#10", "#17", "#1023"]);
    assert_eq!(session, known);
    assert_eq!(session.to_protobuf().unwrap(), bytes);
    // Inside a verification they are kept as well.
    let entry = b"\x22\x0e\x0a\x01v\x12\x09\x0a\x01v\x7a\x04four";
    let bytes = [b"\x0a\x01s", &entry[..]].concat();
    let session = Session::from_protobuf(&bytes).unwrap();
    assert_eq!(session.verifications()[0].id(), "v");
    assert_eq!(session.unknown_members(), ["verifications.*.#15"]);
    assert_eq!(session.to_protobuf().unwrap(), bytes);
}

#[test]
fn the_last_value_counts_and_the_parts_of_a_message_merge() {
    let mut bytes = b"\x0a\x01a\x18\x05\x0a\x01b\x18\x04".to_vec();
    let part = |verification: oracle::Verification| oracle::Entry {
        key: "v".into(),
        value: Some(verification),
    };
    // Two entries of one key: the last one counts, as a whole.
    for entry in [
        part(oracle::Verification { id: "v".into(), reused: true, ..Default::default() }),
        part(oracle::Verification { id: "v".into(), state: 3, ..Default::default() }),
    ] {
        let message = oracle::Session { verifications: vec![entry], ..Default::default() };
        bytes.extend(message.encode_to_vec());
    }
    // One entry whose value comes in two parts.
    let copy = |given: &str, number: &str| oracle::Verification {
        id: "w".into(),
        copy: Some(oracle::Copy {
            given_name: Some(given.into()).filter(|it: &String| !it.is_empty()),
            id_number: Some(number.into()).filter(|it: &String| !it.is_empty()),
            expiration_date: None,
        }),
        options: Some(oracle::Options {
            fields: Some(oracle::Fields {
                given_name: !given.is_empty(),
                id_number: !number.is_empty(),
                expiration_date: false,
            }),
        }),
        ..Default::default()
    };
    let mut entry = part(copy("A", "")).encode_to_vec();
    entry.extend(oracle::Entry { key: "w".into(), value: Some(copy("", "7")) }.encode_to_vec());
    bytes.push(0x22);
    bytes.push(u8::try_from(entry.len()).unwrap());
    bytes.extend(entry);

    let session = Session::from_protobuf(&bytes).unwrap();
    assert_eq!((session.id(), session.state().name()), ("b", "IDV_SUCCESS"));
    let [v, w] = session.verifications() else { panic!("two verifications") };
    assert_eq!((v.id(), v.reused()), ("v", Some(false)));
    let copied = w.normalized().unwrap();
    assert_eq!((copied.given_name(), copied.id_number()), (Some("A"), Some("7")));
    let asked = w.requested_fields().unwrap();
    assert_eq!((asked.given_name, asked.id_number, asked.country), (true, true, false));
}

#[test]
fn what_cannot_be_read_is_refused_with_its_place_or_name() {
    let protobuf = |problem, offset| Error::Protobuf { problem, offset };
    let session = |member, problem| Error::Session { member, problem };
    let truncated = "the message ends inside a field";
    for (bytes, error) in [
        (&b"\x0a"[..], protobuf(truncated, 1)),
        (b"\x0a\x05abc", protobuf(truncated, 2)),
        (b"\x0a\x80", protobuf(truncated, 1)),
        (b"\x0a\x01s\x39\x00", protobuf(truncated, 4)),
        (b"\x0a\x01s\x8d\x01\x00", protobuf(truncated, 5)),
        (b"\x0a\x01s\x53", protobuf(truncated, 4)),
        (b"\x0a\x01s\x53\x5c", protobuf("a group ends that did not begin", 5)),
        (b"\x0a\x01s\x54", protobuf("a group ends that did not begin", 4)),
        (b"\x0a\x01s\x00", protobuf("a field has no such number or wire type", 3)),
        (b"\x0a\x01s\x0e", protobuf("a field has no such number or wire type", 3)),
        (
            b"\x0a\x01s\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02",
            protobuf("a number is longer than 64 bits", 4),
        ),
        // Inside a verification, the place is that of the whole input.
        (b"\x0a\x01s\x22\x04\x12\x02\x0a\x05", protobuf(truncated, 9)),
        (b"\x0a\x02\xff\xfe", session("id", "is not UTF-8")),
        (b"\x0a\x01s\x32\x01\xff", session("result_vp", "is not UTF-8")),
        (
            b"\x0a\x01s\x30\x01",
            session("result_vp", "is of another wire type than length-delimited"),
        ),
        (b"\x0a\x01s\x1a\x01x", session("state", "is of another wire type than varint")),
        (b"\x0a\x01s\x38\x01", session("created", "is of another wire type than fixed64")),
        (b"\x0a\x01s\x18\x84\x80\x80\x80\x10", session("state", "is out of range")),
        (b"\x0a\x00\x18\x04", session("id", "is missing")),
        (b"\x18\x04\x32\x01x", session("id", "is missing")),
    ] {
        assert_eq!(Session::from_protobuf(bytes).err(), Some(error), "{bytes:x?}");
    }
    // Negative numbers are ten bytes long, and no state of today.
    let bytes = b"\x0a\x01s\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01";
    assert_eq!(Session::from_protobuf(bytes).unwrap().state().name(), "-1");
    // A list of no sessions.
    for empty in [&b""[..], b"\x10\x00", b"\x10\x07\x18\x01"] {
        assert_eq!(Session::all_from_protobuf(empty), Ok(vec![]));
    }
}

#[test]
fn limits_hold() {
    let refused = |bytes: &[u8], limit| {
        let error = Session::all_from_protobuf(bytes).err();
        assert_eq!(error, Some(Error::LimitReached { limit, most: limit.standard() }));
    };
    refused(&vec![0; Limit::Bytes.standard() + 1], Limit::Bytes);
    refused(
        &[&b"\x0a\x01s"[..], &b"\x18\x00".repeat(Limit::Values.standard())].concat(),
        Limit::Values,
    );
    let groups = [&b"\x0a\x01s"[..], &b"\x53".repeat(1 << 16)].concat();
    refused(&groups, Limit::Depth);
    let sessions = |count| b"\x0a\x03\x0a\x01s".repeat(count);
    refused(&sessions(Limit::Sessions.standard() + 1), Limit::Sessions);
    let most = Session::all_from_protobuf(&sessions(Limit::Sessions.standard())).unwrap();
    assert_eq!(most.len(), Limit::Sessions.standard());
    let verifications = |count: u8| {
        let entries = (0..count).flat_map(|key| [0x22, 3, 0x0a, 1, key]);
        [&b"\x0a\x01s"[..], &entries.collect::<Vec<u8>>()].concat()
    };
    let most = u8::try_from(Limit::Verifications.standard()).unwrap();
    refused(&verifications(most + 1), Limit::Verifications);
    let read = Session::from_protobuf(&verifications(most)).unwrap();
    assert_eq!(read.verifications().len(), Limit::Verifications.standard());
}

#[test]
fn json_and_protobuf_are_told_apart_by_content() {
    let read = |bytes: &[u8]| Input::from_bytes(bytes, &Contexts::bundled());
    let ids = |bytes: &[u8]| match read(bytes) {
        Ok(Input::Sessions(sessions)) => {
            sessions.iter().map(|it| it.id().to_owned()).collect::<Vec<_>>()
        }
        other => panic!("{other:?}"),
    };
    for name in ["success.json", "success.node.bin", "response.json", "response.python.bin"] {
        assert_eq!(ids(&fixture(&format!("sessions/{name}"))).len(), 1, "{name}");
    }
    // A line feed, as some editors and scripts put one first, is also the key of field 1.
    assert_eq!(ids(&[b"\n", &fixture("sessions/success.json")[..]].concat()).len(), 1);
    assert_eq!(ids(&fixture("sessions/list.node.bin")).len(), 3);
    // A key and a length that look like the start of JSON: a response with a session of 123 bytes.
    for (length, start) in [(123, b"\n{"), (91, b"\n["), (34, b"\n\"")] {
        let mut session = oracle::Session { id: "s".into(), state: 4, ..Default::default() };
        session.client_token = "t".repeat(length - 7);
        let response = oracle::Response { sessions: vec![session], ..Default::default() };
        let bytes = response.encode_to_vec();
        assert!(bytes.starts_with(start));
        assert_eq!(ids(&bytes), ["s"]);
    }
    // JSON that could also be read as a session whose id is all of the text.
    let mut text = br#"{"id":"real","state":4}"#.to_vec();
    text.resize(123, b' ');
    assert_eq!(ids(&[b"\n{", &text[1..], b"  "].concat()), ["real"]);
    // Broken JSON is told about as JSON, and a broken message as a message.
    assert!(matches!(read(b"{\"id\":\"\x01\"}"), Err(Error::Json { .. })));
    assert!(matches!(read(b"nonsense"), Err(Error::Json { .. })));
    let cut = fixture("sessions/success.node.bin");
    assert!(matches!(read(&cut[..cut.len() - 3]), Err(Error::Protobuf { .. })));
}

#[test]
fn no_error_and_no_debug_shows_what_was_read() {
    let bytes = fixture("sessions/success.node.bin");
    let secrets = ["MIRABEL", "Mirabel", "EXEMPLARIS", "Exemplaris", "1991-02-28", "not-a-token"];
    for length in 0..=bytes.len() {
        let shown = match Session::from_protobuf(&bytes[..length]) {
            Ok(session) => format!("{session:?}"),
            Err(error) => format!("{error} {error:?}"),
        };
        assert!(!secrets.iter().any(|secret| shown.contains(secret)), "{length}: {shown}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// JSON and protobuf of one session are one value, and each encodes to what `prost` encodes.
    #[test]
    fn sessions_round_trip(message in session()) {
        let bytes = message.encode_to_vec();
        let session = Session::from_protobuf(&bytes).unwrap();
        prop_assert_eq!(session.to_protobuf().unwrap(), bytes.clone());
        let text = as_json(&message).to_string();
        let from_json = Session::from_json(text.as_bytes()).unwrap();
        prop_assert_eq!(&from_json, &session);
        prop_assert_eq!(from_json.to_protobuf().unwrap(), bytes);
        prop_assert_eq!(as_message(&session), message);
    }

    /// Whatever is read is read as `prost` reads it, and is kept to the byte.
    #[test]
    fn edited_messages_are_refused_or_read_as_by_others(
        message in session(),
        in_response in any::<bool>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = message.encode_to_vec();
        if in_response {
            let sessions = vec![message.clone(), message];
            bytes = oracle::Response { sessions, total: 2, more: true }.encode_to_vec();
        }
        for (place, byte) in edits {
            let length = bytes.len();
            bytes[place.index(length)] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        for session in Session::all_from_protobuf(&bytes).unwrap_or_default() {
            let kept = session.to_protobuf().unwrap();
            // Read as a response, the session is the one inside.
            if kept == bytes {
                let expected = oracle::Session::decode(bytes.as_slice()).unwrap();
                prop_assert_eq!(as_message(&session), last_of_each_key(expected));
            }
            // An id that holds a line feed looks like a session inside a response.
            if !session.id().contains('\n') {
                prop_assert_eq!(Session::from_protobuf(&kept), Ok(session));
            }
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..256)) {
        let _ = Input::from_bytes(&bytes, &Contexts::bundled());
        let _ = Session::all_from_protobuf(&[b"\x0a\x01s", &bytes[..]].concat());
    }
}

fn session() -> impl Strategy<Value = oracle::Session> {
    let id = "[a-z0-9-]{1,40}";
    let text = "[ -~äß漢]{0,30}";
    let rest = (text, 0..9_i32, prop::option::of(0..9_i32), prop::option::of(text));
    let times = (any::<u64>(), prop_oneof![Just(0), any::<u64>()], prop::option::of(any::<bool>()));
    let verifications = prop::collection::btree_map("[a-z]{1,4}", verification(), 0..4);
    (id, rest, times, verifications).prop_map(|(id, rest, times, verifications)| oracle::Session {
        id,
        client_token: rest.0,
        state: rest.1,
        fail_code: rest.2,
        result_vp: rest.3,
        created: times.0,
        updated: times.1,
        redacted: times.2,
        verifications: (verifications.into_iter())
            .map(|(key, value)| oracle::Entry { key, value: Some(value) })
            .collect(),
    })
}

fn verification() -> impl Strategy<Value = oracle::Verification> {
    let text = || prop::option::of("[ -~äß漢]{0,12}");
    let fields = prop::option::of(any::<[bool; 3]>());
    let copy = prop::option::of((text(), text(), text()));
    let numbers = (-2..3_i32, 0..7_i32, prop::option::of(-1..7_i32));
    let facts = ("[a-z]{0,4}", numbers, any::<bool>(), any::<u64>(), any::<u64>());
    (facts, fields, copy).prop_map(|((id, numbers, reused, begun, updated), fields, copy)| {
        oracle::Verification {
            id,
            kind: numbers.0,
            state: numbers.1,
            fail_code: numbers.2,
            reused,
            begun,
            updated,
            options: fields.map(|[id_number, given_name, expiration_date]| oracle::Options {
                fields: Some(oracle::Fields { id_number, given_name, expiration_date }),
            }),
            copy: copy.map(|(id_number, given_name, expiration_date)| oracle::Copy {
                id_number,
                given_name,
                expiration_date,
            }),
        }
    })
}

/// proto3 JSON: defaults left out, 64 bits as text.
fn as_json(message: &oracle::Session) -> Value {
    let verifications = message.verifications.iter().map(|entry| {
        let it = entry.value.as_ref().unwrap();
        let value = json!({
            "id": it.id,
            "type": it.kind,
            "state": it.state,
            "failCode": it.fail_code,
            "reused": it.reused,
            "begun": it.begun.to_string(),
            "updated": it.updated.to_string(),
            "governmentIdOptions": it.options.as_ref().map(|options| {
                let fields = options.fields.as_ref().unwrap();
                json!({"fields": {
                    "idNumber": fields.id_number,
                    "givenName": fields.given_name,
                    "expirationDate": fields.expiration_date,
                }})
            }),
            "normalizedGovernmentIdData": it.copy.as_ref().map(|copy| json!({
                "idNumber": copy.id_number,
                "givenName": copy.given_name,
                "expirationDate": copy.expiration_date,
            })),
        });
        (entry.key.clone(), value)
    });
    json!({
        "id": message.id,
        "clientToken": message.client_token,
        "state": message.state,
        "verifications": verifications.collect::<Map<_, _>>(),
        "failCode": message.fail_code,
        "resultVp": message.result_vp,
        "created": message.created.to_string(),
        "updated": message.updated.to_string(),
        "redacted": message.redacted,
    })
}

/// What `prost` decodes from the encoding of a session; the accessors say the same.
fn as_message(session: &Session) -> oracle::Session {
    let message = oracle::Session::decode(session.to_protobuf().unwrap().as_slice()).unwrap();
    let message = last_of_each_key(message);
    assert_eq!(session.id(), message.id);
    let states = ["CREATED", "INITIATED", "AUTHENTICATING", "IN_PROGRESS", "SUCCESS", "FAILED"];
    let state = usize::try_from(message.state).ok().and_then(|state| states.get(state));
    let state = state.map_or(message.state.to_string(), |state| format!("IDV_{state}"));
    assert_eq!(session.state().name(), state);
    assert_eq!(session.result_vp(), message.result_vp.as_deref());
    assert_eq!(session.redacted(), message.redacted);
    assert_eq!(session.verifications().len(), message.verifications.len());
    for (found, entry) in session.verifications().iter().zip(&message.verifications) {
        let expected = entry.value.clone().unwrap_or_default();
        assert_eq!(found.id(), expected.id);
        assert_eq!(found.reused(), (expected.state == 3).then_some(expected.reused));
        assert_eq!(found.fail_code().is_some(), expected.fail_code.is_some());
        let copy = found.normalized();
        assert_eq!(copy.is_some(), expected.copy.is_some());
        let given_name = expected.copy.as_ref().and_then(|copy| copy.given_name.as_deref());
        assert_eq!(copy.and_then(|copy| copy.given_name()), given_name);
        let fields = expected.options.and_then(|options| options.fields);
        let asked = found.requested_fields();
        assert_eq!(asked.map(|it| it.given_name), fields.map(|it| it.given_name));
    }
    message
}

/// A map has no order: here and in the library it is that of the keys.
fn last_of_each_key(mut message: oracle::Session) -> oracle::Session {
    let mut entries: Vec<oracle::Entry> = Vec::new();
    for entry in message.verifications {
        match entries.iter_mut().find(|it| it.key == entry.key) {
            Some(former) => *former = entry,
            None => entries.push(entry),
        }
    }
    entries.sort_by(|a, b| a.key.cmp(&b.key));
    message.verifications = entries;
    message
}
