"""The engines of the race: each is started on the same content, asked a few questions to compare, then many to time."""

import contextlib
import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import time
import urllib.parse
import urllib.request

import rustworkx
import tantivy

CLIENTS = 8


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fetch(url, accept="application/json"):
    request = urllib.request.Request(url, headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read()


class Server:
    """A process that answers over HTTP, asked by wrk with `CLIENTS` connections."""

    def __init__(self, folder, command, port, ready):
        self.folder, self.base = folder, f"http://127.0.0.1:{port}"
        self.log = open(folder / f"{self.name}.log", "w", encoding="utf-8")
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log)
        started = time.monotonic()
        while True:
            with contextlib.suppress(OSError):
                fetch(self.base + ready, "*/*")
                return
            if self.process.poll() is not None or time.monotonic() - started > 300:
                raise SystemExit(f"{self.name} does not start: see {self.log.name}")
            time.sleep(0.1)

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def per_second(self, paths, seconds, headers=()):
        """Answers a second; an error in any of them ends the race."""
        script = self.folder / f"{self.name}.lua"
        quoted = ", ".join(json.dumps(path) for path in paths)
        script.write_text(
            f"local paths = {{{quoted}}}\nlocal at = 0\n"
            'request = function()\n  at = at % #paths + 1\n  return wrk.format("GET", paths[at])\nend\n'
        )
        wrk = ["wrk", "-t1", f"-c{CLIENTS}", f"-d{seconds}s", "-s", str(script), "--timeout", "30s"]
        wrk += [part for header in headers for part in ("-H", header)]
        said = subprocess.run([*wrk, self.base], check=True, capture_output=True, text=True).stdout
        if "Non-2xx" in said or "Socket errors" in said:
            raise SystemExit(f"{self.name} answers with errors:\n{said}")
        return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])


class Gradus(Server):
    name = "gradus"

    def __init__(self, folder, texts, work, binary):
        self.ids, port = work.ids, free_port()
        at, admin = f"127.0.0.1:{port}", f"127.0.0.1:{free_port()}"
        super().__init__(folder, [binary, "serve", texts, "--listen", at, "--admin-listen", admin], port, "/readyz")

    def closure_path(self, target, fields="?fields=items.id"):
        return f"/v1/concepts/{self.ids[target]}/prerequisites{fields}"

    def path_path(self, need, target):
        return f"/v1/path?from={self.ids[need]}&to={self.ids[target]}"

    def closure(self, target):
        items = json.loads(fetch(self.base + self.closure_path(target)))["items"]
        return {item["id"].removeprefix("concept:") for item in items}

    def reaches(self, need, target):
        return json.loads(fetch(self.base + self.path_path(need, target)))["found"]

    def found(self, query):
        path = "/v1/search?fields=items.id&limit=10&q=" + urllib.parse.quote_plus(query)
        return [item["id"].removeprefix("concept:") for item in json.loads(fetch(self.base + path))["items"]]

    def asked(self, question, work):
        paths = {
            "closure": [self.closure_path(target) for target in work.targets],
            "closure, whole": [self.closure_path(target, "") for target in work.targets],
            "path": [self.path_path(*pair) for pair in work.pairs],
            "related": [f"/v1/concepts/{self.ids[target]}/related" for target in work.targets],
        }
        kind = question.removeprefix("search, ")
        paths[question] = paths.get(question) or [
            "/v1/search?limit=10&q=" + urllib.parse.quote_plus(query) for of, _, query in work.queries if of == kind
        ]
        return paths[question]

    def rate(self, question, work, seconds):
        return self.per_second(self.asked(question, work), seconds)

    def mean_bytes(self, question, work):
        """The mean length of an answer without compression."""
        paths = self.asked(question, work)[:200]
        return sum(len(fetch(self.base + path)) for path in paths) // len(paths)


class Floor(Server):
    """The web framework alone: a fixed answer of a given length."""

    name = "floor"

    def __init__(self, folder, binary):
        port = free_port()
        super().__init__(folder, [binary, f"127.0.0.1:{port}"], port, "/1")

    def rate_of(self, n_bytes, seconds):
        return self.per_second([f"/{n_bytes}"], seconds)


class Oxigraph(Server):
    name = "oxigraph"

    def __init__(self, folder, work, binary):
        triples, store, port = folder / "edges.nt", folder / "oxigraph", free_port()
        with open(triples, "w", encoding="utf-8") as out:
            for page, need in work.edges:
                out.write(f"<urn:c:{page}> <urn:r> <urn:c:{need}> .\n")
        shutil.rmtree(store, ignore_errors=True)
        load = [binary, "load", "--location", store, "--file", triples]
        subprocess.run(load, check=True, capture_output=True)
        subprocess.run([binary, "optimize", "--location", store], check=True, capture_output=True)
        command = [binary, "serve-read-only", "--location", store, "--bind", f"127.0.0.1:{port}"]
        super().__init__(folder, command, port, "/")

    def closure_path(self, target):
        return "/query?query=" + urllib.parse.quote(f"SELECT ?p WHERE {{ <urn:c:{target}> <urn:r>+ ?p }}")

    def path_path(self, need, target):
        return "/query?query=" + urllib.parse.quote(f"ASK {{ <urn:c:{target}> <urn:r>+ <urn:c:{need}> }}")

    def ask(self, path):
        return json.loads(fetch(self.base + path, "application/sparql-results+json"))

    def closure(self, target):
        rows = self.ask(self.closure_path(target))["results"]["bindings"]
        return {int(row["p"]["value"].removeprefix("urn:c:")) for row in rows} - {target}

    def reaches(self, need, target):
        return self.ask(self.path_path(need, target))["boolean"]

    def rate(self, question, work, seconds):
        paths = {
            "closure": [self.closure_path(target) for target in work.targets],
            "path": [self.path_path(*pair) for pair in work.pairs],
        }
        return self.per_second(paths[question], seconds, ["Accept: application/sparql-results+json"])


