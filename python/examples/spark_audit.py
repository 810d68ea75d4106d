"""An audit of any size on Spark: the rows of `result-vp audit`, as Parquet of the same schema.

    spark-submit spark_audit.py --policy policy.toml --evidence evidence.json --out OUT INPUT…

INPUT is a file or folder of JSON Lines, plain or compressed, or of Parquet with a column of sessions (`--column`). Paths of
inputs and OUT are whatever Spark reads (file, hdfs, s3a); policy and evidence are files of the driver, which hands
them to all workers. The wheel of result-vp must be installed where the workers' Python is (or `--archives`).

Each input is a part: its rows stand below OUT.work once it is done. A run that was interrupted goes on with the same
command, asking as of the same time; parts that are done are not verified again. When all are, the rows are compared for
proofs that stand under two sessions, checked by counts and hashes, and written to OUT.
"""

import argparse
import json
from datetime import datetime, timezone

import pyarrow
from pyspark.sql import SparkSession, Window
from pyspark.sql import functions as f
from pyspark.sql.pandas.types import from_arrow_schema

import result_vp

# What Spark's own columns of times are.
MICROSECONDS = pyarrow.timestamp("us", "UTC")


def main():
    asked = arguments()
    spark = (
        SparkSession.builder.appName("result-vp audit")
        .config("spark.sql.session.timeZone", "UTC")
        # As the command writes times; Spark's default is a type that others gave up.
        .config("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MILLIS")
        .getOrCreate()
    )
    verifier = result_vp.Verifier(asked.policy, asked.evidence)
    question = ask(spark, asked, verifier)
    parts = [verify(spark, asked, verifier, question, *it) for it in enumerate(asked.inputs)]
    told = spark.read.parquet(*parts)
    compare(told).write.mode("overwrite").parquet(asked.out)
    print(json.dumps(check(spark, told, asked, verifier), indent=1))
    spark.stop()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("inputs", nargs="+", metavar="INPUT")
    parser.add_argument("--policy", required=True, help="a policy file (result-vp policy show)")
    parser.add_argument("--evidence", action="append", default=[], help="a bundle, file or folder")
    parser.add_argument("--out", required=True, help="the folder of the rows")
    parser.add_argument("--column", help="the column of sessions of a Parquet input")
    parser.add_argument("--id-column", help="the column of the session ids you saved")
    parser.add_argument("--as-of", help="one time, as 2024-05-02T10:00:00Z [default: issuance and now]")
    parser.add_argument("--claims", choices=["none", "full"], default="none")
    return parser.parse_args()


def ask(spark, asked, verifier):
    """The question of this run; of one that goes on, the same as it was."""
    path = f"{asked.out}.work/question"
    now = asked.as_of or datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    question = {
        "version": result_vp.__version__,
        "policy": verifier.policy_sha256,
        "evidence": verifier.evidence_sha256,
        "claims": asked.claims,
        "columns": [asked.column, asked.id_column],
        "as_of": asked.as_of,
        "inputs": asked.inputs,
        "now": now,
    }
    if done(spark, path):
        before = json.loads(spark.read.text(path).first().value)
        if {**question, "now": None} != {**before, "now": None}:
            raise SystemExit(f"{path}: another question was asked; remove {asked.out}.work, or name another --out")
        return before
    lines = spark.createDataFrame([(json.dumps(question),)], "value string")
    lines.coalesce(1).write.mode("overwrite").text(path)
    return question


def verify(spark, asked, verifier, question, place, path):
    """Verifies one input into its part, unless that was done; the part's path."""
    part = f"{asked.out}.work/part-{place:05}"
    if done(spark, part):
        return part
    schema = wide(pyarrow.schema(result_vp.Schema(proof_marks=True)))
    at = datetime.fromisoformat(question["now"].replace("Z", "+00:00"))

    def rows(batches):
        # The verifier came with the task, and is made once for each worker process.
        for batch in batches:
            told = verifier.verify_arrow(
                batch,
                column="content",
                id_column="saved",
                input_column="input",
                record_column="record",
                at=at,
                at_issuance=question["as_of"] is None,
                claims=question["claims"],
                proof_marks=True,
            )
            yield from pyarrow.table(told).cast(schema).to_batches()

    told = records(spark, asked, path).mapInArrow(rows, from_arrow_schema(schema))
    told.write.mode("overwrite").parquet(part)
    return part


