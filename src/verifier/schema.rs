//! The schemas that a credential names, held against its signed statements.

use crate::credential::SchemaReference;
use crate::did::Did;
use crate::evidence::{SchemaCredential, SchemaSource};
use crate::policy::{Disclosure, Unknown};
use crate::proof::Layout;
use crate::report::{Outcome, Reason, ReasonCode};
use crate::schema::{Conformance, Schema};
use crate::statements::names::CREDENTIAL_SCHEMA;
use crate::statements::Graph;

use super::{may_hide, worst, Doubt, Question};

impl Question<'_> {
    pub(super) fn credential_schema(
        &self,
        graph: Graph<'_>,
        issuer: Option<&Did>,
        layout: Option<&Layout>,
    ) -> Outcome {
        let may_be_hidden = may_hide(layout, graph, CREDENTIAL_SCHEMA);
        let setting = self.verifier.policy.schema;
        if setting == Unknown::Skip {
            return Outcome::Waived(ReasonCode::Skipped.into());
        }
        let schemas = SchemaReference::all(graph);
        if schemas.is_empty() {
            return match may_be_hidden {
                false => Outcome::NotApplicable,
                true => setting.undecided(ReasonCode::MayBeHidden.into()),
            };
        }
        let hidden = layout.is_none_or(Layout::hides);
        let outcomes = schemas.into_iter().map(|it| self.conforms(it, graph, issuer, hidden));
        worst(outcomes, setting)
    }

    /// The schema within a credential that is believed.
    fn schema_of<'c>(
        &self,
        credential: &'c SchemaCredential,
        issuer: Option<&Did>,
    ) -> Result<&'c Schema, Outcome> {
        let rejected = |detail: &str| {
            Outcome::Fail(Reason::with(ReasonCode::SchemaCredentialRejected, detail))
        };
        // That check fails without one.
        let Some(issuer) = issuer else {
            return Err(Outcome::Indeterminate(ReasonCode::IssuerNotDisclosed.into()));
        };
        let others = &self.verifier.policy.schema_issuers;
        self.believe(&credential.signed, issuer, others).map_err(|doubt| match doubt {
            Doubt::Rejected(detail) => rejected(&detail),
            Doubt::Undecided(detail) => {
                let reason = Reason::with(ReasonCode::SchemaCredentialUndecided, detail);
                Outcome::Indeterminate(reason)
            }
            Doubt::Issuer => Outcome::Fail(ReasonCode::SchemaIssuer.into()),
        })?;
        credential.schema.as_ref().ok_or_else(|| rejected("no_schema"))
    }

    fn conforms(
        &self,
        reference: Option<SchemaReference>,
        graph: Graph<'_>,
        issuer: Option<&Did>,
        hidden: bool,
    ) -> Outcome {
        let Some(SchemaReference { url, kind }) = reference else {
            return Outcome::Fail(ReasonCode::SchemaMalformed.into());
        };
        let describes_credential = match kind.as_str() {
            "JsonSchemaValidator2018" => false,
            "JsonSchema" | "JsonSchemaCredential" => true,
            _ => return Outcome::Indeterminate(Reason::with(ReasonCode::SchemaTypeUnknown, kind)),
        };
        let schema = match (self.evidence.schema(&url), kind == "JsonSchemaCredential") {
            (Some(SchemaSource::Plain(schema)), false) => schema,
            (Some(SchemaSource::Signed(credential)), true) => {
                match self.schema_of(credential, issuer) {
                    Ok(schema) => schema,
                    Err(outcome) => return outcome,
                }
            }
            _ => return Outcome::Indeterminate(Reason::with(ReasonCode::SchemaMissing, url)),
        };
        match schema.judge(graph, describes_credential, hidden) {
            Conformance::Conforms => Outcome::Pass,
            Conformance::Differs(rule) => {
                Outcome::Fail(Reason::with(ReasonCode::SchemaDiffers, rule))
            }
            Conformance::DependsOnHidden => {
                let reason = ReasonCode::MayBeHidden.into();
                match self.verifier.policy.disclosure {
                    Disclosure::AllowPartial => Outcome::Waived(reason),
                    Disclosure::RequireFull => Outcome::Indeterminate(reason),
                }
            }
            Conformance::NotBuilt => Outcome::Indeterminate(ReasonCode::NotBuilt.into()),
        }
    }
}