RECURSIVE = """WITH RECURSIVE c(n) AS (SELECT need FROM edges WHERE page = {target}
  UNION SELECT e.need FROM c JOIN edges e ON e.page = c.n)"""


class Postgres:
    """Asked by pgbench with prepared statements and `CLIENTS` connections."""

    name = "postgresql"

    def __init__(self, folder, work):
        self.data, self.port, self.folder = folder / "postgres", free_port(), folder
        self.bin = subprocess.run(["pg_config", "--bindir"], check=True, capture_output=True, text=True).stdout.strip()
        # PostgreSQL refuses to run as root.
        self.user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(parents=True)
        if self.user:
            shutil.chown(self.data, "postgres")
        self.run("initdb", "-D", self.data, "-A", "trust", "-U", "race")
        options = f"-p {self.port} -k {self.data} -c shared_buffers=1GB -c fsync=off"
        self.run("pg_ctl", "-D", self.data, "-w", "-l", self.data / "log", "-o", options, "start")
        texts = [(idx, page["title"], page["description"]) for idx, page in enumerate(work.pages)]
        self.sql(
            "CREATE TABLE pages (n int PRIMARY KEY, title text, description text);"
            "CREATE TABLE edges (page int, need int);"
            "CREATE TABLE asked (i int PRIMARY KEY, need int, target int);"
            "CREATE TABLE queries (kind text, i int, q text, PRIMARY KEY (kind, i));"
        )
        self.copy("pages", texts)
        self.copy("edges", work.edges)
        self.copy("asked", [(i, *pair) for i, pair in enumerate(work.pairs)])
        kinds = {kind: [query for of, _, query in work.queries if of == kind] for kind in ("exact", "prefix", "typo")}
        self.copy("queries", [(kind, i, query) for kind, queries in kinds.items() for i, query in enumerate(queries)])
        self.n_queries = len(kinds["exact"])
        self.sql(
            "CREATE INDEX ON edges (page) INCLUDE (need);"
            "ALTER TABLE pages ADD words tsvector GENERATED ALWAYS AS (to_tsvector('english', title || ' ' || description)) STORED;"
            "CREATE INDEX ON pages USING gin (words);"
        )
        self.sql("VACUUM ANALYZE;")

    def run(self, program, *given, stdin=None):
        command = [*self.user, f"{self.bin}/{program}", *map(str, given)]
        said = subprocess.run(command, input=stdin, capture_output=program != "pg_ctl", text=True, cwd="/")
        if said.returncode != 0:
            raise SystemExit(f"{program} fails: {said.stderr}")
        return said.stdout

    def sql(self, text):
        at = ("-h", self.data, "-p", self.port, "-U", "race", "-d", "postgres")
        return self.run("psql", *at, "-qAt", "-v", "ON_ERROR_STOP=1", "-f", "-", stdin=text)

    def copy(self, table, rows):
        clean = [re.sub(r"[\\\t\n\r]", " ", str(cell)) for row in rows for cell in row]
        width = len(rows[0])
        lines = ["\t".join(clean[at : at + width]) for at in range(0, len(clean), width)]
        columns = {"pages": "(n, title, description)"}.get(table, "")
        self.sql(f"COPY {table} {columns} FROM stdin;\n" + "\n".join(lines) + "\n\\.\n")

    def closure(self, target):
        rows = self.sql(f"{RECURSIVE.format(target=target)} SELECT n FROM c;").split()
        return {int(row) for row in rows} - {target}

    def reaches(self, need, target):
        return self.sql(f"{RECURSIVE.format(target=target)} SELECT EXISTS (SELECT 1 FROM c WHERE n = {need});").strip() == "t"

    def script(self, question, work):
        asked = f"\\set i random(0, {len(work.pairs) - 1})\n"
        of = "(SELECT target FROM asked WHERE i = :i)"
        if question == "closure":
            return f"{asked}{RECURSIVE.format(target=of)} SELECT n FROM c;\n"
        if question == "path":
            found = "SELECT EXISTS (SELECT 1 FROM c WHERE n = (SELECT need FROM asked WHERE i = :i))"
            return f"{asked}{RECURSIVE.format(target=of)} {found};\n"
        # Neither unfinished nor mistyped words are what its full-text search is for.
        return (
            f"\\set i random(0, {self.n_queries - 1})\n"
            "SELECT n, title, description FROM pages, plainto_tsquery('english', (SELECT q FROM queries WHERE kind = 'exact' AND i = :i)) q"
            " WHERE words @@ q ORDER BY ts_rank(words, q) DESC, n LIMIT 10;\n"
        )

    def rate(self, question, work, seconds):
        script = self.folder / "postgres.sql"
        script.write_text(self.script(question, work))
        at = ("-h", self.data, "-p", self.port, "-U", "race")
        said = self.run("pgbench", *at, "-n", "-M", "prepared", "-c", CLIENTS, "-j", 1, "-T", seconds, "-f", script, "postgres")
        return float(re.search(r"tps = ([\d.]+)", said)[1])

    def stop(self):
        self.run("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop")


