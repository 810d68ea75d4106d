//! A policy file means what its canonical text means, and one that names nobody trusts nobody.

use result_vp_cli::internal::policy;

/// Panics where the property does not hold.
pub fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some((canonical, meant)) = policy(text) else { return };
    let (again, meant_again) = policy(&canonical).expect("the canonical text is a policy");
    assert_eq!(again, canonical, "a text of its own");
    assert_eq!(meant.is_some(), meant_again.is_some());
    assert_eq!(format!("{meant:?}"), format!("{meant_again:?}"), "another policy");
    let names_issuers = canonical.contains("[[issuer]]");
    assert!(names_issuers || meant.is_none(), "a policy that trusts nobody by name");
}
