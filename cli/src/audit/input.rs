//! What an audit reads: files of many records, recognized by their content and read piece by piece.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use flate2::bufread::MultiGzDecoder;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::arrow::ProjectionMask;
use result_vp::limits::Limit;
use result_vp::Error;
use result_vp_rows::{Content, Record};

use super::split::Splitter;
use crate::source::Stop;
use crate::Exit;

/// The records of one input, in order.
pub(super) struct Records<'a> {
    columns: &'a Columns,
    /// How many records of it are done already.
    skip: u64,
    emit: &'a mut dyn FnMut(Record<'static>) -> Flow,
    count: u64,
}

/// Whether the reader goes on.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Flow {
    Continue,
    Stop,
}

/// The columns of tables that hold the session or presentation, and the caller's session id.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    pub(super) content: Option<String>,
    pub(super) id: Option<String>,
}

/// The files that the arguments name: files as they are, everything below directories, patterns.
///
/// What cannot be listed is an input too, and says so when it is read.
pub(super) fn inputs(arguments: &[PathBuf]) -> Result<Vec<PathBuf>, Stop> {
    let mut inputs = Vec::new();
    for argument in arguments {
        let is_pattern = argument.to_str().is_some_and(|it| it.contains(['*', '?', '[']));
        if argument.as_os_str() == "-" {
            inputs.push(argument.clone());
        } else if is_pattern && !argument.exists() {
            let pattern = argument.to_str().unwrap_or_default();
            let found = glob::glob(pattern).map_err(|error| Stop::usage(error.msg))?;
            let before = inputs.len();
            for path in found.map(|it| it.unwrap_or_else(|error| error.path().to_owned())) {
                match path.is_dir() {
                    true => below(&path, &mut inputs),
                    false => inputs.push(path),
                }
            }
            if inputs.len() == before {
                let message = format!("{}: no file has such a name", argument.display());
                return Err(Stop(Exit::NoInput, message));
            }
        } else if argument.is_dir() {
            below(argument, &mut inputs);
        } else {
            inputs.push(argument.clone());
        }
    }
    match inputs.iter().filter(|it| it.as_os_str() == "-").count() {
        0 | 1 if !inputs.is_empty() => Ok(inputs),
        0 | 1 => Err(Stop(Exit::NoInput, "the directories hold no file".to_owned())),
        _ => Err(Stop::usage("standard input can be read once")),
    }
}

/// In the order of names; hidden files and links to directories are left out.
fn below(directory: &Path, inputs: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(directory) else { return inputs.push(directory.to_owned()) };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let is_hidden =
            path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        let is_link = path.is_symlink() && path.is_dir();
        match (is_hidden || is_link, path.is_dir()) {
            (true, _) => {}
            (false, true) => below(&path, inputs),
            (false, false) => inputs.push(path),
        }
    }
}

/// Says no before anything is verified, if a table has no such column.
pub(super) fn check_columns(path: &Path, columns: &Columns) -> Result<(), Stop> {
    if path.as_os_str() == "-" {
        return Ok(());
    }
    let known: Option<Vec<String>> = match Opened::open(path, columns, Arc::default()) {
        Ok(Opened { form: Form::Parquet, file: Some(file), .. }) => {
            ParquetRecordBatchReaderBuilder::try_new(file)
                .ok()
                .map(|it| it.schema().fields().iter().map(|field| field.name().clone()).collect())
        }
        Ok(Opened { form: Form::Csv, reader, .. }) => {
            let mut table = csv::Reader::from_reader(reader.take(LONGEST_HEADER));
            table.headers().ok().map(|it| it.iter().map(str::to_owned).collect())
        }
        _ => None,
    };
    match known {
        Some(known) => columns
            .find(&known)
            .map(|_| ())
            .map_err(|problem| Stop::usage(format!("{}: {problem}", path.display()))),
        None => Ok(()),
    }
}

