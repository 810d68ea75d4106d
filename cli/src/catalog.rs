//! What the names of a report mean: checks, reasons, warnings.

use result_vp::{Check, ReasonCode};

/// Every check in the order of a report, with what it holds if it passes.
pub(crate) const CHECKS: [(Check, &str); 21] = [
    (Check::State, "the session ended with success and carries a result"),
    (Check::SessionFacts, "the session's facts do not contradict each other"),
    (Check::SessionId, "the session is the one the caller asked for"),
    (Check::CredentialCount, "the session holds one credential for each successful verification"),
    (Check::NormalizedData, "the server's unsigned copy of the claims agrees with the signed ones"),
    (Check::Context, "every JSON-LD context is bundled, given by the caller, or a bare @vocab"),
    (Check::UnsignedContent, "every member of the JSON is stated, once, in the statements"),
    (Check::Profile, "the document has exactly the shape of the policy's profile"),
    (Check::Proof, "the proof verifies over the statements"),
    (Check::Disclosure, "issuer, type and subject are shown, and as much as the policy asks for"),
    (Check::IssuerIsSigner, "the key belongs to the issuer's DID, for assertions, not revoked"),
    (Check::TrustedIssuer, "the issuer is one that you named"),
    (Check::CredentialType, "the credential has every type that the policy requires"),
    (
        Check::Presentation,
        "the presentation's own proof verifies, and is made for this session and verifier",
    ),
    (
        Check::Session,
        "the proof's nonce, or the presentation's challenge, names the expected session",
    ),
    (Check::Holder, "whoever presents the credential is its subject, if the policy asks"),
    (Check::Replay, "neither the nonce nor the proof was seen before"),
    (Check::ValidityPeriod, "issued and not expired at the given time, 60 seconds of skew allowed"),
    (Check::DocumentValidity, "the document has not expired, if the policy asks"),
    (Check::CredentialStatus, "the issuer has not revoked the credential"),
    (Check::CredentialSchema, "the credential conforms to the schema it names"),
];

/// The warnings: code, meaning, what to do next.
pub(crate) const WARNINGS: [(&str, &str, &str); 4] = [
    (
        "asked_and_hidden",
        "a field that the session asked for may be hidden",
        "If you need it, start a new session; do not take it from the unsigned copy.",
    ),
    (
        "invisible_characters",
        "a claim has characters that nobody sees, or that turn the direction of the text",
        "Look at the claim before a person relies on how it is displayed; compare it by its code points.",
    ),
    (
        "shown_and_not_asked",
        "a field is shown that the session did not ask for",
        "Do not store what you did not ask for.",
    ),
    (
        "unsigned_presentation_members",
        "the presentation has members that nobody signed; they were not read",
        "Do not read the presentation's own members yourself.",
    ),
];

/// What holds if the check passes.
pub(crate) fn holds(check: Check) -> &'static str {
    CHECKS.iter().find(|(known, _)| *known == check).map_or("", |(_, holds)| holds)
}

/// What to do next about a reason.
pub(crate) fn remedy(code: ReasonCode) -> &'static str {
    entry(code).map_or("Keep the input and this report, and ask the issuer.", |entry| entry.2)
}

/// What the reason of a code means, if there is one of that code.
pub(crate) fn meaning(code: &str) -> Option<&'static str> {
    ReasonCode::ALL.iter().find(|it| it.code() == code).map(|it| it.meaning())
}

/// The checks that give a reason.
pub(crate) fn checks_of(code: ReasonCode) -> &'static [&'static str] {
    entry(code).map_or(&[], |entry| entry.1)
}

fn entry(code: ReasonCode) -> Option<&'static Entry> {
    REASONS.iter().find(|(name, ..)| *name == code.code())
}

