// A stranger's tus client (tus-js-client): sends a file in pieces, tears the line once, goes on, says what became of it.
import { createReadStream, statSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [library, endpoint, authorization, file, id, sha256] = process.argv.slice(2);
const { default: tus } = await import(pathToFileURL(library));
let torn = false;
const upload = new tus.Upload(createReadStream(file), {
  endpoint,
  uploadSize: statSync(file).size,
  chunkSize: 20_000,
  headers: { Authorization: authorization },
  metadata: { id, sha256, type: "image/jpeg" },
  retryDelays: [0, 100, 500],
  onProgress(sent) {
    if (sent >= 20_000 && !torn) {
      torn = true;
      upload.abort().then(() => upload.start());
    }
  },
  onError(error) {
    console.log(JSON.stringify({ error: String(error) }));
    process.exit(1);
  },
  onSuccess() {
    console.log(JSON.stringify({ url: upload.url, torn }));
  },
});
upload.start();