impl Columns {
    /// Whether a line is the header of a table of one column.
    fn are(&self, line: &[u8]) -> bool {
        let name = line.trim_ascii();
        let name = name.strip_prefix(b"\"").and_then(|it| it.strip_suffix(b"\"")).unwrap_or(name);
        match &self.content {
            Some(content) => content.as_bytes() == name,
            None => CONTENT_NAMES.iter().any(|it| it.as_bytes() == name),
        }
    }

    /// The places of the column of contents, and of the column of ids.
    fn find(&self, known: &[String]) -> Result<(usize, Option<usize>), String> {
        let place = |name: &str| known.iter().position(|it| it == name);
        let named = |flag: &str, name: &str| {
            place(name).ok_or_else(|| {
                format!("has no column `{name}` ({flag}); it has {}", known.join(", "))
            })
        };
        let content = match &self.content {
            Some(name) => named("--column", name)?,
            None => CONTENT_NAMES.iter().find_map(|name| place(name)).ok_or_else(|| {
                format!("name the column of sessions with --column; it has {}", known.join(", "))
            })?,
        };
        let id = self.id.as_deref().map(|name| named("--id-column", name)).transpose()?;
        Ok((content, id))
    }
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Form {
    /// One value on each line.
    Lines,
    /// Values over several lines, or an array.
    Values,
    /// Messages, each behind its length.
    Delimited,
    /// One message.
    Message,
    Csv,
    Parquet,
}

struct Opened {
    form: Form,
    reader: Box<dyn BufRead>,
    /// The file itself, if it is read as it is.
    file: Option<File>,
}

impl Opened {
    fn open(path: &Path, columns: &Columns, progress: Arc<AtomicU64>) -> io::Result<Opened> {
        if path.as_os_str() == "-" {
            return Opened::recognize(Box::new(BufReader::new(io::stdin())), None, columns);
        }
        let file = File::open(path)?;
        if file.metadata()?.is_dir() {
            // Of what can be listed, the files are inputs.
            fs::read_dir(path)?;
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let again = file.try_clone()?;
        let counted = Counted { reader: file, progress };
        Opened::recognize(Box::new(BufReader::with_capacity(BUFFER, counted)), Some(again), columns)
    }

    fn recognize(
        mut reader: Box<dyn BufRead>,
        mut file: Option<File>,
        columns: &Columns,
    ) -> io::Result<Opened> {
        for _ in 0..2 {
            let start = reader.fill_buf()?;
            if start.starts_with(b"\x1f\x8b") {
                let decoder = MultiGzDecoder::new(reader);
                reader = Box::new(BufReader::with_capacity(BUFFER, decoder));
            } else if start.starts_with(b"\x28\xb5\x2f\xfd") {
                let mut decoder = zstd::Decoder::with_buffer(reader)?;
                decoder.window_log_max(WINDOW_LOG)?;
                reader = Box::new(BufReader::with_capacity(BUFFER, decoder));
            } else {
                break;
            }
            file = None;
        }
        if reader.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
            reader.consume(3);
        }
        let form = Form::of(reader.fill_buf()?, columns);
        if let Some(file) = &mut file {
            // The clone shares the place in the file.
            if form == Form::Parquet {
                file.seek(SeekFrom::Start(0))?;
            }
        }
        Ok(Opened { form, reader, file })
    }
}

impl Form {
    /// By the first bytes of the text, some thousands of them.
    fn of(start: &[u8], columns: &Columns) -> Form {
        let trimmed = start.trim_ascii_start();
        let is_control = |byte: &u8| *byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c);
        let first_line = trimmed.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let begins_as_json = matches!(trimmed.first(), Some(b'{' | b'[' | b'"'));
        // A message begins with the tag of its first field, which is a line's end in text.
        let is_message = start.first() == Some(&b'\n') && start.iter().any(is_control);
        if start.starts_with(b"PAR1") {
            Form::Parquet
        } else if is_message && !(begins_as_json && is_plain(first_line)) {
            match delimited(start) {
                true => Form::Delimited,
                false => Form::Message,
            }
        } else if trimmed.is_empty() {
            Form::Lines
        } else if begins_as_json {
            let goes_on =
                matches!(first_line.trim_ascii_end().last(), Some(b'{' | b'[' | b',' | b':'));
            match trimmed.first() == Some(&b'[') || goes_on {
                true => Form::Values,
                false => Form::Lines,
            }
        } else if start.iter().any(is_control) && delimited(start) {
            Form::Delimited
        } else if is_plain(first_line) && (first_line.contains(&b',') || columns.are(first_line)) {
            Form::Csv
        } else {
            Form::Lines
        }
    }
}

