"""A page of 20 models that no cache answers: five queries with joins, then JSON. Ours is asked with
an API key, whose answers are never kept, and looks the key up each time; the peer, Fastify with
better-sqlite3 on a copy of the same database, knows no callers."""
import json
import pathlib
import re
import shutil
import tempfile
import urllib.request

from bench import measure

PATH = "/api/v2/models?limit=20"
VISIBLE = ("m.deleted_at IS NULL AND m.status = 'Published' AND (m.mode IS NULL OR m.mode <> "
           "'TakenDown') AND (m.nsfw_level & 31) <> 0 AND m.availability = 'Public'")


def columns(path, name):
    """A column list as the store's source has it."""
    text = (measure.ROOT / path).read_text()
    macro = re.search(rf"#define {name}\b((?:.*\\\n)*.*)", text).group(1)
    text = "".join(re.findall(r'"([^"]*)"', macro))
    for table in "mv":  # lists read no descriptions
        text = text.replace(f"{table}.description, {table}.description_html", "'', ''")
    return text


def statements():
    models, files = "src/features/models/store.cpp", "src/features/files/store.cpp"
    return {
        "page": f"SELECT {columns(models, 'MODEL_COLUMNS')} FROM models m JOIN users u ON u.id ="
                f" m.owner_id WHERE {VISIBLE} ORDER BY m.last_version_at DESC, m.id DESC LIMIT 21",
        "versions": f"SELECT {columns(models, 'VERSION_COLUMNS')} FROM model_versions v WHERE"
                    " v.deleted_at IS NULL AND v.model_id IN $LIST ORDER BY v.id DESC",
        "files": "SELECT version_id, file_id, name, type, visibility, format, size, fp, quant_type"
                 " FROM version_files WHERE version_id IN $LIST ORDER BY version_id, position,"
                 " file_id",
        "stored": f"SELECT {columns(files, 'FILE_COLUMNS')}{columns(files, 'FILE_TABLES')}"
                  " WHERE f.id IN $LIST ORDER BY f.id",
        "tags": "SELECT t.model_id, g.name FROM model_tags t JOIN tags g ON g.id = t.tag_id"
                " WHERE t.model_id IN $LIST ORDER BY t.model_id, t.position"}


def names(url, headers):
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as reply:
        body = reply.read()
    return [item["name"] for item in json.loads(body)["items"]], len(body)


def run():
    with measure.server("--demo") as server, \
            tempfile.TemporaryDirectory() as folder:
        key = server.administrator()
        headers = {"Authorization": f"Bearer {key}"}
        copy = pathlib.Path(folder) / "copy.db"
        server.stop()
        shutil.copy(next(server.data.glob("*.db")), copy)
        server.start()
        texts = pathlib.Path(folder) / "sql.json"
        texts.write_text(json.dumps(statements()))
        with measure.peer("page.mjs", copy, texts) as (origin, pid):
            ours_shown, ours_bytes = names(server.origin + PATH, headers)
            peer_shown, peer_bytes = names(origin + PATH, {})
            if ours_shown != peer_shown or not 0.7 < ours_bytes / peer_bytes < 1.4:
                raise RuntimeError(f"the two answers differ: {ours_bytes} and {peer_bytes} bytes")
            ours, peer = measure.alternate(
                lambda: 1e6 / measure.wrk(server.origin + PATH, server.process.pid,
                                          headers=[f"Authorization: Bearer {key}"])[1],
                lambda: 1e6 / measure.wrk(origin + PATH, pid)[1])
    return [measure.row("page_read", "requests a CPU second, 20 models", ours, peer,
                        "Fastify + better-sqlite3", 5, at_most=False)]
