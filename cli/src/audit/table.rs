//! The same rows as tables: Parquet for engines, CSV for eyes.

use std::fs::File;
use std::io::{self, Write};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef, TimeUnit};
use arrow::json::reader::{Decoder, ReaderBuilder};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding};
use parquet::file::properties::{WriterProperties, WriterVersion};

use super::row::{CheckCell, Row};

/// The columns of a row. Times are UTC; null is what is not known, or was not asked.
pub(crate) fn schema() -> SchemaRef {
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

/// An output that rows are written to, line by line as they are in JSON.
pub(super) enum Table {
    Lines(io::BufWriter<File>),
    Csv(Box<csv::Writer<File>>, SchemaRef),
    Parquet(Box<ParquetTable>),
}

/// Of some thousands of rows at a time.
pub(super) struct ParquetTable {
    decoder: Decoder,
    writer: ArrowWriter<File>,
    rows: usize,
}

impl Table {
    /// By the ending of the output's name; `None` for another one.
    pub(super) fn kind(name: &str) -> Option<fn(File) -> io::Result<Table>> {
        match name.rsplit('.').next() {
            Some("jsonl" | "ndjson") => Some(|file| Ok(Table::Lines(io::BufWriter::new(file)))),
            Some("csv") => Some(|file| {
                let mut writer = csv::Writer::from_writer(file);
                let schema = schema();
                writer.write_record(schema.fields().iter().map(|field| field.name()))?;
                Ok(Table::Csv(Box::new(writer), schema))
            }),
            Some("parquet") => {
                Some(|file| ParquetTable::new(file).map(|it| Table::Parquet(Box::new(it))))
            }
            _ => None,
        }
    }

    pub(super) fn write(&mut self, line: &[u8]) -> io::Result<()> {
        match self {
            Table::Lines(writer) => writer.write_all(line),
            Table::Csv(writer, schema) => {
                let row: Row<'_> = serde_json::from_slice(line)?;
                Ok(writer.write_record(cells(&row, schema))?)
            }
            Table::Parquet(table) => table.write(line),
        }
    }

    /// Writes what is left, and makes sure that it is on the disk.
    pub(super) fn finish(self) -> io::Result<()> {
        match self {
            Table::Lines(writer) => {
                writer.into_inner().map_err(|error| error.into_error())?.sync_all()
            }
            Table::Csv(writer, _) => {
                writer.into_inner().map_err(|error| error.into_error())?.sync_all()
            }
            Table::Parquet(table) => table.finish(),
        }
    }
}

impl ParquetTable {
    fn new(file: File) -> io::Result<ParquetTable> {
        // What every reader knows: the first version of the format, plain and dictionary pages.
        let properties = WriterProperties::builder()
            .set_writer_version(WriterVersion::PARQUET_1_0)
            .set_encoding(Encoding::PLAIN)
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(ROW_GROUP))
            .build();
        let writer = ArrowWriter::try_new(file, schema(), Some(properties))?;
        let decoder = ReaderBuilder::new(schema()).with_batch_size(BATCH).build_decoder();
        Ok(ParquetTable { decoder: decoder.map_err(io::Error::other)?, writer, rows: 0 })
    }

    fn write(&mut self, mut line: &[u8]) -> io::Result<()> {
        self.rows += 1;
        while !line.is_empty() {
            let read = self.decoder.decode(line).map_err(io::Error::other)?;
            line = line.get(read..).unwrap_or_default();
            if !line.is_empty() || self.rows >= BATCH {
                self.flush()?;
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.rows = 0;
        let batch: Option<RecordBatch> = self.decoder.flush().map_err(io::Error::other)?;
        match batch {
            Some(batch) => Ok(self.writer.write(&batch)?),
            None => Ok(()),
        }
    }

    fn finish(mut self) -> io::Result<()> {
        self.flush()?;
        self.writer.into_inner()?.sync_all()
    }
}

/// A row as texts, lists as `a;b`.
///
/// A cell that a spreadsheet would take for a formula begins with an apostrophe.
fn cells(row: &Row<'_>, schema: &SchemaRef) -> Vec<String> {
    let mut cells = Vec::with_capacity(64);
    let value = serde_json::to_value(row).unwrap_or_default();
    for field in schema.fields() {
        let cell = match (field.name().as_str(), value.get(field.name())) {
            ("checks_now", _) => checks(&row.checks_now),
            ("checks_at_issuance", _) => checks(&row.checks_at_issuance),
            ("verifications", _) => {
                let one = |it: &super::row::VerificationCell<'_>| format!("{}={}", it.id, it.state);
                row.verifications.iter().map(one).collect::<Vec<_>>().join(";")
            }
            ("discrepancies", _) => row.discrepancies.join(";"),
            (_, Some(serde_json::Value::String(text))) => text.clone(),
            (_, None | Some(serde_json::Value::Null)) => String::new(),
            (_, Some(value)) => value.to_string(),
        };
        let is_formula =
            cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
        cells.push(if is_formula { format!("'{cell}") } else { cell });
    }
    cells
}

fn checks(checks: &[CheckCell<'_>]) -> String {
    checks.iter().map(CheckCell::text).collect::<Vec<_>>().join(";")
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
const BATCH: usize = 1024;
/// About 50 MB of rows before compression.
const ROW_GROUP: usize = 16 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_are_the_members_of_a_row_and_stand_on_the_page() {
        let mut line = Vec::new();
        Row::default().write(&mut line);
        let text = String::from_utf8(line.clone()).unwrap();
        let page = include_str!("../../../docs/audit.md");
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

    #[test]
    fn a_cell_is_no_formula() {
        let row = Row { input: "=cmd()".into(), error: Some("-1".into()), ..Row::default() };
        let cells = cells(&row, &schema());
        assert_eq!((cells[0].as_str(), cells[5].as_str()), ("'=cmd()", "-1"));
    }
}