fn is_plain(line: &[u8]) -> bool {
    line.iter().all(|byte| *byte >= b' ' || matches!(byte, b'\t' | b'\r'))
}

/// Whether the first message stands behind its length: a session, or a response that wraps one.
fn delimited(start: &[u8]) -> bool {
    let mut rest = start;
    let Some(length) = varint(&mut rest).ok().flatten() else { return false };
    let Some(inner) = usize::try_from(length).ok().and_then(|length| rest.get(..length)) else {
        // Longer than what was read ahead: by its first tag.
        return rest.first() == Some(&b'\n') && length > rest.len() as u64;
    };
    inner.is_empty() || result_vp::Session::all_from_protobuf(inner).is_ok()
}

/// A number of at most 64 bits; `None` at the end of the input.
fn varint(reader: &mut dyn Read) -> io::Result<Option<u64>> {
    let mut value = 0_u64;
    for place in 0..10 {
        let mut byte = [0];
        match (reader.read(&mut byte)?, place) {
            (0, 0) => return Ok(None),
            (0, _) => return Err(io::ErrorKind::UnexpectedEof.into()),
            _ => {}
        }
        value |= u64::from(byte[0] & 0x7f) << (7 * place);
        if byte[0] & 0x80 == 0 {
            return Ok(Some(value));
        }
    }
    Err(io::Error::other("a length is no number"))
}

