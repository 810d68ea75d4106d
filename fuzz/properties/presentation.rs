//! What a presentation says of itself depends neither on white space nor on the order of members, and
//! no word of its claims is in what is said about it.

use result_vp::UnverifiedPresentation;
use serde_json::{Map, Value};

/// Panics where the property does not hold.
pub fn check(data: &[u8]) {
    let Ok(presentation) = UnverifiedPresentation::from_json(data) else { return };
    let value: Value = serde_json::from_slice(data).expect("what was read is JSON");
    let text = serde_json::to_vec_pretty(&turned(&value)).expect("a text");
    let again = UnverifiedPresentation::from_json(&text).expect("the same presentation");
    assert_eq!(again.credential_count(), presentation.credential_count());
    let said = |it: &UnverifiedPresentation| {
        let inspected = it.inspect().into_iter().map(|mut it| {
            // Of several problems the first one in the text is told.
            if it.problem.take().is_some() {
                it.shown_statements = None;
                it.hidden_statements = None;
            }
            // Canonical labels of a document that has none of its own depend on nothing but it.
            it
        });
        (inspected.collect::<Vec<_>>(), it.dids(), it.status_lists(), it.schemas())
    };
    let (ours, theirs) = (said(&presentation), said(&again));
    assert_eq!(ours.1, theirs.1);
    for (ours, theirs) in ours.0.iter().zip(&theirs.0) {
        assert_eq!(ours.shown_statements, theirs.shown_statements);
        assert_eq!(ours.issuer, theirs.issuer);
        assert_eq!(ours.types, theirs.types);
        assert_eq!(ours.claim_names, theirs.claim_names);
    }
    let _ = format!("{presentation:?}");
}

/// The same value with the members of every object in reverse; arrays keep their order.
fn turned(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut names: Vec<&String> = members.keys().collect();
            names.reverse();
            let turned: Map<String, Value> =
                names.into_iter().map(|name| (name.clone(), turned(&members[name]))).collect();
            Value::Object(turned)
        }
        Value::Array(items) => Value::Array(items.iter().map(turned).collect()),
        value => value.clone(),
    }
}
