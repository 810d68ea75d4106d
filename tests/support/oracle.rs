//! Two general processors of JSON-LD and RDF, which share no code with the library.

use oxjsonld::{JsonLdParser, JsonLdRemoteDocument};
use oxrdf::dataset::{CanonicalizationAlgorithm, CanonicalizationHashAlgorithm};
use oxrdf::{Dataset, GraphNameRef, QuadRef, TermRef};
use serde_json::Value;

/// The lines that the general processors make of a document; `None` if they refuse it.
pub fn oracle(text: &str) -> Option<Vec<String>> {
    labelled_by(text, CanonicalizationHashAlgorithm::Sha256)
}

/// The same with labels of blank nodes that another hash gives.
pub fn labelled_by(
    text: &str,
    hash_algorithm: CanonicalizationHashAlgorithm,
) -> Option<Vec<String>> {
    let mut dataset = dataset(text)?;
    dataset.canonicalize(CanonicalizationAlgorithm::Rdfc10 { hash_algorithm });
    let mut lines: Vec<String> = dataset.iter().map(line).collect();
    lines.sort();
    Some(lines)
}

/// The statements of a document.
pub fn dataset(text: &str) -> Option<Dataset> {
    let parser = JsonLdParser::new().for_slice(text).with_load_document_callback(|url, _| {
        let document = match url {
            "https://www.w3.org/2018/credentials/v1" => ssi_contexts::CREDENTIALS_V1,
            "https://www.w3.org/ns/credentials/v2" => ssi_contexts::CREDENTIALS_V2,
            "https://w3id.org/bbs/v1" | "https://w3id.org/security/bbs/v1" => ssi_contexts::BBS_V1,
            "https://w3id.org/security/data-integrity/v2" => ssi_contexts::W3ID_DATA_INTEGRITY_V2,
            "https://w3id.org/security/suites/ed25519-2020/v1" => ssi_contexts::W3ID_ED2020_V1,
            "https://w3id.org/security/suites/jws-2020/v1" => ssi_contexts::W3ID_JWS2020_V1,
            "https://w3id.org/vaccination/v1" => ssi_contexts::VACCINATION_V1,
            "https://w3id.org/citizenship/v1" => ssi_contexts::CITIZENSHIP_V1,
            other => return Err(format!("no context {other}").into()),
        };
        let (document, document_url) = (document.as_bytes().to_vec(), url.to_owned());
        Ok(JsonLdRemoteDocument { document, document_url })
    });
    parser.collect::<Result<_, _>>().ok()
}

/// The canonical line of a statement: the escapes of this crate's N-Quads are others.
pub fn line(quad: QuadRef<'_>) -> String {
    let object = match quad.object {
        TermRef::Literal(literal) => {
            let value = literal.value().replace('\\', "\\\\").replace('"', "\\\"");
            let value = value.replace('\n', "\\n").replace('\r', "\\r");
            match literal.datatype().as_str() {
                "http://www.w3.org/2001/XMLSchema#string" => format!("\"{value}\""),
                datatype => format!("\"{value}\"^^<{datatype}>"),
            }
        }
        node => node.to_string(),
    };
    let graph = match quad.graph_name {
        GraphNameRef::DefaultGraph => String::new(),
        name => format!(" {name}"),
    };
    format!("{} {} {object}{graph} .", quad.subject, quad.predicate)
}

pub fn is_ascii_control(character: char) -> bool {
    character.is_ascii_control()
}

/// Every scalar is one statement, and so is every node that a member leads to.
pub fn leaves(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(leaves).sum(),
        Value::Object(members) if members.contains_key("@value") => 1,
        Value::Object(members) => {
            let inner: usize = members
                .iter()
                .filter(|(name, _)| !matches!(name.as_str(), "@context" | "id" | "@id"))
                .map(|(_, member)| leaves(member) + nodes(member))
                .sum();
            inner
        }
        _ => 1,
    }
}

fn nodes(member: &Value) -> usize {
    match member {
        Value::Array(items) => items.iter().map(nodes).sum(),
        Value::Object(members) => usize::from(!members.contains_key("@value")),
        _ => 0,
    }
}
