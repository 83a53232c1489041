// Uploads a file with the unmodified tus-js-client: node tus.mjs ORIGIN KEY FILE CALLER.
// CALLER "plain" sends all at once; "resumed" stops in the middle and goes on as a new client that
// finds the upload in its storage; "patient" sends pieces and waits out a server that goes away.
// Prints {"url", "file", "offsets"} when done.
import { createReadStream, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const require = createRequire(new URL("../../web/package.json", import.meta.url));
const tus = require("tus-js-client");
const [origin, key, path, caller] = process.argv.slice(2);
const storage = new tus.FileUrlStorage(join(tmpdir(), `atelier-tus-${process.pid}.json`));
const offsets = [];
let file = null;

const options = (done, more) => ({
  endpoint: `${origin}/api/v2/uploads`,
  headers: { Authorization: `Bearer ${key}` },
  metadata: { filename: "naïve model.safetensors", filetype: "application/octet-stream" },
  uploadSize: statSync(path).size,
  retryDelays: [0, 200, 500, 1000, 2000, 3000],
  urlStorage: storage,
  onAfterResponse: (request, response) => {
    if (request.getMethod() === "HEAD") offsets.push(Number(response.getHeader("Upload-Offset")));
    file = response.getHeader("Atelier-File") ?? file;
  },
  onError: (error) => done(error),
  onSuccess: () => done(null),
  ...more,
});

const run = (more, stopAt) =>
  new Promise((resolve, reject) => {
    const upload = new tus.Upload(createReadStream(path), options(
      (error) => (error ? reject(error) : resolve(upload)),
      { ...more, onChunkComplete: (_, accepted) => {
        process.stderr.write(`${accepted}\n`);
        if (stopAt && accepted >= stopAt) upload.abort().then(() => resolve(upload), reject);
      } }));
    upload.findPreviousUploads().then((found) => {
      if (found.length) upload.resumeFromPreviousUpload(found[0]);
      upload.start();
    }, reject);
  });

const size = statSync(path).size;
const piece = { chunkSize: 1_000_000 };
let upload;
if (caller === "plain") upload = await run({ chunkSize: size, uploadDataDuringCreation: true });
if (caller === "resumed") {
  await run(piece, size / 2);
  upload = await run(piece);
}
if (caller === "patient") upload = await run(piece);
console.log(JSON.stringify({ url: upload.url, file: Number(file), offsets }));
