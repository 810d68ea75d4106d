//! A session that is read from JSON is the same one after a way through protobuf, and after its text
//! was written anew: white space and the order of members say nothing.

use result_vp::Session;
use serde_json::Value;

/// Panics where the property does not hold.
pub fn check(data: &[u8]) {
    let Ok(sessions) = Session::all_from_json(data) else { return };
    // A negative zero is written anew as a fraction, which is no number of seconds.
    if data.windows(2).any(|it| it == b"-0") {
        return;
    }
    let value: Value = serde_json::from_slice(data).expect("what was read is JSON");
    let pretty = serde_json::to_vec_pretty(&value).expect("a text");
    // A number that others write in another way is another text to them, never another session.
    let again = Session::all_from_json(&pretty).expect("the same text with other white space");
    assert!(again == sessions, "another session");
    for session in sessions {
        let _ = (session.status(), session.contradictions(), format!("{session:?}"));
        // A state that JSON names and that has no number here cannot be encoded.
        let Ok(bytes) = session.to_protobuf() else { continue };
        // An id that holds a line feed looks like a session inside a response.
        if session.id().contains('\n') {
            continue;
        }
        let again = Session::from_protobuf(&bytes).expect("what was encoded can be read");
        assert!(again == session, "another session");
    }
}
