//! A session that is read from protobuf is kept to the byte, with the fields of a newer server.

use result_vp::Session;

/// Panics where the property does not hold.
pub fn check(data: &[u8]) {
    let Ok(sessions) = Session::all_from_protobuf(data) else { return };
    for session in sessions {
        let bytes = session.to_protobuf().expect("what was decoded can be encoded");
        if session.id().contains('\n') {
            continue;
        }
        let again = Session::from_protobuf(&bytes).expect("what was encoded can be read");
        assert!(again == session, "another session");
        assert!(again.to_protobuf().as_ref() == Ok(&bytes), "other bytes");
        let _ = (session.status(), session.contradictions(), format!("{session:?}"));
    }
}
