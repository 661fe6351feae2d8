// Asks a running Gradus with Algolia's own clients, as DocSearch and InstantSearch do, and fails where an answer is not
// what their front ends need. Usage: node ask.mjs URL TOKEN, the token of a reader with the `pro` entitlement.

import assert from "node:assert/strict";
import { algoliasearch } from "algoliasearch";
import { liteClient } from "algoliasearch/lite";
import algoliasearch4 from "algoliasearch-4";
import algoliasearchHelper from "algoliasearch-helper";

const [url, token] = process.argv.slice(2);
const { host } = new URL(url);
const hosts = [{ url: host, protocol: "http", accept: "readWrite" }];
const client = algoliasearch("any-app", "any-key", { hosts });
const lite = liteClient("any-app", "any-key", { hosts });
const version4 = algoliasearch4("any-app", "any-key", { hosts: [{ url: host, protocol: "http", accept: 3 }] });

// What DocSearch 3 sends.
const DOCSEARCH = {
  attributesToRetrieve: [...[0, 1, 2, 3, 4, 5, 6].map((level) => `hierarchy.lvl${level}`), "content", "type", "url"],
  attributesToSnippet: [...[1, 2, 3, 4, 5, 6].map((level) => `hierarchy.lvl${level}:10`), "content:10"],
  snippetEllipsisText: "…",
  highlightPreTag: "<mark>",
  highlightPostTag: "</mark>",
  hitsPerPage: 20,
  clickAnalytics: false,
};

