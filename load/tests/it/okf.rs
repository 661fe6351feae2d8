//! Bundles of the Open Knowledge Format.

use gradus_corpus::{Kind, Relation};
use gradus_load::Generator;

use crate::given::loaded;

const BUNDLE: &str = "\
=== index.md
---
okf_version: \"0.1\"
---
# Bundle

* [Orders](tables/orders.md) - One row an order.
=== log.md
# 2026-05-28

Written.
=== tables/index.md
# Tables
=== tables/orders.md
---
type: BigQuery Table
title: Customer Orders
description: One row per order.
resource: https://console.example/orders
tags: [sales]
timestamp: 2026-05-28T14:30:00Z
---
# Schema

Joined with [customers](/tables/customers.md) and [the metric](../metrics/revenue.md).
=== tables/customers.md
---
type: BigQuery Table
---
One row per customer.
=== metrics/revenue.md
---
type: Metric
generated: { by: human:a, at: 2026-04-12T09:00:00Z }
---
Sum of [orders](/tables/orders.md).
";

#[test]
fn every_file_is_a_concept_and_links_are_edges() {
    let found = loaded(BUNDLE);
    assert_eq!(found.site.generator, Generator::Okf);
    let pages: Vec<String> = found.corpus.pages().map(|(_, page)| page.id()).collect();
    assert_eq!(pages, ["concept:metrics~revenue", "concept:tables~customers", "concept:tables~orders"]);
    let orders = found.corpus.page(found.corpus.find(Kind::Concept, "tables~orders").unwrap());
    assert_eq!((&*orders.title, orders.category.as_deref()), ("Customer Orders", Some("BigQuery Table")));
    assert_eq!(orders.sources[0].url.as_deref(), Some("https://console.example/orders"));
    assert!(orders.updated.as_deref().unwrap().starts_with("2026-05-28"));
    let edges: Vec<String> = found
        .corpus
        .edges()
        .filter(|edge| edge.relation == Relation::Links)
        .map(|edge| [edge.from, edge.to].map(|id| found.corpus.page(id).slug.to_string()).join(" "))
        .collect();
    assert_eq!(
        edges,
        ["metrics~revenue tables~orders", "tables~orders metrics~revenue", "tables~orders tables~customers"]
    );
    let broken = found.diagnostics.iter().find(|told| told.code.as_str() == "G007");
    assert!(broken.is_none(), "{broken:?}");
}

#[test]
fn bundles_are_told_from_folders_of_typed_pages() {
    let bare = BUNDLE.replace("---\nokf_version: \"0.1\"\n---\n", "");
    assert_eq!(loaded(&bare).site.generator, Generator::Okf);
    for text in [
        BUNDLE.replace("okf_version", "version"),
        bare.replace("=== log.md", "=== news.md"),
        bare.replace("type: Metric\n", ""),
    ] {
        assert_eq!(loaded(&text).site.generator, Generator::Plain, "{text}");
    }
}
