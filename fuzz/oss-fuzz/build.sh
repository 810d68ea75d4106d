#!/bin/bash -eu
# Not run yet: see Dockerfile. Builds every fuzz target with its corpus and dictionary.
cd "$SRC/result-vp"
cargo fuzz build -O
for file in fuzz/fuzz_targets/*.rs; do
  target="$(basename "$file" .rs)"
  cp "fuzz/target/x86_64-unknown-linux-gnu/release/$target" "$OUT/"
  (cd "fuzz/corpus/$target" && zip -q "$OUT/${target}_seed_corpus.zip" ./*)
  dictionary=json
  if [ "$target" = policy_file ]; then dictionary=toml; fi
  cp "fuzz/dictionaries/$dictionary.dict" "$OUT/$target.dict"
done
