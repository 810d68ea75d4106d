//! Arrow tables in and out, through the PyCapsule interface.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, ListBuilder, RecordBatch, RecordBatchReader, StringBuilder,
    StructArray, UInt32Array,
};
use arrow::compute::{cast, interleave_record_batch, take_record_batch};
use arrow::datatypes::{DataType, Field, Int64Type, SchemaRef};
use arrow::error::ArrowError;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyTuple};
use pyo3_arrow::ffi::ArrayIterator;
use pyo3_arrow::ffi::{to_array_pycapsules, to_schema_pycapsule, to_stream_pycapsule};
use pyo3_arrow::input::AnyRecordBatch;
use result_vp_rows::{each_row, schema, Content, Marks, Record, RowBatch, Task};

use crate::{UnreadableError, UsageError};

/// The columns of a table of records.
pub(crate) struct Columns {
    pub(crate) content: Option<String>,
    pub(crate) id: Option<String>,
    pub(crate) input: Option<String>,
    pub(crate) record: Option<String>,
}

/// Rows, in one batch as long as their texts fit into one.
#[pyclass(frozen, module = "result_vp")]
pub(crate) struct Rows {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

#[pymethods]
impl Rows {
    fn __len__(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// What stands in the rows may be of persons, so it is not shown.
    fn __repr__(&self) -> String {
        format!("<result_vp.Rows: {} rows>", self.__len__())
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        Ok(to_schema_pycapsule(py, self.schema.as_ref())?)
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let [batch] = &self.batches[..] else {
            return Err(PyValueError::new_err(SEVERAL_BATCHES));
        };
        let array = StructArray::from(batch.clone());
        Ok(to_array_pycapsules(py, field(&self.schema).into(), &array, requested_schema)?)
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let arrays: Vec<Result<ArrayRef, ArrowError>> = (self.batches.iter())
            .map(|batch| Ok(Arc::new(StructArray::from(batch.clone())) as ArrayRef))
            .collect();
        let reader = Box::new(ArrayIterator::new(arrays, field(&self.schema).into()));
        Ok(to_stream_pycapsule(py, reader, requested_schema)?)
    }
}

/// The columns of rows.
#[pyclass(frozen, module = "result_vp")]
pub(crate) struct Schema(SchemaRef);

#[pymethods]
impl Schema {
    #[new]
    #[pyo3(signature = (proof_marks=false))]
    fn new(proof_marks: bool) -> Schema {
        Schema(if proof_marks { with_marks() } else { schema() })
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        Ok(to_schema_pycapsule(py, self.0.as_ref())?)
    }
}

/// Verifies the records of a table, some hundreds at a time.
pub(crate) fn tell(
    task: &Task,
    reader: Box<dyn RecordBatchReader + Send>,
    columns: &Columns,
    input: &str,
    proof_marks: bool,
) -> PyResult<Rows> {
    let places = columns.find(&reader.schema())?;
    let mut telling = Telling::new(proof_marks);
    let mut record = 0;
    for batch in reader {
        let batch = batch.map_err(|error| broken(&error))?;
        let texts = Texts::of(&batch, places.content)?;
        let ids = places.id.map(|id| Texts::of(&batch, id)).transpose()?;
        let inputs = places.input.map(|it| Texts::of(&batch, it)).transpose()?;
        let numbers = places.record.map(|it| numbers(&batch, it)).transpose()?;
        let input_of = |row| match &inputs {
            Some(inputs) => inputs.text(row).unwrap_or_default(),
            None => Cow::Borrowed(input),
        };
        let mut row = 0;
        while row < batch.num_rows() {
            // Records of one input that are verified together.
            let name = input_of(row);
            let (mut records, mut bytes) = (Vec::with_capacity(BATCH), 0);
            while row < batch.num_rows()
                && records.len() < BATCH
                && bytes < BATCH_BYTES
                && (records.is_empty() || input_of(row) == name)
            {
                record += 1;
                let content = texts.bytes(row);
                bytes += content.map_or(0, <[u8]>::len);
                let number = match &numbers {
                    // Null, or no number of a record.
                    Some(numbers) => numbers.get(row).copied().unwrap_or_default(),
                    None => record,
                };
                records.push(Record {
                    number,
                    content: content.map_or_else(Content::missing, |it| Content::Bytes(it.into())),
                    saved: ids.as_ref().and_then(|ids| ids.text(row)).map(Cow::into_owned),
                });
                row += 1;
            }
            telling.tell(task, &name, records).map_err(|error| broken(&error))?;
        }
    }
    telling.finish().map_err(|error| broken(&error))
}

/// Makes rows say what is known of them once all rows were compared: that their proof stands under
/// another session too, or twice under its own.
///
/// The table has the columns of rows, and two of truths by these names.
#[pyfunction]
pub(crate) fn repeat(
    py: Python<'_>,
    data: AnyRecordBatch,
    replayed: &str,
    repeated: &str,
) -> PyResult<Rows> {
    let reader = data.into_reader()?;
    py.detach(|| {
        let mut batches = Vec::new();
        for batch in reader {
            let batch = batch.map_err(|error| broken(&error))?;
            let truth = |name: &str| -> PyResult<Vec<bool>> {
                let column =
                    batch.column_by_name(name).ok_or_else(|| no_column(name, &batch.schema()))?;
                let column = column.as_boolean_opt();
                let column = column.ok_or_else(|| UsageError::new_err(NO_TRUTHS))?;
                Ok((0..column.len()).map(|row| column.is_valid(row) && column.value(row)).collect())
            };
            let (replayed, repeated) = (truth(replayed)?, truth(repeated)?);
            let mut truths = replayed.into_iter().zip(repeated);
            let schema = schema();
            let of_rows = schema.fields().iter().map(|field| {
                let name = field.name();
                batch.schema().index_of(name).map_err(|_| no_column(name, &batch.schema()))
            });
            let of_rows = of_rows.collect::<PyResult<Vec<_>>>()?;
            let batch = batch.project(&of_rows).map_err(|error| broken(&error))?;
            let mut rows = RowBatch::new();
            let told = each_row(&batch, |mut row| {
                let (is_replayed, stands_twice) = truths.next().unwrap_or_default();
                row.repeat(is_replayed, stands_twice);
                rows.push(&row);
            });
            batches.push(told.and_then(|()| rows.finish()).map_err(|error| broken(&error))?);
        }
        Ok(Rows { schema: schema(), batches })
    })
}

/// Rows that are being told, and what tells which stand there again.
struct Telling {
    rows: RowBatch,
    marks_of_rows: Vec<Vec<[u8; 16]>>,
    batches: Vec<RecordBatch>,
    marks: Marks,
    any_repeated: bool,
    /// One number for one record.
    records: u64,
    /// Whether the marks are a column.
    shows_marks: bool,
}

impl Telling {
    fn new(shows_marks: bool) -> Telling {
        Telling {
            rows: RowBatch::new(),
            marks_of_rows: Vec::new(),
            batches: Vec::new(),
            marks: Marks::default(),
            any_repeated: false,
            records: 0,
            shows_marks,
        }
    }

