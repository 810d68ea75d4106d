//! Rows as an Arrow table, whose schema every output of an audit has.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, Int64Builder, ListArray, RecordBatch, StringBuilder, StructArray,
    TimestampMillisecondBuilder,
};
use arrow::buffer::{OffsetBuffer, ScalarBuffer};
use arrow::datatypes::{DataType, Field, FieldRef, Fields, Schema, SchemaRef, TimeUnit};
use arrow::error::ArrowError;
use arrow::json::writer::{LineDelimited, WriterBuilder};
use chrono::DateTime;

use crate::row::{CheckCell, Row, VerificationCell};

/// The columns of a row. Times are UTC; null is what is not known, or was not asked.
#[must_use]
pub fn schema() -> SchemaRef {
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    let number = |name: &str| Field::new(name, DataType::Int64, true);
    let time = |name: &str| {
        // As an offset: names of zones would need a table of them.
        let utc = Some(Arc::from("+00:00"));
        Field::new(name, DataType::Timestamp(TimeUnit::Millisecond, utc), true)
    };
    let list =
        |name: &str, item: DataType| Field::new_list(name, Field::new("element", item, true), true);
    let checks = |name: &str| {
        let fields = Fields::from(["check", "outcome", "code", "detail"].map(text).to_vec());
        list(name, DataType::Struct(fields))
    };
    let verification = DataType::Struct(Fields::from(vec![
        text("id"),
        text("state"),
        text("fail_code"),
        Field::new("reused", DataType::Boolean, true),
        time("begun"),
        time("updated"),
    ]));
    let mut fields = vec![
        text("input"),
        number("record"),
        number("item"),
        number("credential"),
        text("error_code"),
        text("error"),
        text("session_id"),
        text("session_state"),
        text("session_fail_code"),
        time("session_created"),
        time("session_updated"),
        list("verifications", verification),
        text("vp_sha256"),
        text("verdict_at_issuance"),
        text("verdict_now"),
        time("now"),
        checks("checks_at_issuance"),
        checks("checks_now"),
        text("issuer"),
        text("verification_method"),
        text("suite"),
        text("issuance_date"),
        number("hidden_statements"),
        number("did_document_age"),
        number("status_list_age"),
        list("discrepancies", DataType::Utf8),
        text("policy_sha256"),
        text("evidence_sha256"),
        text("library_version"),
    ];
    fields.extend(CLAIMS.map(text));
    fields.push(text("vocabulary"));
    let metadata = [("result_vp.audit".to_owned(), "1".to_owned())].into();
    Arc::new(Schema::new_with_metadata(fields, metadata))
}

/// Rows on their way into a table.
///
/// A column of texts holds less than 2 GiB: who adds many rows finishes the batch before
/// [`bytes`](Self::bytes) come near.
pub struct RowBatch {
    schema: SchemaRef,
    columns: Vec<Column>,
    rows: usize,
    bytes: usize,
}

impl RowBatch {
    /// A batch without rows.
    #[must_use]
    pub fn new() -> RowBatch {
        let schema = schema();
        let columns = schema.fields().iter().map(|it| Column::new(it.data_type())).collect();
        RowBatch { schema, columns, rows: 0, bytes: 0 }
    }

    /// Adds a row.
    pub fn push(&mut self, row: &Row<'_>) {
        self.rows += 1;
        for (column, cell) in self.columns.iter_mut().zip(row.cells()) {
            self.bytes += column.push(cell);
        }
    }

    /// How many rows it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The length of all texts that it holds.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The rows as a table; the batch begins anew.
    ///
    /// # Errors
    ///
    /// If the columns do not make a table, which no row makes happen.
    pub fn finish(&mut self) -> Result<RecordBatch, ArrowError> {
        let RowBatch { schema, columns, .. } = std::mem::take(self);
        let fields = schema.fields().iter().zip(columns);
        let arrays = fields.map(|(field, column)| column.finish(field.data_type()));
        RecordBatch::try_new(Arc::clone(&schema), arrays.collect::<Result<_, _>>()?)
    }
}