def records(spark, asked, path):
    """The records of an input, numbered from 1 in each file, as the command numbers them."""
    if asked.column:
        table = spark.read.parquet(path)
        content, saved = f.col(asked.column), f.col(asked.id_column) if asked.id_column else f.lit(None)
    else:
        table = spark.read.text(path)
        content, saved = f.col("value"), f.lit(None)
    lines = table.select(
        # Bytes: Spark would hand on a line that is no UTF-8 as a text.
        content.cast("binary").alias("content"),
        saved.cast("string").alias("saved"),
        f.col("_metadata.file_path").alias("input"),
        f.col("_metadata.file_block_start").alias("block"),
        f.monotonically_increasing_id().alias("place"),
    )
    # Where each block of a file begins: its lines follow one another within one task.
    blocks = lines.groupBy("input", "block").agg(f.min("place").alias("first"), f.count("*").alias("lines"))
    before = Window.partitionBy("input").orderBy("block").rowsBetween(Window.unboundedPreceding, -1)
    blocks = blocks.withColumn("before", f.coalesce(f.sum("lines").over(before), f.lit(0)))
    number = f.col("place") - f.col("first") + f.col("before") + 1
    numbered = lines.join(f.broadcast(blocks), ["input", "block"]).withColumn("record", number)
    if not asked.column:
        # An empty line is counted, and is no record.
        numbered = numbered.where(f.length(f.trim(f.col("content").cast("string"))) > 0)
    return numbered.select("content", "saved", "input", "record")


ROW = ["input", "record", "item", "credential"]


def compare(told):
    """The rows, rejected where their proof stands under another session too: in whichever part."""
    schema = wide(pyarrow.schema(result_vp.Schema()))
    session = f.coalesce("session_id", f.concat_ws("\n", "input", "record", "item"))
    marks = told.select(*ROW, session.alias("session"), f.explode("proof_marks").alias("mark"))
    of_session = marks.groupBy("mark", "session").agg(
        f.count_distinct("input", "record").alias("records"),
        f.min(f.struct("input", "record", "item")).alias("first"),
    )
    of_mark = of_session.groupBy("mark").agg(
        (f.count("*") > 1).alias("replayed"),
        (f.min_by("records", "first") > 1).alias("repeated"),
    )
    met = of_mark.where("replayed or repeated").join(marks, "mark")
    met = met.groupBy(*ROW).agg(f.max("replayed").alias("replayed"), f.max("repeated").alias("repeated"))
    both = told.drop("proof_marks").join(met, ROW, "left")

    def repeat(batches):
        for batch in batches:
            yield from pyarrow.table(result_vp.repeat(batch)).cast(schema).to_batches()

    again = both.where("replayed is not null").mapInArrow(repeat, from_arrow_schema(schema))
    names = [field.name for field in schema]
    return both.where("replayed is null").select(names).unionByName(again).select(names)


def check(spark, told, asked, verifier):
    """Counts and hashes, by input and in all; an error if a row is lost or has another basis."""
    rows = spark.read.parquet(asked.out)
    basis = rows.select("policy_sha256", "evidence_sha256", "library_version").distinct().collect()
    expected = (verifier.policy_sha256, verifier.evidence_sha256, result_vp.__version__)
    if any(tuple(row) != expected for row in basis):
        raise SystemExit(f"{asked.out}: rows of another basis than {expected}")
    # Does not depend on the order of rows; the same for the same inputs, question and time.
    digest = f.hex(f.bit_xor(f.xxhash64(*rows.columns)))
    inputs = rows.groupBy("input").agg(f.count("*").alias("rows"), digest.alias("xxhash64"))
    verdicts = rows.groupBy(f.coalesce("verdict_now", f.lit("unknown")).alias("verdict")).count()
    summary = {
        "rows": rows.count(),
        "verdicts": {row["verdict"]: row["count"] for row in verdicts.collect()},
        "inputs": {row["input"]: [row["rows"], row["xxhash64"]] for row in inputs.collect()},
    }
    if summary["rows"] != told.count():
        raise SystemExit(f"{asked.out}: has {summary['rows']} rows, and {told.count()} were told")
    return summary


def wide(schema):
    """The schema with times as Spark has them."""

    def kind(it):
        if pyarrow.types.is_timestamp(it):
            return MICROSECONDS
        if pyarrow.types.is_list(it):
            return pyarrow.list_(field(it.value_field))
        return pyarrow.struct([field(member) for member in it]) if pyarrow.types.is_struct(it) else it

    def field(it):
        return pyarrow.field(it.name, kind(it.type), it.nullable)

    return pyarrow.schema([field(it) for it in schema])


def done(spark, path):
    """Whether Spark wrote a folder to its end."""
    success = spark._jvm.org.apache.hadoop.fs.Path(f"{path}/_SUCCESS")
    return success.getFileSystem(spark._jsc.hadoopConfiguration()).exists(success)


if __name__ == "__main__":
    main()
