"""Reads the exports of a folder with tools of their own worlds and compares their counts with `status.json`."""

import csv
import json
import sys
import tempfile
from collections import Counter
from pathlib import Path

import networkx
import pandas
from anki.collection import Collection
from anki.import_export_pb2 import ImportCsvRequest
from markdown_it import MarkdownIt
from rdflib import RDF, Graph, Namespace
from rdflib.namespace import SKOS

BASE = "http://localhost/"
GRADUS = Namespace("urn:gradus:vocabulary:")
SCHEMA = Namespace("https://schema.org/")

folder = Path(sys.argv[1])
counts = json.loads((folder / "status.json").read_text())["counts"]
relations = Counter(counts["relations"])
n_pages = sum(counts["kinds"].values())


def expect(what, told, expected):
    if told != expected:
        sys.exit(f"{what}: {told}, not {expected}"[:2000])


def statements(graph, what):
    """Every edge of `status.json` is a statement with a term of ours."""
    n = Counter()
    for term in [*relations, "recommends"]:
        name = {"part_of": "partOf", "improves_on": "improvesOn"}.get(term, term)
        n[term] = sum(1 for _ in graph.triples((None, GRADUS[name], None)))
    expect(f"{what} recommends", n["recommends"], counts["recommended"])
    needs = n["requires"] + n["assumes"] + n["recommends"]
    expect(f"{what} prerequisites", needs, relations["requires"] + relations["assumes"])
    for term in relations.keys() - {"requires", "assumes"}:
        expect(f"{what} {term}", n[term], relations[term])


def read_rdf():
    turtle = Graph().parse(folder / "all.turtle", format="turtle", publicID=BASE)
    linked = Graph().parse(folder / "all.jsonld", format="json-ld", publicID=BASE)
    for what, graph in [("turtle", turtle), ("jsonld", linked)]:
        statements(graph, what)
        expect(f"{what} teaches", len(list(graph.triples((None, SCHEMA.teaches, None)))), relations["teaches"])
    expect("skos:Concept", len(set(turtle.subjects(RDF.type, SKOS.Concept))), counts["kinds"]["concept"])
    expect("schema:DefinedTerm", len(set(linked.subjects(RDF.type, SCHEMA.DefinedTerm))), counts["kinds"]["concept"])
    resources = set(turtle.subjects(RDF.type, SCHEMA.LearningResource))
    expect("schema:LearningResource", len(resources), counts["kinds"]["guide"])
    expect("schema:LearningResource in JSON-LD", len(set(linked.subjects(RDF.type, SCHEMA.LearningResource))), n_pages)
    expect("names", set(turtle.subjects(SKOS.inScheme)), set(linked.subjects(SCHEMA.inDefinedTermSet)))
    # What SKOS itself asks for: one label a language, none of two kinds, and nothing related that is broader.
    for concept in turtle.subjects(RDF.type, SKOS.Concept):
        labels = list(turtle.objects(concept, SKOS.prefLabel))
        expect(f"labels of {concept}", len(labels), 1)
        expect(f"other labels of {concept}", set(labels) & set(turtle.objects(concept, SKOS.altLabel)), set())
        broader = set(turtle.transitive_objects(concept, SKOS.broader)) - {concept}
        expect(f"related of {concept}", broader & set(turtle.objects(concept, SKOS.related)), set())
    print(f"rdflib: {len(turtle)} statements of Turtle, {len(linked)} of JSON-LD")


def read_graphs():
    graph = networkx.read_graphml(folder / "all.graphml", force_multigraph=True)
    expect("graphml nodes", graph.number_of_nodes(), n_pages)
    told = Counter(relation for _, _, relation in graph.edges(data="relation"))
    expect("graphml edges", told, relations)
    print(f"networkx: {graph.number_of_nodes()} nodes, {graph.number_of_edges()} edges")

    canvas = json.loads((folder / "all.canvas").read_text())
    ids = {card["id"] for card in canvas["nodes"]}
    expect("canvas cards", (len(ids), len(canvas["nodes"])), (n_pages, n_pages))
    drawn = relations["requires"] + relations["assumes"] + relations["teaches"]
    expect("canvas arrows", len(canvas["edges"]), drawn)
    for card in canvas["nodes"]:
        assert card["type"] == "text" and all(isinstance(card[name], int) for name in ["x", "y", "width", "height"]), card
    for arrow in canvas["edges"]:
        assert {arrow["fromNode"], arrow["toNode"]} <= ids, arrow


def read_rows():
    rows = pandas.read_csv(folder / "all.csv")
    expect("csv", Counter(rows["relation"]), relations)
    print(f"pandas: {len(rows)} rows")
    kinds = Counter(json.loads(line)["kind"] for line in (folder / "all.jsonl").read_text().splitlines())
    expect("jsonl", {kind: kinds[kind] for kind in counts["kinds"]}, counts["kinds"])
    expect("jsonl edges", kinds["edge"], relations.total())


def read_notes():
    path = folder / "all.anki"
    notes = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    with tempfile.TemporaryDirectory() as place:
        collection = Collection(str(Path(place) / "collection.anki2"))
        for expected in [(len(notes), 0), (0, 0)]:
            metadata = collection.get_csv_metadata(path=str(path), delimiter=None)
            log = collection.import_csv(ImportCsvRequest(path=str(path), metadata=metadata)).log
            expect("notes new and conflicting", (len(log.new), len(log.conflicting)), expected)
            expect("notes without a front", len(log.empty_first_field), 0)
        expect("notes", collection.note_count(), len(notes))
        for note in map(collection.get_note, collection.find_notes("")):
            assert all(note.fields), note.fields
            assert any(tag.startswith("gradus::") for tag in note.tags), note.tags
        collection.close()
    print(f"anki: {len(notes)} notes, and none more when they are imported again")


def read_checklist():
    tokens = MarkdownIt().parse((folder / "all.checklist").read_text())
    links = [child for token in tokens for child in token.children or [] if child.type == "link_open"]
    expect("checklist", len(links), n_pages)
    print(f"markdown-it: {len(links)} links")


csv.field_size_limit(sys.maxsize)
read_rdf()
read_graphs()
read_rows()
read_notes()
read_checklist()