/// Hands on the rows of a table that has at least the columns of [`schema`].
///
/// # Errors
///
/// If a row is none of an audit.
pub fn each_row(batch: &RecordBatch, mut each: impl FnMut(Row<'_>)) -> Result<(), ArrowError> {
    let mut lines = Vec::new();
    let mut writer =
        WriterBuilder::new().with_explicit_nulls(true).build::<_, LineDelimited>(&mut lines);
    writer.write(batch)?;
    writer.finish()?;
    for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        // The reader's own words would hold what stands there.
        let row = serde_json::from_slice(line);
        each(row.map_err(|_| ArrowError::JsonError("a row is none of an audit".to_owned()))?);
    }
    Ok(())
}

impl Default for RowBatch {
    fn default() -> RowBatch {
        RowBatch::new()
    }
}

/// What stands in a row, in the order of the columns.
enum Cell<'r> {
    Text(Option<&'r str>),
    Number(Option<i64>),
    Flag(Option<bool>),
    Time(Option<&'r str>),
    Texts(&'r [std::borrow::Cow<'r, str>]),
    Checks(&'r [CheckCell<'r>]),
    Verifications(&'r [VerificationCell<'r>]),
}

enum Column {
    Text(StringBuilder),
    Number(Int64Builder),
    Flag(BooleanBuilder),
    Time(TimestampMillisecondBuilder),
    /// The ends of the lists, and the one column of their elements, or one for each member.
    List(Vec<i32>, Vec<Column>),
}

impl Column {
    fn new(kind: &DataType) -> Column {
        match kind {
            DataType::Int64 => Column::Number(Int64Builder::new()),
            DataType::Boolean => Column::Flag(BooleanBuilder::new()),
            DataType::Timestamp(..) => {
                let builder = TimestampMillisecondBuilder::new();
                Column::Time(builder.with_data_type(kind.clone()))
            }
            DataType::List(element) => Column::List(
                vec![0],
                match element.data_type() {
                    DataType::Struct(fields) => {
                        fields.iter().map(|field| Column::new(field.data_type())).collect()
                    }
                    kind => vec![Column::new(kind)],
                },
            ),
            _ => Column::Text(StringBuilder::new()),
        }
    }

    /// Adds a cell of this kind; returns the length of its texts.
    fn push(&mut self, cell: Cell<'_>) -> usize {
        match (self, cell) {
            (Column::Text(column), Cell::Text(text)) => {
                column.append_option(text);
                return text.map_or(0, str::len);
            }
            (Column::Number(column), Cell::Number(number)) => column.append_option(number),
            (Column::Flag(column), Cell::Flag(flag)) => column.append_option(flag),
            (Column::Time(column), Cell::Time(time)) => {
                let time = time.and_then(|time| DateTime::parse_from_rfc3339(time).ok());
                column.append_option(time.map(|time| time.timestamp_millis()));
            }
            (Column::List(ends, elements), Cell::Texts(texts)) => {
                return push_list(ends, elements, texts, |text| [Cell::Text(Some(text))]);
            }
            (Column::List(ends, elements), Cell::Checks(checks)) => {
                return push_list(ends, elements, checks, CheckCell::cells);
            }
            (Column::List(ends, elements), Cell::Verifications(verifications)) => {
                return push_list(ends, elements, verifications, VerificationCell::cells);
            }
            // The schema and the cells of a row are of the same kinds, as a test knows.
            _ => {}
        }
        0
    }

    fn finish(self, kind: &DataType) -> Result<ArrayRef, ArrowError> {
        Ok(match self {
            Column::Text(mut column) => Arc::new(column.finish()),
            Column::Number(mut column) => Arc::new(column.finish()),
            Column::Flag(mut column) => Arc::new(column.finish()),
            Column::Time(mut column) => Arc::new(column.finish()),
            Column::List(ends, elements) => {
                let DataType::List(element) = kind else {
                    return Err(ArrowError::SchemaError("no list".to_owned()));
                };
                let ends = OffsetBuffer::new(ScalarBuffer::from(ends));
                let elements = finish_elements(element, elements)?;
                Arc::new(ListArray::try_new(Arc::clone(element), ends, elements, None)?)
            }
        })
    }
}

