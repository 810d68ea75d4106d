//! IRIs that the data model gives a meaning (RDF Schema; XML Schema, part 2; VC Data Model 1.1 and 2.0).

pub(crate) const TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

pub(crate) const BOOLEAN: &str = "http://www.w3.org/2001/XMLSchema#boolean";
pub(crate) const DATE_TIME: &str = "http://www.w3.org/2001/XMLSchema#dateTime";
pub(crate) const DOUBLE: &str = "http://www.w3.org/2001/XMLSchema#double";
pub(crate) const INTEGER: &str = "http://www.w3.org/2001/XMLSchema#integer";
pub(crate) const STRING: &str = "http://www.w3.org/2001/XMLSchema#string";

pub(crate) const CREDENTIAL_SCHEMA: &str = "https://www.w3.org/2018/credentials#credentialSchema";
pub(crate) const CREDENTIAL_STATUS: &str = "https://www.w3.org/2018/credentials#credentialStatus";
pub(crate) const CREDENTIAL_SUBJECT: &str = "https://www.w3.org/2018/credentials#credentialSubject";
pub(crate) const EXPIRATION_DATE: &str = "https://www.w3.org/2018/credentials#expirationDate";
pub(crate) const ISSUANCE_DATE: &str = "https://www.w3.org/2018/credentials#issuanceDate";
pub(crate) const ISSUER: &str = "https://www.w3.org/2018/credentials#issuer";
pub(crate) const JSON_SCHEMA: &str = "https://www.w3.org/2018/credentials#jsonSchema";
pub(crate) const VALID_FROM: &str = "https://www.w3.org/2018/credentials#validFrom";
pub(crate) const VALID_UNTIL: &str = "https://www.w3.org/2018/credentials#validUntil";
pub(crate) const VERIFIABLE_CREDENTIAL: &str =
    "https://www.w3.org/2018/credentials#VerifiableCredential";