const checks = {
  async "DocSearch finds its groups, parents and snippets"() {
    const { results } = await lite.search({ requests: [{ indexName: "docs", query: "kv cache", ...DOCSEARCH }] });
    const [{ hits, nbHits }] = results;
    assert.ok(nbHits >= 2 && hits.length > nbHits, `${nbHits} pages, ${hits.length} records`);
    for (const hit of hits) {
      assert.match(hit.type, /^(lvl[1-6]|content)$/);
      assert.equal(typeof hit._highlightResult.hierarchy.lvl0.value, "string");
      assert.equal(typeof hit._snippetResult.hierarchy.lvl1.value, "string");
      assert.deepEqual(Object.keys(hit.hierarchy), [0, 1, 2, 3, 4, 5, 6].map((level) => `lvl${level}`));
      assert.equal(hit.url_without_anchor, undefined);
      if (hit.type !== "lvl1") {
        const parent = hits.find((other) => other.type === "lvl1" && other.hierarchy.lvl1 === hit.hierarchy.lvl1);
        assert.ok(parent, `${hit.objectID} has no parent`);
        assert.ok(hit.url.startsWith(`${parent.url}#`));
      }
    }
    const section = hits.find((hit) => hit.objectID === "serving#kv-cache");
    assert.equal(section.type, "lvl2");
    assert.deepEqual([section.hierarchy.lvl0, section.hierarchy.lvl1, section.hierarchy.lvl2], ["Inference", "Serving", "KV cache"]);
    assert.equal(section._snippetResult.hierarchy.lvl2.value, "<mark>KV</mark> <mark>cache</mark>");
    assert.match(section._snippetResult.content.value, /<mark>/);
    assert.doesNotMatch(section._snippetResult.content.value, /<b>/);
    assert.equal(new Set(hits.map((hit) => hit.objectID)).size, hits.length);
  },

  async "version 5 asks one index, many, and by urlencoded parameters"() {
    const searchParams = { query: "kv cache", hitsPerPage: 1, page: 0 };
    const one = await client.searchSingleIndex({ indexName: "docs", searchParams });
    assert.equal(one.index, "docs");
    assert.equal(one.query, "kv cache");
    assert.equal(one.hitsPerPage, 1);
    assert.equal(one.nbPages, one.nbHits);
    const requests = [
      { indexName: "a", ...searchParams },
      { indexName: "b", params: "query=kv%20cache&hitsPerPage=1&page=0" },
    ];
    const { results } = await client.search({ requests });
    assert.deepEqual(results.map((result) => result.index), ["a", "b"]);
    for (const result of results) assert.deepEqual(result.hits, one.hits);
  },

  async "version 4 asks the same and gets the same"() {
    const parameters = { hitsPerPage: 5, facets: ["*"] };
    const [old, now] = await Promise.all([
      version4.search([{ indexName: "docs", query: "memory", params: parameters }]),
      client.search({ requests: [{ indexName: "docs", query: "memory", ...parameters }] }),
    ]);
    assert.ok(old.results[0].nbHits > 0);
    assert.deepEqual(old.results[0].hits, now.results[0].hits);
    assert.deepEqual(old.results[0].facets, now.results[0].facets);
    const { hits } = await version4.initIndex("docs").search("memory", { hitsPerPage: 5 });
    assert.deepEqual(hits, old.results[0].hits);
  },

  async "pages part the hits"() {
    const ids = [];
    let nbPages = 1;
    for (let page = 0; page < nbPages; page++) {
      const searchParams = { query: "", hitsPerPage: 1, page, distinct: true };
      const answer = await client.searchSingleIndex({ indexName: "docs", searchParams });
      nbPages = answer.nbPages;
      ids.push(...answer.hits.map((hit) => hit.objectID));
    }
    assert.deepEqual(ids.sort(), ["concept:kv-cache", "guide:paid", "guide:serving", "guide:training"]);
  },

  async "InstantSearch refines by several values of a facet and counts the others"() {
    const helper = algoliasearchHelper(lite, "docs", { disjunctiveFacets: ["category"], facets: ["kind"], hitsPerPage: 5 });
    helper.setQuery("memory").addDisjunctiveFacetRefinement("category", "Inference");
    const { results } = await new Promise((resolve, reject) => {
      helper.on("result", resolve);
      helper.on("error", ({ error }) => reject(error));
      helper.search();
    });
    const values = results.getFacetValues("category", { sortBy: ["name:asc"] });
    assert.deepEqual(values.map(({ name, isRefined }) => [name, isRefined]), [["Inference", true], ["Training", false]]);
    assert.ok(results.hits.every((hit) => hit.hierarchy.lvl0 === "Inference") && results.nbHits > 0);
    assert.equal(results.getFacetValues("kind").length, 1);
  },

  async "values of facets can be searched"() {
    const searchForFacetValuesRequest = { facetQuery: "mem", maxFacetHits: 5 };
    const { facetHits } = await client.searchForFacetValues({ indexName: "docs", facetName: "tags", searchForFacetValuesRequest });
    assert.deepEqual(facetHits, [{ value: "memory", highlighted: "<em>mem</em>ory", count: 2 }]);
  },

  async "errors arrive as Algolia's errors"() {
    const ask = (searchParams) => client.searchSingleIndex({ indexName: "docs", searchParams });
    for (const [searchParams, message] of [
      [{ query: "kv", facetFilters: ["colour:red"] }, /no facet 'colour'/],
      [{ query: "kv", facets: ["docusaurus_tag"] }, /contextualSearch/],
      [{ query: "kv", hitsPerPage: 5000 }, /limit of 100/],
      [{ query: "k".repeat(1001) }, /1001 characters/],
    ]) {
      await assert.rejects(ask(searchParams), (error) => error.status === 400 && message.test(error.message));
    }
  },

  async "a bearer token decides what is found, and a wrong one is refused"() {
    const ask = (authorization) =>
      client.searchSingleIndex(
        { indexName: "docs", searchParams: { query: "zqxlocked" } },
        authorization ? { headers: { authorization } } : undefined,
      );
    assert.equal((await ask()).nbHits, 0);
    const { hits } = await ask(`Bearer ${token}`);
    assert.match(JSON.stringify(hits), /<em>zqxlocked<\/em>/);
    await assert.rejects(ask("Bearer nonsense"), (error) => error.status === 401);
  },
};

for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    console.log(`ok ${name}`);
  } catch (error) {
    console.error(`FAILED ${name}`);
    throw error;
  }
}
