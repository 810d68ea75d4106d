// Times the reference implementation of BbsBlsSignature2020 on what `ratios --write` has written:
//
//   node mattr.cjs DIRECTORY      one line of JSON, milliseconds for each credential
//
// Its proofs and ours are the same files. Contexts and keys come from memory.

const fs = require("fs");
const path = require("path");
const { extendContextLoader, verify, purposes } = require("jsonld-signatures");
const { BbsBlsSignatureProof2020 } = require("@mattrglobal/jsonld-signatures-bbs");

const read = (name) => JSON.parse(fs.readFileSync(path.join(process.argv[2], name), "utf8"));
const documents = read("documents.json");
const documentLoader = extendContextLoader(async (url) => {
  const document = documents[url] || documents[url.split("#")[0]];
  if (!document) {
    throw new Error(`no document for ${url}`);
  }
  return { contextUrl: null, document, documentUrl: url };
});

async function main() {
  const credentials = read("credentials.json");
  const times = [];
  for (let run = 0; run < WARM_UP + RUNS; run += 1) {
    const credential = credentials[run % credentials.length];
    const start = process.hrtime.bigint();
    const verdict = await verify(JSON.parse(JSON.stringify(credential)), {
      suite: new BbsBlsSignatureProof2020(),
      purpose: new purposes.AssertionProofPurpose(),
      documentLoader,
    });
    const time = Number(process.hrtime.bigint() - start) / 1e6;
    if (!verdict.verified) {
      throw new Error(`it refuses the proof: ${verdict.error.errors}`);
    }
    if (run >= WARM_UP) {
      times.push(time);
    }
  }
  times.sort((a, b) => a - b);
  console.log(JSON.stringify({ median_ms: times[RUNS >> 1], least_ms: times[0] }));
}

const WARM_UP = 5;
const RUNS = 41;

main();
