//! Every limit, with its unit and its reason.

use std::time::Duration;

/// Characters of a search query: longer ones are pasted by accident, and matching cost grows with the words.
pub const QUERY_CHARS: usize = 1_000;
/// Items of a page of results: what a person scrolls through and a snippet is cut for.
pub const PAGE_ITEMS: usize = 100;
/// Items of a page of results where the request does not say.
pub const DEFAULT_PAGE_ITEMS: usize = 20;
/// Suggestions: a drop-down shows no more.
pub const SUGGESTIONS: usize = 20;
/// Related pages in one answer.
pub const RELATED_ITEMS: usize = 50;
/// Paths in one answer: each is found by a search of its own.
pub const PATHS: usize = 10;
/// Steps away from the centre of a neighbourhood: further out nearly everything is near.
pub const GRAPH_DEPTH: u32 = 5;
/// Pages of a neighbourhood: what a picture can still show.
pub const GRAPH_PAGES: usize = 500;
/// Pages of a neighbourhood where the request does not say.
pub const DEFAULT_GRAPH_PAGES: usize = 30;
/// Pages of a closure: one hub concept of a large corpus pulls in most of the graph.
pub const CLOSURE_PAGES: usize = 10_000;
/// Pages on either side of a concept that a search counts: few concepts need as many, and a search must not take longer
/// for those that do.
pub const BRIEF_PAGES: usize = 1_000;
/// Concepts told of one topic: what a map can unfold.
pub const TOPIC_CONCEPTS: usize = 500;
/// Topics told beside one topic: what a map can draw lines to.
pub const NEAR_TOPICS: usize = 50;
/// Targets and known concepts in one request.
pub const REFERENCES: usize = 5_000;
/// Pages that a refusal suggests where a name may mean several.
pub const CANDIDATES: usize = 20;
/// Parts, divided by commas, that a name in a list may have.
pub const NAME_PARTS: usize = 8;
/// Minutes of a budget: a year.
pub const BUDGET_MINUTES: u32 = 525_600;
/// Pages that each signal of relatedness may name: far more than any answer holds.
pub const RELATED_CANDIDATES: usize = 100;
/// Pages of each kind whose links teach what the signals weigh: their number bounds what a load spends on it.
pub const RELATED_SAMPLES: usize = 100;
/// Bytes of a request body: a batch of 100 long paths and a plan with thousands of known concepts fit.
pub const BODY_BYTES: usize = 1 << 20;
/// Requests in one batch: a site build asks for its pages in bundles of this size.
pub const BATCH_REQUESTS: usize = 100;
/// Queries in one request of Algolia's protocol: what Algolia takes.
pub const ALGOLIA_QUERIES: usize = 50;
/// Requests answered at one time; the next one gets 503 at once rather than a place in a queue that only grows.
pub const CONCURRENT_REQUESTS: usize = 512;
/// Exports written at one time: each holds a thread for as long as its client reads.
pub const CONCURRENT_EXPORTS: usize = 8;
/// Time in which a client must take the next piece of an export; one that does not is cut off.
pub const EXPORT_STALL_TIME: Duration = Duration::from_secs(30);
/// Bytes of all answers of one batch: they are held together, and an export fits no memory.
pub const BATCH_ANSWER_BYTES: usize = 32 << 20;
/// Time for all answers of one batch.
pub const BATCH_TIME: Duration = Duration::from_secs(30);
/// Time for one answer, and for the body of a request to arrive.
pub const ANSWER_TIME: Duration = Duration::from_secs(10);
/// Time for open requests to end after a signal to stop.
pub const SHUTDOWN_TIME: Duration = Duration::from_secs(10);
/// Seconds after which an overloaded server asks to be tried again.
pub const RETRY_AFTER_SECS: u64 = 1;
/// Quiet time after a change on disk before a reload: editors and git touch many files in a burst.
pub const WATCH_QUIET: Duration = Duration::from_millis(200);
/// Texts of queries that are counted, and as many of queries without hits: far more than anybody reads, in under a megabyte.
pub const QUERY_TEXTS: usize = 2_000;
/// Characters of a text that is counted: longer ones are pasted, and may hold anything.
pub const QUERY_TEXT_CHARS: usize = 80;
/// Digits in a row, separators aside, of a text that is counted: years and versions fit, dates of birth, telephone and card
/// numbers do not.
pub const QUERY_DIGITS: usize = 6;
/// Times that a query must have been asked before its text is shown: what fewer ask may tell who they are.
pub const QUERY_MIN_COUNT: u64 = 5;
/// Quiet time after which a query is taken to be typed to its end.
pub const QUERY_QUIET: Duration = Duration::from_secs(3);
/// Queries that wait for their next key: the readers who type at one moment.
pub const QUERIES_SETTLING: usize = 64;
/// Queries that wait to be counted: a burst between two chances to count them.
pub const QUERY_BACKLOG: usize = 1_024;
/// Queries in one answer of the admin API.
pub const REPORTED_QUERIES: usize = 1_000;
/// Queries in one answer of the admin API where the request does not say.
pub const DEFAULT_REPORTED_QUERIES: usize = 100;
/// Diagnostics in one answer of the admin API.
pub const DIAGNOSTICS: usize = 10_000;