impl<'a> Records<'a> {
    pub(super) fn new(
        columns: &'a Columns,
        skip: u64,
        emit: &'a mut dyn FnMut(Record<'static>) -> Flow,
    ) -> Records<'a> {
        Records { columns, skip, emit, count: 0 }
    }

    /// Reads the input to its end. What cannot be read is a record that says so.
    pub(super) fn read(self, path: &Path, progress: Arc<AtomicU64>) -> Flow {
        let opened = Opened::open(path, self.columns, progress);
        self.read_all(opened)
    }

    /// The same of a text.
    pub(super) fn read_text(self, text: Vec<u8>) -> Flow {
        let reader = Box::new(BufReader::with_capacity(BUFFER, io::Cursor::new(text)));
        let opened = Opened::recognize(reader, None, self.columns);
        self.read_all(opened)
    }

    fn read_all(mut self, opened: io::Result<Opened>) -> Flow {
        opened.and_then(|opened| self.read_opened(opened)).unwrap_or_else(|error| {
            // What the system says is not about the text.
            let is_of_system =
                error.raw_os_error().is_some() || error.kind() == io::ErrorKind::IsADirectory;
            let content = match is_of_system {
                true => Content::Failed(error.to_string()),
                false => Content::Unreadable(format!("the input breaks off: {error}")),
            };
            self.give(content, None)
        })
    }

    fn read_opened(&mut self, opened: Opened) -> io::Result<Flow> {
        let Opened { form, mut reader, file } = opened;
        match (form, file) {
            (Form::Lines, _) => self.lines(&mut *reader),
            (Form::Values, _) => self.values(&mut *reader),
            (Form::Delimited, _) => self.delimited(&mut *reader),
            (Form::Message, _) => {
                let mut message = Vec::new();
                reader.take(MAX_BYTES as u64 + 1).read_to_end(&mut message)?;
                Ok(self.give(Content::from(message), None))
            }
            (Form::Csv, _) => self.csv(reader),
            (Form::Parquet, Some(file)) => self.parquet(file),
            (Form::Parquet, None) => {
                let problem = "Parquet is read from a file that is not compressed as a whole";
                Ok(self.give(Content::Failed(problem.to_owned()), None))
            }
        }
    }

    fn give(&mut self, content: Content<'static>, saved: Option<String>) -> Flow {
        self.count += 1;
        match self.count <= self.skip {
            true => Flow::Continue,
            false => (self.emit)(Record { number: self.count, content, saved }),
        }
    }

    fn lines(&mut self, reader: &mut dyn BufRead) -> io::Result<Flow> {
        loop {
            let mut line = Vec::new();
            let is_long = match line_into(reader, &mut line)? {
                None => return Ok(Flow::Continue),
                Some(is_long) => is_long,
            };
            if !is_long && line.trim_ascii().is_empty() {
                // An empty line is counted, so that numbers are those of an editor.
                self.count += 1;
                continue;
            }
            let content = if is_long { too_long() } else { Content::from(line) };
            if self.give(content, None) == Flow::Stop {
                return Ok(Flow::Stop);
            }
        }
    }

    fn values(&mut self, reader: &mut dyn BufRead) -> io::Result<Flow> {
        let mut splitter = Splitter::new(MAX_BYTES);
        loop {
            let chunk = reader.fill_buf()?;
            if chunk.is_empty() {
                return Ok(match splitter.rest() {
                    Some(value) => self.give(value.map_or_else(too_long, Content::from), None),
                    None => Flow::Continue,
                });
            }
            let (read, value) = splitter.next(chunk);
            reader.consume(read);
            if let Some(value) = value {
                let content = value.map_or_else(too_long, Content::from);
                if self.give(content, None) == Flow::Stop {
                    return Ok(Flow::Stop);
                }
            }
        }
    }

    fn delimited(&mut self, reader: &mut dyn BufRead) -> io::Result<Flow> {
        while let Some(length) = varint(reader)? {
            let content = match usize::try_from(length).ok().filter(|it| *it <= MAX_BYTES) {
                Some(length) => {
                    let mut message = vec![0; length];
                    reader.read_exact(&mut message)?;
                    Content::from(message)
                }
                None => {
                    let skipped = io::copy(&mut reader.take(length), &mut io::sink())?;
                    if skipped < length {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                    too_long()
                }
            };
            if self.give(content, None) == Flow::Stop {
                return Ok(Flow::Stop);
            }
        }
        Ok(Flow::Continue)
    }

    fn csv(&mut self, reader: Box<dyn BufRead>) -> io::Result<Flow> {
        let guard = Arc::new(AtomicU64::new(0));
        let guarded = Guarded { reader, since: Arc::clone(&guard) };
        let mut table = csv::ReaderBuilder::new().flexible(true).from_reader(guarded);
        let known: Vec<String> = table.headers()?.iter().map(str::to_owned).collect();
        let (content, id) = match self.columns.find(&known) {
            Ok(places) => places,
            Err(problem) => return Ok(self.give(Content::Failed(problem), None)),
        };
        let mut row = csv::ByteRecord::new();
        while table.read_byte_record(&mut row)? {
            guard.store(0, Ordering::Relaxed);
            let saved = id.and_then(|id| row.get(id)).map(|it| String::from_utf8_lossy(it).into());
            let content = match row.get(content) {
                Some(cell) if cell.len() <= MAX_BYTES => Content::from(cell.to_vec()),
                Some(_) => too_long(),
                None => Content::Unreadable("the row has no such column".to_owned()),
            };
            if self.give(content, saved) == Flow::Stop {
                return Ok(Flow::Stop);
            }
        }
        Ok(Flow::Continue)
    }

    fn parquet(&mut self, file: File) -> io::Result<Flow> {
        let mut builder = ParquetRecordBatchReaderBuilder::try_new(file)?;
        let known: Vec<String> =
            builder.schema().fields().iter().map(|field| field.name().clone()).collect();
        let (content, id) = match self.columns.find(&known) {
            Ok(places) => places,
            Err(problem) => return Ok(self.give(Content::Failed(problem), None)),
        };
        let roots = [Some(content), id].into_iter().flatten();
        let mask = ProjectionMask::roots(builder.parquet_schema(), roots);
        builder = builder.with_projection(mask).with_batch_size(PARQUET_ROWS);
        let name_of = |place: usize| known.get(place).map_or("", String::as_str);
        for batch in builder.build()? {
            let batch = batch.map_err(io::Error::other)?;
            let contents = column(&batch, name_of(content), &DataType::LargeBinary)?;
            let ids = id.map(|id| column(&batch, name_of(id), &DataType::LargeUtf8)).transpose()?;
            for row in 0..batch.num_rows() {
                let cell = contents.as_binary_opt::<i64>().filter(|it| it.is_valid(row));
                let content = match cell.map(|it| it.value(row)) {
                    Some(cell) if cell.len() <= MAX_BYTES => Content::from(cell.to_vec()),
                    Some(_) => too_long(),
                    None => Content::missing(),
                };
                let ids = ids.as_ref().and_then(|ids| ids.as_string_opt::<i64>());
                let saved = ids.filter(|it| it.is_valid(row)).map(|it| it.value(row).to_owned());
                if self.give(content, saved) == Flow::Stop {
                    return Ok(Flow::Stop);
                }
            }
        }
        Ok(Flow::Continue)
    }
}