    fn tell(
        &mut self,
        task: &Task,
        input: &str,
        records: Vec<Record<'_>>,
    ) -> Result<(), ArrowError> {
        let first = self.records;
        self.records += records.len() as u64;
        task.tell(input, records, |told| {
            let record = first + told.place as u64;
            for mark in &told.marks {
                self.any_repeated |= self.marks.meet(*mark, told.session, record);
            }
            self.rows.push(&told.row);
            self.marks_of_rows.push(told.marks);
        });
        if self.rows.bytes() >= MOST_BYTES {
            self.batches.push(self.rows.finish()?);
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Rows, ArrowError> {
        if !self.rows.is_empty() || self.batches.is_empty() {
            self.batches.push(self.rows.finish()?);
        }
        let mut marks_of_rows = self.marks_of_rows.iter();
        let mut batches = Vec::with_capacity(self.batches.len());
        for batch in &self.batches {
            let marks: Vec<&[[u8; 16]]> =
                marks_of_rows.by_ref().take(batch.num_rows()).map(Vec::as_slice).collect();
            let batch = match self.any_repeated {
                true => self.repeat(batch, &marks)?,
                false => batch.clone(),
            };
            batches.push(if self.shows_marks { add_marks(&batch, &marks)? } else { batch });
        }
        let schema = if self.shows_marks { with_marks() } else { schema() };
        Ok(Rows { schema, batches })
    }

    /// The batch, with what its rows say now that all marks were met.
    fn repeat(
        &self,
        batch: &RecordBatch,
        marks: &[&[[u8; 16]]],
    ) -> Result<RecordBatch, ArrowError> {
        let mut changes = Vec::new();
        for (row, marks) in (0_u32..).zip(marks) {
            let is_replayed = marks.iter().any(|mark| self.marks.is_replayed(mark));
            let stands_twice = marks.iter().any(|mark| self.marks.stands_twice(mark));
            if is_replayed || stands_twice {
                changes.push((row, is_replayed, stands_twice));
            }
        }
        let rows = UInt32Array::from_iter_values(changes.iter().map(|(row, ..)| *row));
        let mut changed = RowBatch::new();
        let mut changes_left = changes.iter();
        each_row(&take_record_batch(batch, &rows)?, |mut row| {
            if let Some((_, is_replayed, stands_twice)) = changes_left.next() {
                row.repeat(*is_replayed, *stands_twice);
            }
            changed.push(&row);
        })?;
        let changed = changed.finish()?;
        let mut order: Vec<(usize, usize)> = (0..batch.num_rows()).map(|row| (0, row)).collect();
        for (place, (row, ..)) in changes.iter().enumerate() {
            if let Some(from) = order.get_mut(*row as usize) {
                *from = (1, place);
            }
        }
        interleave_record_batch(&[batch, &changed], &order)
    }
}

/// A column of texts or bytes, read where it stands.
struct Texts(ArrayRef);

impl Texts {
    fn of(batch: &RecordBatch, place: usize) -> PyResult<Texts> {
        let column = batch.column(place);
        let kind = match column.data_type() {
            // As bytes, for what other programs call texts may be none.
            DataType::Utf8 | DataType::Binary => DataType::Binary,
            DataType::LargeUtf8 | DataType::LargeBinary => DataType::LargeBinary,
            DataType::Utf8View | DataType::BinaryView => DataType::BinaryView,
            DataType::Dictionary(_, kind) if kind.is_string() || kind.is_binary() => {
                DataType::LargeBinary
            }
            DataType::Null => DataType::Binary,
            // Ids may be numbers.
            kind if kind.is_integer() => {
                let texts =
                    cast(column, &DataType::Utf8).and_then(|it| cast(&it, &DataType::Binary));
                return texts.map(Texts).map_err(|error| broken(&error));
            }
            _ => {
                let schema = batch.schema();
                let name = schema.field(place).name();
                let problem = format!(
                    "the column `{name}` holds no texts or bytes; give the JSON \
                    or the message itself, as it was received"
                );
                return Err(UsageError::new_err(problem));
            }
        };
        // Nothing is copied but of dictionaries.
        cast(column, &kind).map(Texts).map_err(|error| broken(&error))
    }

    fn bytes(&self, row: usize) -> Option<&[u8]> {
        if self.0.is_null(row) {
            return None;
        }
        Some(match self.0.data_type() {
            DataType::Binary => self.0.as_binary::<i32>().value(row),
            DataType::LargeBinary => self.0.as_binary::<i64>().value(row),
            DataType::BinaryView => self.0.as_binary_view().value(row),
            _ => return None,
        })
    }

    fn text(&self, row: usize) -> Option<Cow<'_, str>> {
        self.bytes(row).map(String::from_utf8_lossy)
    }
}

/// The places of the columns.
struct Places {
    content: usize,
    id: Option<usize>,
    input: Option<usize>,
    record: Option<usize>,
}

impl Columns {
    fn find(&self, schema: &SchemaRef) -> PyResult<Places> {
        let named = |name: &Option<String>| -> PyResult<Option<usize>> {
            let place = |name: &String| schema.index_of(name).map_err(|_| no_column(name, schema));
            name.as_ref().map(place).transpose()
        };
        let content = match named(&self.content)? {
            Some(content) => content,
            None => {
                let found = CONTENT_NAMES.iter().find_map(|name| schema.index_of(name).ok());
                found.ok_or_else(|| {
                    let names = names(schema);
                    let problem =
                        format!("name the column of sessions as `column`; there are {names}");
                    UsageError::new_err(problem)
                })?
            }
        };
        Ok(Places {
            content,
            id: named(&self.id)?,
            input: named(&self.input)?,
            record: named(&self.record)?,
        })
    }
}

fn no_column(name: &str, schema: &SchemaRef) -> PyErr {
    UsageError::new_err(format!("there is no column `{name}`; there are {}", names(schema)))
}

fn names(schema: &SchemaRef) -> String {
    let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    names.join(", ")
}

fn numbers(batch: &RecordBatch, place: usize) -> PyResult<Vec<u64>> {
    let column = cast(batch.column(place), &DataType::Int64).map_err(|error| broken(&error))?;
    let column = column.as_primitive::<Int64Type>();
    Ok(column
        .iter()
        .map(|it| it.and_then(|it| u64::try_from(it).ok()).unwrap_or_default())
        .collect())
}

fn with_marks() -> SchemaRef {
    let schema = schema();
    let mut fields: Vec<Arc<Field>> = schema.fields().iter().cloned().collect();
    fields.push(Arc::new(marks_field()));
    Arc::new(arrow::datatypes::Schema::new_with_metadata(fields, schema.metadata().clone()))
}

fn marks_field() -> Field {
    Field::new_list("proof_marks", Field::new("element", DataType::Utf8, true), true)
}

fn add_marks(batch: &RecordBatch, marks: &[&[[u8; 16]]]) -> Result<RecordBatch, ArrowError> {
    let element = Field::new("element", DataType::Utf8, true);
    let mut column = ListBuilder::new(StringBuilder::new()).with_field(element);
    for marks in marks {
        column.append_value(marks.iter().map(|mark| Some(hex::encode(mark))));
    }
    let mut columns = batch.columns().to_vec();
    columns.push(Arc::new(column.finish()));
    RecordBatch::try_new(with_marks(), columns)
}

/// The struct that stands for a table in the C interface.
fn field(schema: &SchemaRef) -> Field {
    let kind = DataType::Struct(schema.fields().clone());
    Field::new("", kind, false).with_metadata(schema.metadata().clone())
}

/// Of a stream that fails on the way; what its producer says is of its own words.
fn broken(error: &ArrowError) -> PyErr {
    UnreadableError::new_err(format!("the table cannot be read: {error}"))
}

/// Without `column`, as the command takes them.
const CONTENT_NAMES: [&str; 3] = ["session", "result_vp", "vp"];
/// Of which verification in batches is nearly as fast as it gets.
const BATCH: usize = 256;
const BATCH_BYTES: usize = 4 << 20;
/// Half of what a column of texts can hold.
const MOST_BYTES: usize = 1 << 30;

const SEVERAL_BATCHES: &str =
    "the rows are more than one batch holds; read them as a stream, with \
    pyarrow.table(rows)";
const NO_TRUTHS: &str = "the columns that say which rows to repeat hold true and false";
