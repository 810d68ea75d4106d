//! The same rows as tables: Parquet for engines, CSV for eyes.

use std::fs::File;
use std::io::{self, Write};

use arrow::datatypes::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding};
use parquet::file::properties::{WriterProperties, WriterVersion};
use result_vp_rows::{schema, CheckCell, Row, RowBatch, VerificationCell};

/// An output that rows are written to, line by line as they are in JSON.
pub(super) enum Table {
    Lines(io::BufWriter<File>),
    Csv(Box<csv::Writer<File>>, SchemaRef),
    Parquet(Box<ParquetTable>),
}

/// Of some thousands of rows at a time.
pub(super) struct ParquetTable {
    rows: RowBatch,
    writer: ArrowWriter<File>,
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
        Ok(ParquetTable { rows: RowBatch::new(), writer })
    }

    fn write(&mut self, line: &[u8]) -> io::Result<()> {
        self.rows.push(&serde_json::from_slice(line)?);
        match self.rows.len() >= BATCH || self.rows.bytes() >= BATCH_BYTES {
            true => self.flush(),
            false => Ok(()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        let batch = self.rows.finish().map_err(io::Error::other)?;
        Ok(self.writer.write(&batch)?)
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
                let one = |it: &VerificationCell<'_>| format!("{}={}", it.id, it.state);
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

const BATCH: usize = 1024;
const BATCH_BYTES: usize = 64 << 20;
/// About 50 MB of rows before compression.
const ROW_GROUP: usize = 16 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_no_formula() {
        let row = Row { input: "=cmd()".into(), error: Some("-1".into()), ..Row::default() };
        let cells = cells(&row, &schema());
        assert_eq!((cells[0].as_str(), cells[5].as_str()), ("'=cmd()", "-1"));
    }
}
