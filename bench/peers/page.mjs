// The page of 20 models as a good Node server would answer it: Fastify with its schema-less JSON,
// better-sqlite3 with prepared statements, the same SQL on a copy of the same database.
// node page.mjs PORT DATABASE SQL.json
import { readFileSync } from "node:fs";
import Database from "better-sqlite3";
import fastify from "fastify";

const [port, file, texts] = process.argv.slice(2);
const sql = JSON.parse(readFileSync(texts, "utf8"));
const database = new Database(file, { readonly: true });
database.pragma("cache_size = -2048");
const prepared = new Map();

function statement(name, count) {
  const key = `${name}/${count}`;
  if (!prepared.has(key)) {
    const list = Array.from({ length: count }, () => "?").join(", ");
    prepared.set(key, database.prepare(sql[name].replace("$LIST", `(${list})`)));
  }
  return prepared.get(key);
}

function grouped(rows, column) {
  const groups = new Map();
  for (const row of rows) {
    if (!groups.has(row[column])) groups.set(row[column], []);
    groups.get(row[column]).push(row);
  }
  return groups;
}

const iso = (ms) => (ms === null ? undefined : new Date(ms).toISOString());

function card(model, tags, versions, files, stored, origin) {
  return {
    id: model.id, name: model.name, type: model.type, status: model.status,
    mode: model.mode ?? undefined,
    availability: model.availability, checkpointType: model.checkpoint_type ?? undefined,
    creator: model.username, description: "", descriptionHtml: "",
    tags: (tags.get(model.id) ?? []).map((tag) => tag.name), nsfwLevel: model.nsfw_level,
    poi: !!model.poi, minor: !!model.minor, sfwOnly: !!model.sfw_only,
    allowNoCredit: !!model.allow_no_credit, allowDerivatives: !!model.allow_derivatives,
    allowDifferentLicense: !!model.allow_different_license,
    allowCommercialUse: model.allow_commercial_use.split(","), demo: !!model.is_demo,
    mayEdit: false, createdAt: iso(model.created_at), updatedAt: iso(model.updated_at),
    lastVersionAt: iso(model.last_version_at), publishedAt: iso(model.published_at),
    downloadCount: model.download_count, thumbsUpCount: model.thumbs_up_count,
    commentCount: model.comment_count, imageCount: model.image_count,
    versions: (versions.get(model.id) ?? []).map((version) => ({
      id: version.id, name: version.name, baseModel: version.base_model,
      baseModelType: version.base_model_type, status: version.status, description: "",
      descriptionHtml: "", trainedWords: JSON.parse(version.trained_words),
      clipSkip: version.clip_skip ?? undefined, steps: version.steps ?? undefined,
      epochs: version.epochs ?? undefined, requireAuth: !!version.require_auth,
      usageControl: version.usage_control, nsfwLevel: version.nsfw_level,
      createdAt: iso(version.created_at), updatedAt: iso(version.updated_at),
      publishedAt: iso(version.published_at), downloadCount: version.download_count,
      thumbsUpCount: version.thumbs_up_count,
      files: (files.get(version.id) ?? []).map((file) => ({
        id: file.file_id, name: file.name, type: file.type, visibility: file.visibility,
        format: file.format, size: file.size ?? undefined, fp: file.fp ?? undefined,
        quantType: file.quant_type ?? undefined, ...stored.get(file.file_id),
        downloadUrl: `${origin}/api/download/models/${version.id}`,
      })),
    })),
  };
}

const app = fastify();
app.get("/api/v2/models", (request, reply) => {
  const models = statement("page", 0).all();
  const ids = models.slice(0, 20).map((model) => model.id);
  const versions = statement("versions", ids.length).all(ids);
  const files = statement("files", versions.length).all(versions.map((version) => version.id));
  const fileIds = [...new Set(files.map((file) => file.file_id))];
  const known = statement("stored", fileIds.length).all(fileIds);
  const stored = new Map(known.map((row) => [row.id, row]));
  const tags = grouped(statement("tags", ids.length).all(ids), "model_id");
  const byModel = grouped(versions, "model_id");
  const byVersion = grouped(files, "version_id");
  reply.send({
    items: models.slice(0, 20).map((model) =>
      card(model, tags, byModel, byVersion, stored, `http://${request.headers.host}`)),
    nextCursor: "next",
  });
});
await app.listen({ port: Number(port), host: "127.0.0.1" });
process.on("SIGTERM", () => process.exit(0));
