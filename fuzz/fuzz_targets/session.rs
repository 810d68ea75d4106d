//! A session that is read from protobuf is kept to the byte, and one that is read from JSON is the
//! same session after a way through protobuf.

#![no_main]

use libfuzzer_sys::fuzz_target;
use result_vp::{Contexts, Input, Session};

fuzz_target!(|data: &[u8]| {
    let Ok(Input::Sessions(sessions)) = Input::from_bytes(data, &Contexts::bundled()) else {
        return;
    };
    for session in sessions {
        // A state that JSON names and that has no number here cannot be encoded.
        let Ok(bytes) = session.to_protobuf() else { continue };
        // An id that holds a line feed looks like a session inside a response.
        if session.id().contains('\n') {
            continue;
        }
        let again = Session::from_protobuf(&bytes).expect("what was encoded can be read");
        assert!(again == session, "another session");
        assert!(again.to_protobuf().as_ref() == Ok(&bytes), "other bytes");
        let _ = (session.status(), session.contradictions());
    }
});