def each_second(ask, questions, seconds):
    """Questions a second of one thread that asks one after another."""
    started, n_asked = time.monotonic(), 0
    while time.monotonic() - started < seconds:
        ask(questions[n_asked % len(questions)])
        n_asked += 1
    return n_asked / (time.monotonic() - started)


class Rustworkx:
    """In this process, one thread, no server in between."""

    name = "rustworkx"

    def __init__(self, work):
        self.work = work

    def closure(self, target):
        return set(rustworkx.descendants(self.work.graph, target)) - {target}

    def reaches(self, need, target):
        return rustworkx.has_path(self.work.graph, target, need)

    def rate(self, question, work, seconds):
        if question == "closure":
            return each_second(self.closure, work.targets, seconds)
        return each_second(lambda pair: self.reaches(*pair), work.pairs, seconds)


class Sqlite:
    """In this process, one thread, no server in between; full text by FTS5."""

    name = "sqlite"

    def __init__(self, work):
        self.ids = work.ids
        self.db = sqlite3.connect(":memory:")
        self.db.execute("CREATE TABLE edges (page int, need int)")
        self.db.executemany("INSERT INTO edges VALUES (?, ?)", work.edges)
        self.db.execute("CREATE INDEX by_page ON edges (page, need)")
        self.db.execute("CREATE VIRTUAL TABLE pages USING fts5(title, description, tokenize = 'porter unicode61', prefix = '2 3')")
        rows = [(idx, page["title"], page["description"]) for idx, page in enumerate(work.pages)]
        self.db.executemany("INSERT INTO pages (rowid, title, description) VALUES (?, ?, ?)", rows)

    def closure(self, target):
        return {n for (n,) in self.db.execute(f"{RECURSIVE.format(target='?')} SELECT n FROM c", (target,))} - {target}

    def reaches(self, need, target):
        sql = f"{RECURSIVE.format(target='?')} SELECT EXISTS (SELECT 1 FROM c WHERE n = ?)"
        return bool(self.db.execute(sql, (target, need)).fetchone()[0])

    def found(self, query, is_prefix=False):
        words = [f'"{word}"' for word in query.split()]
        if is_prefix:
            words[-1] += "*"
        sql = "SELECT rowid, snippet(pages, 1, '', '', '', 30) FROM pages WHERE pages MATCH ? ORDER BY bm25(pages, 3, 1), rowid LIMIT 10"
        return [self.ids[row] for row, _ in self.db.execute(sql, (" ".join(words),))]

    def rate(self, question, work, seconds):
        if question == "closure":
            return each_second(self.closure, work.targets, seconds)
        if question == "path":
            return each_second(lambda pair: self.reaches(*pair), work.pairs, seconds)
        kind = question.removeprefix("search, ")
        queries = [query for of, _, query in work.queries if of == kind]
        return each_second(lambda query: self.found(query, kind == "prefix"), queries, seconds)


class Tantivy:
    """The library below Gradus by its own Python binding: in this process, one thread, BM25 alone; no snippets."""

    name = "tantivy"

    def __init__(self, work):
        schema = tantivy.SchemaBuilder()
        schema.add_text_field("title", tokenizer_name="en_stem")
        schema.add_text_field("description", tokenizer_name="en_stem")
        schema.add_text_field("id", stored=True, tokenizer_name="raw")
        self.index = tantivy.Index(schema.build())
        writer = self.index.writer()
        for page in work.pages:
            writer.add_document(tantivy.Document(title=page["title"], description=page["description"] or "", id=page["id"]))
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()
        self.searcher = self.index.searcher()

    def found(self, query, kind):
        distance = {"title": (False, 1, True), "description": (False, 1, True)} if kind == "typo" else {}
        boosts = {"title": 3.0, "description": 1.0}
        fields = ["title", "description"]
        parsed = self.index.parse_query(query, fields, field_boosts=boosts, fuzzy_fields=distance, conjunction_by_default=True)
        hits = self.searcher.search(parsed, 10).hits
        return [self.searcher.doc(at)["id"][0] for _, at in hits]

    def rate(self, question, work, seconds):
        kind = question.removeprefix("search, ")
        queries = [query for of, _, query in work.queries if of == kind]
        return each_second(lambda query: self.found(query, kind), queries, seconds)