type Entry = (&'static str, &'static [&'static str], &'static str);

const TAMPERED: &str = "Do not rely on it. Get the result again from the service, as text, and \
    change nothing of it on the way.";
const MALFORMED: &str = "Do not rely on it. Check that the result was stored and passed on \
    unchanged; if it was, the issuer made it wrong.";
const KEY: &str = "Fetch the issuer's DID document again, over TLS from the issuer's own domain; \
    if it is the same, ask the issuer.";
const SHOW_MORE: &str = "Start a new session that asks for this to be shown.";
const ASK_ISSUER: &str = "The issuer made it wrong: ask the issuer, and do not rely on it.";

const REASONS: &[Entry] = &[
    (
        "credential_repeated",
        &["credential_count"],
        "Do not rely on it: one credential stands for two verifications.",
    ),
    (
        "no_government_id",
        &["credential_count"],
        "Do not rely on it for who the person is: the credential is of another kind.",
    ),
    ("credential_too_old", &["validity_period"], "Start a new session: the policy asks for a credential issued more recently."),
    ("document_expired", &["document_validity"], "Ask the person for a document that is valid."),
    ("document_expiry_unclear", &["document_validity"], "Start a new session that asks for the expiry date; a document without one needs a policy that allows it."),
    ("evidence_stale", &["issuer_is_signer"], "Fetch the DID document again with `result-vp evidence fetch`."),
    ("fail_code_without_failure", &["session_facts"], "Do not rely on it. Get the session again from the service."),
    ("map_key_differs", &["session_facts"], "Do not rely on it. Get the session again from the service."),
    ("result_without_success", &["session_facts"], "Do not rely on it. Wait until the session has succeeded, and get it again."),
    ("success_with_fail_code", &["session_facts"], "Do not rely on it. Get the session again from the service."),
    ("normalized_missing", &["normalized_data"], "Get the session again from a server that sends the copy, or leave `normalized_data` at allow-unknown."),
    ("not_of_profile", &["profile"], "Check that the result was stored and passed on unchanged; if the issuer changed its format, use the profile general."),
    ("proof_seen", &["replay"], "Do not count the result again: find out who presented it first."),
    ("revoked", &["credential_status"], "Do not rely on the credential."),
    ("suspended", &["credential_status"], "Do not rely on the credential now; ask again later with a newer status list."),
    ("status_bit_order_unset", &["credential_status"], "Ask the issuer in which order its bits stand, and set `revocation_bits` of the issuer in the policy."),
    ("status_entry_contradicts", &["credential_status"], ASK_ISSUER),
    ("status_entry_malformed", &["credential_status"], ASK_ISSUER),
    ("status_index_malformed", &["credential_status"], ASK_ISSUER),
    ("status_index_out_of_range", &["credential_status"], "Fetch the status list again; if it is as short, ask the issuer."),
    ("status_list_encoding", &["credential_status"], "Fetch the status list again; if it is the same, ask the issuer."),
    ("status_list_issuer", &["credential_status"], "If you know who issues the list, name it as `status_issuers` in the policy; otherwise do not rely on it."),
    ("status_list_missing", &["credential_status"], "Fetch the list with `result-vp evidence fetch`, or give it with --evidence."),
    ("status_list_rejected", &["credential_status"], "Fetch the status list again, over TLS from the issuer's own host; if it is the same, ask the issuer."),
    ("status_list_shape", &["credential_status"], "Fetch the status list again; if it is the same, ask the issuer."),
    ("status_list_stale", &["credential_status"], "Fetch the status list again with `result-vp evidence fetch`."),
    ("status_list_too_large", &["credential_status"], "Ask the issuer: no list of the service is so large."),
    ("status_list_too_short", &["credential_status"], "Ask the issuer, or set `min_list_entries` in the policy."),
    ("status_list_undecided", &["credential_status"], "Give what verifies the list too: the DID document of its issuer."),
    ("status_purpose_differs", &["credential_status"], ASK_ISSUER),
    ("status_purpose_unknown", &["credential_status"], "Ask the issuer what the status means; --status allow-unknown waives it by name."),
    ("status_type_unknown", &["credential_status"], "Use a version that knows the type; --status allow-unknown waives it by name."),
    ("schema_credential_rejected", &["credential_schema"], ASK_ISSUER),
    (
        "schema_credential_undecided",
        &["credential_schema"],
        "Give what the schema's own credential needs as evidence: the detail says what is missing.",
    ),
    ("schema_differs", &["credential_schema"], ASK_ISSUER),
    (
        "schema_issuer",
        &["credential_schema"],
        "If you trust that DID with schemas, name it in the policy (`schema_issuers`).",
    ),
    ("schema_malformed", &["credential_schema"], ASK_ISSUER),
    ("schema_missing", &["credential_schema"], "Fetch the schema with `result-vp evidence fetch`, or give it with --evidence."),
    ("schema_type_unknown", &["credential_schema"], "Use a version that knows the type; --schema allow-unknown waives it by name."),
    ("type_missing", &["credential_type"], "Do not rely on it for this purpose: it is another kind of credential."),
    (
        "any_issuer",
        &["trusted_issuer"],
        "Name the issuers you trust with --issuer: anybody can issue.",
    ),
    ("any_session", &["session_id", "session"], "Pass the id you saved with --session-id."),
    ("claim_count", &["disclosure"], ASK_ISSUER),
    (
        "content_refused",
        CREDENTIAL_CHECKS,
        "See the check that failed; this one could not be made.",
    ),
    (
        "context_differs",
        &["context"],
        "Find out why the document changed before you pin the new one: it says what members mean.",
    ),
    (
        "context_not_allowed",
        &["context"],
        "Add the context to the policy if you know what it means; otherwise do not rely on the \
        credential.",
    ),
    (
        "context_refused",
        &["context"],
        "If you know and trust the context, give it with --context \
        URL=FILE; otherwise do not rely on the credential.",
    ),
    (
        "created_in_future",
        &["validity_period"],
        "Check the clock of this machine, or the time given \
        with --at.",
    ),
    (
        "credential_count_differs",
        &["credential_count"],
        "Do not rely on it. Get the session again \
        from the service.",
    ),
    (
        "credential_expired",
        &["validity_period"],
        "Start a new session: the person needs a new \
        credential.",
    ),
    (
        "credential_not_yet_valid",
        &["validity_period"],
        "Check the clock of this machine, or the \
        time given with --at.",
    ),
    ("date_malformed", &["validity_period"], ASK_ISSUER),
    (
        "did_document_missing",
        &["proof", "issuer_is_signer"],
        "Fetch the DID document over TLS from \
        the issuer's own domain and pass it with --evidence FILE.",
    ),
    (
        "domain_differs",
        &["presentation", "session"],
        "Do not rely on it: it was made for another verifier. Ask for a presentation that names your own domain.",
    ),
    (
        "domain_not_compared",
        &["presentation", "session"],
        "Name your own domain in the policy (`domain`), so that nobody can pass on what was made for another.",
    ),
    ("empty_nonce", &["proof"], MALFORMED),
    ("failed", &["state"], "Start a new session; the fail codes say why this one ended."),
    (
        "hidden_statements",
        &["disclosure"],
        "Start a new session that asks for all fields, or allow \
        hidden statements with --disclosure partial.",
    ),
    (
        "holder_differs",
        &["presentation", "holder"],
        "Do not rely on it: somebody else shows the credential than the one it is about.",
    ),
    (
        "holder_unproven",
        &["holder"],
        "Ask for a presentation that the subject signs, or allow any presenter by the policy (`holder`).",
    ),
    ("issuance_date_missing", &["validity_period"], ASK_ISSUER),
    (
        "issuer_not_did",
        &["proof"],
        "Ask for a credential whose issuer is a DID: keys behind a URL or a certificate are not looked up.",
    ),
    ("issuer_not_disclosed", &["disclosure", "issuer_is_signer", "trusted_issuer", "credential_status"], MALFORMED),
    (
        "issuer_not_trusted",
        &["trusted_issuer"],
        "If you trust this issuer, name it with --issuer; \
        otherwise do not rely on the credential.",
    ),
    ("key_binding", &["proof"], "Do not rely on it: ask the wallet to present it again, for this session."),
    (
        "key_controller_differs",
        &["issuer_is_signer"],
        "Do not rely on it: another DID than the \
        issuer signed.",
    ),
    ("key_malformed", &["proof"], KEY),
    ("key_not_for_assertion", &["issuer_is_signer"], KEY),
    (
        "key_not_for_authentication",
        &["presentation"],
        "Do not rely on it: the holder's DID document does not list the key for presentations.",
    ),
    ("key_not_in_group", &["proof"], KEY),
    (
        "key_revoked",
        &["issuer_is_signer"],
        "Do not rely on it. Start a new session: the issuer \
        signs with another key now.",
    ),
    ("key_type_differs", &["proof"], KEY),
    (
        "key_weak",
        &["proof"],
        "Do not rely on it, and tell the issuer: everything it ever signed with this key could have \
        been made by anybody.",
    ),
    (
        "may_be_hidden",
        &["validity_period", "credential_schema"],
        "Ask for full disclosure with --disclosure full if the \
        date matters.",
    ),
    ("no_result", &["state"], "Get the session again from the service, with its result."),
    (
        "nonce_differs",
        &["session", "presentation"],
        "Pass the session id that you saved. If you did, the result was \
        made for another session: do not rely on it.",
    ),
    (
        "nonce_missing",
        &["proof", "session", "presentation"],
        "Do not rely on it: whoever holds a copy could show it.",
    ),
    (
        "normalized_contradicts",
        &["normalized_data"],
        "Rely on neither copy of the claims. Get the \
        session again and ask the service.",
    ),
    (
        "not_built",
        &["proof", "presentation", "credential_schema"],
        "A proof: use a build with the features ecdsa and ssi. A schema: allow it by name with --schema allow-unknown, or decide it by other means; a build \
        with the feature schema decides most.",
    ),
    (
        "presentation_unproven",
        &["session", "holder"],
        "See why the check `presentation` did not pass; this one could not be made.",
    ),
    (
        "proof_base",
        &["proof"],
        "Ask the holder for a presentation: it is made with a proof that is derived from this one.",
    ),
    ("proof_base64", &["proof"], MALFORMED),
    ("proof_canonical_form", &["proof"], ASK_ISSUER),
    ("proof_claims", &["proof"], ASK_ISSUER),
    (
        "proof_chained",
        &["proof"],
        "Ask for a credential whose proof stands by itself.",
    ),
    ("proof_count", &["proof"], ASK_ISSUER),
    ("proof_created_malformed", &["proof"], MALFORMED),
    ("proof_digests", &["proof"], ASK_ISSUER),
    ("proof_disclosure", &["proof"], TAMPERED),
    ("proof_encoding", &["proof"], MALFORMED),
    ("proof_equation", &["proof"], TAMPERED),
    (
        "proof_expired",
        &["validity_period"],
        "Ask for a presentation that is made now: the proof was for a shorter time.",
    ),
    (
        "proof_feature",
        &["proof"],
        "Ask for a credential without the feature, or use a newer version that knows it.",
    ),
    ("proof_header", &["proof"], MALFORMED),
    ("proof_malformed", &["proof"], MALFORMED),
    ("proof_member_unknown", &["proof"], MALFORMED),
    ("proof_missing", &["proof"], TAMPERED),
    ("proof_options_hidden", &["proof"], MALFORMED),
    ("proof_point", &["proof"], MALFORMED),
    ("proof_purpose", &["proof"], MALFORMED),
    ("proof_scalar", &["proof"], MALFORMED),
    ("proof_shape", &["proof"], MALFORMED),
    ("proof_signature", &["proof"], TAMPERED),
    (
        "proof_type_unknown",
        &["proof"],
        "Use a build or a newer version that knows this type of \
        proof.",
    ),
    (
        "proof_unread",
        &["disclosure", "issuer_is_signer", "session", "replay", "document_validity"],
        "See why the check `proof` did \
        not pass; this one could not be made.",
    ),
    ("redacted", &["state"], "Start a new session: the result of this one was removed."),
    ("root_unclear", &["disclosure"], MALFORMED),
    (
        "session_id_differs",
        &["session_id"],
        "Pass the session id that you saved. If you did, the \
        input is another session: do not rely on it.",
    ),
    (
        "skipped",
        &["normalized_data", "credential_status", "credential_schema"],
        "Ask for it: --status require, --schema require, or `normalized_data` in the policy.",
    ),
    ("statement_count_differs", &["proof"], TAMPERED),
    ("status_hidden", &["credential_status"], SHOW_MORE),
    ("types_hidden", &["disclosure", "credential_type"], SHOW_MORE),
    ("unfinished", &["state"], "Wait until the session has ended, and get it again."),
    (
        "unfinished_retryable",
        &["state"],
        "Let the user try again with a better image, and get the \
        session again.",
    ),
    ("unknown_state", &["state"], "Use a newer version of this command."),
    ("unsigned_content", &["unsigned_content"], TAMPERED),
    ("verification_method_malformed", &["proof"], MALFORMED),
    ("verification_method_unknown", &["proof", "issuer_is_signer"], KEY),
    ("work_limit", &["proof"], "Verify the credentials of this presentation in several parts."),
];

const CREDENTIAL_CHECKS: &[&str] = &[
    "unsigned_content",
    "profile",
    "proof",
    "disclosure",
    "issuer_is_signer",
    "trusted_issuer",
    "credential_type",
    "session",
    "holder",
    "validity_period",
    "document_validity",
    "credential_status",
    "credential_schema",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_checks_and_a_remedy_of_its_own() {
        for &code in ReasonCode::ALL {
            assert!(entry(code).is_some(), "{}: add it to REASONS", code.code());
            for check in checks_of(code) {
                assert!(CHECKS.iter().any(|(known, _)| known.code() == *check), "{check}");
            }
        }
        assert_eq!(REASONS.len(), ReasonCode::ALL.len());
    }
}