fn push_list<'r, T, const MEMBERS: usize>(
    ends: &mut Vec<i32>,
    columns: &mut [Column],
    list: &'r [T],
    cells: impl Fn(&'r T) -> [Cell<'r>; MEMBERS],
) -> usize {
    let mut bytes = 0;
    for element in list {
        for (column, cell) in columns.iter_mut().zip(cells(element)) {
            bytes += column.push(cell);
        }
    }
    // A batch ends long before its lists have so many elements.
    let length = i32::try_from(list.len()).unwrap_or(i32::MAX);
    ends.push(ends.last().copied().unwrap_or_default().saturating_add(length));
    bytes
}

fn finish_elements(element: &FieldRef, columns: Vec<Column>) -> Result<ArrayRef, ArrowError> {
    match element.data_type() {
        DataType::Struct(fields) => {
            let columns = fields.iter().zip(columns);
            let arrays = columns.map(|(field, column)| column.finish(field.data_type()));
            let arrays = arrays.collect::<Result<_, _>>()?;
            Ok(Arc::new(StructArray::try_new(fields.clone(), arrays, None)?))
        }
        kind => match columns.into_iter().next() {
            Some(column) => column.finish(kind),
            None => Err(ArrowError::SchemaError("a list of nothing".to_owned())),
        },
    }
}

impl<'c> CheckCell<'c> {
    fn cells(&self) -> [Cell<'_>; 4] {
        [
            Cell::Text(Some(&self.check)),
            Cell::Text(Some(&self.outcome)),
            Cell::Text(self.code.as_deref()),
            Cell::Text(self.detail.as_deref()),
        ]
    }
}

impl<'c> VerificationCell<'c> {
    fn cells(&self) -> [Cell<'_>; 6] {
        [
            Cell::Text(Some(&self.id)),
            Cell::Text(Some(&self.state)),
            Cell::Text(self.fail_code.as_deref()),
            Cell::Flag(self.reused),
            Cell::Time(self.begun.as_deref()),
            Cell::Time(self.updated.as_deref()),
        ]
    }
}

impl Row<'_> {
    fn cells(&self) -> [Cell<'_>; 54] {
        let number = |number: u64| i64::try_from(number).ok();
        let claims = &self.claims;
        [
            Cell::Text(Some(&self.input)),
            Cell::Number(number(self.record)),
            Cell::Number(number(self.item)),
            Cell::Number(self.credential.and_then(number)),
            Cell::Text(self.error_code.as_deref()),
            Cell::Text(self.error.as_deref()),
            Cell::Text(self.session_id.as_deref()),
            Cell::Text(self.session_state.as_deref()),
            Cell::Text(self.session_fail_code.as_deref()),
            Cell::Time(self.session_created.as_deref()),
            Cell::Time(self.session_updated.as_deref()),
            Cell::Verifications(&self.verifications),
            Cell::Text(self.vp_sha256.as_deref()),
            Cell::Text(self.verdict_at_issuance.as_deref()),
            Cell::Text(self.verdict_now.as_deref()),
            Cell::Time(self.now.as_deref()),
            Cell::Checks(&self.checks_at_issuance),
            Cell::Checks(&self.checks_now),
            Cell::Text(self.issuer.as_deref()),
            Cell::Text(self.verification_method.as_deref()),
            Cell::Text(self.suite.as_deref()),
            Cell::Text(self.issuance_date.as_deref()),
            Cell::Number(self.hidden_statements.and_then(number)),
            Cell::Number(self.did_document_age),
            Cell::Number(self.status_list_age),
            Cell::Texts(&self.discrepancies),
            Cell::Text(Some(&self.policy_sha256)),
            Cell::Text(Some(&self.evidence_sha256)),
            Cell::Text(Some(&self.library_version)),
            Cell::Text(claims.given_name.as_deref()),
            Cell::Text(claims.family_name.as_deref()),
            Cell::Text(claims.date_of_birth.as_deref()),
            Cell::Text(claims.date_of_birth_precision.as_deref()),
            Cell::Text(claims.document_number.as_deref()),
            Cell::Text(claims.document_class.as_deref()),
            Cell::Text(claims.issuing_authority.as_deref()),
            Cell::Text(claims.issue_date.as_deref()),
            Cell::Text(claims.expiry_date.as_deref()),
            Cell::Text(claims.street_address.as_deref()),
            Cell::Text(claims.city.as_deref()),
            Cell::Text(claims.state.as_deref()),
            Cell::Text(claims.postal_code.as_deref()),
            Cell::Text(claims.portrait_sha256.as_deref()),
            Cell::Text(claims.signature_sha256.as_deref()),
            Cell::Text(claims.personal_id.as_deref()),
            Cell::Text(claims.issuing_country.as_deref()),
            Cell::Text(claims.issuing_jurisdiction.as_deref()),
            Cell::Text(claims.address.as_deref()),
            Cell::Text(claims.residence_country.as_deref()),
            Cell::Text(claims.sex.as_deref()),
            Cell::Text(claims.nationalities.as_deref()),
            Cell::Text(claims.birth_place.as_deref()),
            Cell::Text(claims.birth_country.as_deref()),
            Cell::Text(self.vocabulary.as_deref()),
        ]
    }
}