fn column(batch: &RecordBatch, name: &str, kind: &DataType) -> io::Result<arrow::array::ArrayRef> {
    let column = batch.column_by_name(name).ok_or_else(|| io::Error::other("no such column"))?;
    // A number is cast to text on the way.
    let is_binary = matches!(
        column.data_type(),
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView
    );
    let text = match is_binary {
        true => Arc::clone(column),
        false => cast(column, &DataType::LargeUtf8).map_err(io::Error::other)?,
    };
    cast(&text, kind).map_err(io::Error::other)
}

fn too_long() -> Content<'static> {
    Content::Unreadable(Error::LimitReached { limit: Limit::Bytes, most: MAX_BYTES }.to_string())
}

/// One line without its end; whether it is too long to be kept. `None` at the end of the input.
fn line_into(reader: &mut dyn BufRead, line: &mut Vec<u8>) -> io::Result<Option<bool>> {
    let (mut is_long, mut met) = (false, false);
    loop {
        let chunk = reader.fill_buf()?;
        if chunk.is_empty() {
            return Ok(met.then_some(is_long));
        }
        met = true;
        let end = chunk.iter().position(|byte| *byte == b'\n');
        let part = chunk.get(..end.unwrap_or(chunk.len())).unwrap_or_default();
        is_long |= line.len() + part.len() > MAX_BYTES;
        match is_long {
            true => line.clear(),
            false => line.extend_from_slice(part),
        }
        let read = part.len() + usize::from(end.is_some());
        reader.consume(read);
        if end.is_some() {
            return Ok(Some(is_long));
        }
    }
}

/// Counts what is read of a file.
struct Counted {
    reader: File,
    progress: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.progress.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// Fails if one row is so long that a quotation mark must be missing.
struct Guarded {
    reader: Box<dyn BufRead>,
    since: Arc<AtomicU64>,
}

impl Read for Guarded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        let since = self.since.fetch_add(read as u64, Ordering::Relaxed) + read as u64;
        match since > LONGEST_ROW {
            true => Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "a row has more than 64 MiB; a quotation mark may be missing",
            )),
            false => Ok(read),
        }
    }
}

/// Without `--column`.
const CONTENT_NAMES: [&str; 3] = ["session", "result_vp", "vp"];
/// What the library reads as one input.
const MAX_BYTES: usize = Limit::Bytes.standard();
const BUFFER: usize = 128 << 10;
const LONGEST_HEADER: u64 = 1 << 20;
/// Four inputs of the largest size.
const LONGEST_ROW: u64 = 64 << 20;
/// Windows of 128 MiB, as the tool `zstd` reads them unasked.
const WINDOW_LOG: u32 = 27;
const PARQUET_ROWS: usize = 64;
