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
/// Pairs of pages of one kind that are looked at for prerequisites beside those in which one names the other: of a few hundred
/// pages all that read alike.
pub const PROPOSAL_PAIRS: usize = 60_000;
/// Nearest pages of each page that are looked at, however many pages there are.
pub const NEAREST_PAGES: usize = 20;
/// Bytes of a request body: a batch of 100 long paths and a plan with thousands of known concepts fit.
pub const BODY_BYTES: usize = 1 << 20;
/// Requests in one batch: a site build asks for its pages in bundles of this size.
pub const BATCH_REQUESTS: usize = 100;
/// Queries in one request of Algolia's protocol: what Algolia takes.
pub const ALGOLIA_QUERIES: usize = 50;
/// Hits of all queries of one request of Algolia's protocol: each is some records with many texts, and they are held together.
pub const ALGOLIA_HITS: usize = 1_000;
/// Short questions that wait at one time: what a burst of all readers of a large site brings.
pub const WAITING_SHORT: usize = 1_024;
/// Questions that may take long answered at one time, for each core: two, so that one that waits for memory keeps none idle.
pub const LONG_A_CORE: usize = 2;
/// Questions that may take long that wait at one time.
pub const WAITING_LONG: usize = 128;
/// Batches answered at one time, for each core: each holds its answers together.
pub const BATCHES_A_CORE: usize = 2;
/// Batches that wait at one time: a site build asks for some at once.
pub const WAITING_BATCHES: usize = 64;
/// Bytes of bodies that wait to be read, all requests together, at most.
pub const BODIES_BYTES: usize = 64 << 20;
/// Exports written at one time: each holds a thread for as long as its client reads.
pub const CONCURRENT_EXPORTS: usize = 8;
/// Time in which a client must take the next piece of an export; one that does not is cut off.
pub const EXPORT_STALL_TIME: Duration = Duration::from_secs(30);
/// Bytes of all answers of one batch: they are held together, and an export fits no memory.
pub const BATCH_ANSWER_BYTES: usize = 32 << 20;
/// Time in which work that is called off comes to its next checkpoint, by far.
pub const CHECKPOINT_TIME: Duration = Duration::from_millis(500);
/// Time for all answers of one batch.
pub const BATCH_TIME: Duration = Duration::from_secs(30);
/// Time in which most questions are answered that may take long: they are tried for so long before another thread is given to them.
/// What takes longer is begun anew, so that it costs so much more.
pub const TRY_TIME: Duration = Duration::from_millis(1);
/// Time for one answer, and for the body of a request to arrive.
pub const ANSWER_TIME: Duration = Duration::from_secs(10);
/// Time for open requests to end after a signal to stop.
pub const SHUTDOWN_TIME: Duration = Duration::from_secs(10);
/// Seconds after which an overloaded server asks to be tried again.
pub const RETRY_AFTER_SECS: u64 = 1;
/// Quiet time after a change on disk before a reload: editors and git touch many files in a burst.
pub const WATCH_QUIET: Duration = Duration::from_millis(200);
/// Time between two looks at what no change on disk is told of: where links lead, and whether the source is still there.
pub const WATCH_LOOK: Duration = Duration::from_secs(1);
/// Time between two comparisons of the whole content while no changes are told at all.
pub const WATCH_COMPARE: Duration = Duration::from_secs(5);
/// Loads that an operator may have asked for at one time: each takes its turn, and more would only do the same again.
pub const RELOADS: usize = 4;
/// Time after which the admin listener answers a wrong token: guessing is to be slow.
pub const WRONG_TOKEN_TIME: Duration = Duration::from_secs(1);
/// Texts of queries that are counted, and as many of queries without hits: far more than anybody reads, in under a megabyte.
pub const QUERY_TEXTS: usize = 2_000;
/// Pages of a site on which pages for people show what the texts speak for though nobody has asked: it takes about a second.
pub const UNASKED_INFERENCE_PAGES: usize = 2_000;
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
/// Bytes of the head of a request, its URL among them: longer lists go into a body. Each connection may keep as many.
pub const HEAD_BYTES: usize = 32 << 10;
/// Time for the head of a request to arrive: a person on a bad line needs a second.
pub const HEAD_TIME: Duration = Duration::from_secs(10);
/// Time between two requests of a connection: reverse proxies keep theirs for a minute.
pub const IDLE_TIME: Duration = Duration::from_secs(75);
/// Connections at most, however many files and however much memory there is.
pub const CONNECTIONS: usize = 16_384;
/// Bytes that a connection may take: its head, what it is answered, and the two tasks.
pub const CONNECTION_BYTES: u64 = 64 << 10;
/// Requests of an HTTP/2 connection that are open at one time: a browser asks for some dozens.
pub const HTTP2_STREAMS: u32 = 64;
/// Time after which a silent HTTP/2 connection is asked whether somebody is there, and for the answer.
pub const HTTP2_PING_TIME: Duration = Duration::from_secs(20);
/// Of the memory that the content leaves below the ceiling, the share that may be full before work is turned away: what is
/// being done already needs the rest.
pub const MEMORY_FILL_PERCENT: u64 = 70;
/// Time for which memory may be short before what is taken counts as taken for ever: longer than anything runs.
pub const FULL_TIME: Duration = Duration::from_secs(35);
/// Bytes of memory with which something can be served at all.
pub const LEAST_MEMORY: u64 = 32 << 20;