const CLAIMS: [&str; 24] = [
    "given_name",
    "family_name",
    "date_of_birth",
    "date_of_birth_precision",
    "document_number",
    "document_class",
    "issuing_authority",
    "issue_date",
    "expiry_date",
    "street_address",
    "city",
    "state",
    "postal_code",
    "portrait_sha256",
    "signature_sha256",
    "personal_id",
    "issuing_country",
    "issuing_jurisdiction",
    "address",
    "residence_country",
    "sex",
    "nationalities",
    "birth_place",
    "birth_country",
];

#[cfg(test)]
mod tests {
    use arrow::array::Array;
    use arrow::json::reader::ReaderBuilder;

    use super::*;

    #[test]
    fn the_columns_are_the_members_of_a_row_and_stand_on_the_page() {
        let mut line = Vec::new();
        Row::default().write(&mut line);
        let text = String::from_utf8(line.clone()).unwrap();
        let page = include_str!("../../docs/audit.md");
        let mut behind = 0;
        for field in schema().fields() {
            let place = text.find(&format!("\"{}\":", field.name()));
            assert!(place.is_some_and(|place| place > behind), "{}", field.name());
            behind = place.unwrap_or_default();
            assert!(page.contains(&format!("`{}`", field.name())), "{}", field.name());
        }
        let row: serde_json::Value = serde_json::from_slice(&line).unwrap();
        assert_eq!(row.as_object().unwrap().len(), schema().fields().len());
    }

    /// Arrow's own reader of JSON makes the same table of the rows' lines.
    #[test]
    fn a_table_holds_what_the_lines_hold() {
        let mut value = serde_json::to_value(Row::default()).unwrap();
        for (place, field) in schema().fields().iter().enumerate() {
            let time = || format!("2024-05-{:02}T10:00:{place:02}Z", 1 + place % 28);
            value[field.name()] = match field.data_type() {
                DataType::Int64 => place.into(),
                DataType::Timestamp(..) => time().into(),
                DataType::List(element) => match element.data_type() {
                    DataType::Utf8 => serde_json::json!(["a", "b"]),
                    _ if field.name() == "verifications" => serde_json::json!([
                        {"id": "v", "state": "S", "fail_code": "F", "reused": true, "begun": time(), "updated": time()},
                        {"id": "w", "state": "S"},
                    ]),
                    _ => serde_json::json!([
                        {"check": "proof", "outcome": "pass"},
                        {"check": field.name(), "outcome": "fail", "code": "c", "detail": "d"},
                    ]),
                },
                _ => format!("{} {place}", field.name()).into(),
            };
        }
        let full = value.to_string();
        let full: Row<'_> = serde_json::from_str(&full).unwrap();
        let rows = [Row::default(), full, Row::default()];
        let mut batch = RowBatch::new();
        let mut lines = Vec::new();
        for row in &rows {
            batch.push(row);
            row.write(&mut lines);
        }
        assert_eq!((batch.len(), batch.is_empty()), (3, false));
        let table = batch.finish().unwrap();
        assert!(batch.is_empty() && batch.bytes() == 0);
        let mut reader = ReaderBuilder::new(schema()).build(&lines[..]).unwrap();
        assert_eq!(table, reader.next().unwrap().unwrap());
        assert!(table.columns().iter().all(|column| column.is_valid(1)));
        let mut again = Vec::new();
        each_row(&table, |row| row.write(&mut again)).unwrap();
        assert_eq!(String::from_utf8(again), String::from_utf8(lines));
    }
}
