//! The scene of a row: engine, replicas, publishers and readers, and the account of what they saw.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use gradus_corpus::PublicationNumber;
use gradus_publication::{
    EtcdAccess, Preparation, Publication, PublicationError, PublicationFacts, PublicationStore, Register, StoreAddress,
    TreeBody,
};
use serde_json::Value;

use crate::engine::{Etcd, MemberPlace};
use crate::places::ScratchFolder;
use crate::process::ServerProcess;

const REPLICAS: usize = 3;
const PUBLISHERS: usize = 4;
const READERS: usize = 3;
/// Guides beside the two that readers compare.
const FILLERS: usize = 20;
/// Time between two publications of one publisher: replicas build each of them.
const PACE: Duration = Duration::from_millis(400);
/// Time in which replicas serve the newest publication once nobody publishes any more.
const CATCH_UP: Duration = Duration::from_secs(20);

/// Engine, replicas and where they lie.
pub(crate) struct Scene {
    pub(crate) etcd: Etcd,
    /// None where one is away.
    pub(crate) replicas: Mutex<Vec<Option<ServerProcess>>>,
    pub(crate) account: Account,
    pub(crate) folder: ScratchFolder,
}

/// What publishers and readers saw.
#[derive(Default)]
pub(crate) struct Account {
    /// What was acknowledged, and when.
    acknowledged: Mutex<Vec<(Publication, String, Instant)>>,
    /// What each publication showed to readers.
    shown: Mutex<BTreeMap<PublicationNumber, String>>,
    wrong: Mutex<Vec<String>>,
    /// Why publications were refused, by words.
    pub(crate) refused: Mutex<BTreeMap<String, usize>>,
    n_answers: AtomicUsize,
    n_waits: AtomicUsize,
    n_tokens: AtomicUsize,
    is_over: AtomicBool,
}

impl Account {
    fn note_wrong(&self, told: String) {
        self.wrong.lock().unwrap().push(told);
    }

    /// How many publications were acknowledged.
    pub(crate) fn n_acknowledged(&self) -> usize {
        self.acknowledged.lock().unwrap().len()
    }

    /// How many answers were read.
    pub(crate) fn n_answers(&self) -> usize {
        self.n_answers.load(Ordering::Relaxed)
    }

    /// The longest time without an acknowledged publication that ended after `since`.
    pub(crate) fn gap(&self, since: Instant) -> Duration {
        let times: Vec<Instant> = self.acknowledged.lock().unwrap().iter().map(|one| one.2).collect();
        let gaps = times.windows(2).filter(|pair| pair[1] > since).map(|pair| pair[1] - pair[0]);
        let last = times.last().map_or_else(|| since.elapsed(), Instant::elapsed);
        gaps.chain([last]).max().unwrap_or_default()
    }
}

/// The program: another build of it where `GRADUS_REPLICA_BINARY` names one.
pub(crate) fn program() -> PathBuf {
    std::env::var_os("GRADUS_REPLICA_BINARY").map_or_else(|| env!("CARGO_BIN_EXE_gradus").into(), PathBuf::from)
}

/// A server of what is published at `url`, which keeps it in `state`. It runs as `prefix` lets it.
pub(crate) fn replica(prefix: &[&str], url: &str, state: &std::path::Path) -> ServerProcess {
    let words: Vec<std::ffi::OsString> = prefix.iter().map(Into::into).chain([program().into_os_string()]).collect();
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).args(["serve", "--from", url, "--etcd-plaintext", "--state"]).arg(state);
    command.env("RUST_LOG", "info");
    ServerProcess::start(command)
}

/// The store at `url`.
pub(crate) fn store(url: &str) -> PublicationStore {
    let etcd = EtcdAccess { plaintext: true, ..EtcdAccess::default() };
    StoreAddress { register: url.to_owned(), blobs: None, channel: None, etcd }.open().unwrap()
}

/// Publishes content that shows `token`.
pub(crate) fn publish(store: &PublicationStore, token: &str) -> Result<Publication, PublicationError> {
    let mut preparation = Preparation::begin(store, false)?;
    for at in 0..2 + FILLERS {
        // The first two show the token: answers that hold both can be told from torn ones.
        let text = if at < 2 { token.to_owned() } else { format!("filler {at}") };
        let text = format!("---\ntitle: Guide {at}\nid: g{at}\n---\n# Guide {at}\n\nIt shows {text}.\n");
        preparation.add(&format!("docs/g{at}.md"), TreeBody::File(text.as_bytes()))?;
    }
    let prepared = preparation.finish("docs", 0, String::new())?;
    let (manifest, _) = prepared.put(store)?;
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let at = i64::try_from(since_1970.as_secs()).unwrap();
    prepared.advance(store, manifest, PublicationFacts { at, ..PublicationFacts::default() })
}

impl Scene {
    /// Three members of etcd in folders of their own, one publication and three replicas of it.
    pub(crate) fn new(name: &str) -> Self {
        Self::with(name, &[], |folder| {
            let place = |at: usize| MemberPlace {
                data: folder.join(&format!("e{at}")),
                host: "127.0.0.1".to_owned(),
                namespace: None,
            };
            (0..3).map(place).collect()
        })
    }

    /// The same with these flags of etcd and members at these places.
    pub(crate) fn with(name: &str, more: &[&str], places: impl FnOnce(&ScratchFolder) -> Vec<MemberPlace>) -> Self {
        let folder = ScratchFolder::new(name);
        let etcd = Etcd::start(places(&folder), more);
        let scene = Self { etcd, replicas: Mutex::default(), account: Account::default(), folder };
        let publication = publish(&scene.store(), "the beginning").unwrap();
        let acknowledged = (publication, "the beginning".to_owned(), Instant::now());
        scene.account.acknowledged.lock().unwrap().push(acknowledged);
        let replicas = (0..REPLICAS).map(|at| Some(scene.replica(at))).collect();
        *scene.replicas.lock().unwrap() = replicas;
        scene
    }

    pub(crate) fn url(&self) -> String {
        self.etcd.url("it")
    }

    pub(crate) fn store(&self) -> PublicationStore {
        store(&self.url())
    }

    fn replica(&self, at: usize) -> ServerProcess {
        replica(&[], &self.url(), &self.folder.join(&format!("r{at}")))
    }

    /// Kills a replica; readers go to the others.
    pub(crate) fn kill_replica(&self, at: usize) {
        let replica = self.replicas.lock().unwrap()[at].take();
        drop(replica);
    }

    /// Starts a replica on what it has kept, and gives the time until it serves.
    pub(crate) fn start_replica(&self, at: usize) -> Duration {
        let started = Instant::now();
        let replica = self.replica(at);
        let took = started.elapsed();
        self.replicas.lock().unwrap()[at] = Some(replica);
        took
    }

    /// Lets publishers publish and readers read while `fault` does what it does; then holds everything to account.
    ///
    /// # Errors
    /// With what `fault` says should not have been, and everything else that should not.
    pub(crate) fn play(
        mut self,
        fault: impl FnOnce(&mut Etcd, &Stage<'_>) -> Result<String, String>,
    ) -> Result<String, String> {
        let url = self.url();
        let Self { etcd, replicas, account, folder } = &mut self;
        let stage = Stage { replicas, account, url: &url, folder };
        let told = std::thread::scope(|scope| {
            for publisher in 0..PUBLISHERS {
                let stage = &stage;
                scope.spawn(move || stage.publish_on(publisher));
            }
            for reader in 0..READERS {
                let stage = &stage;
                scope.spawn(move || stage.read_on(reader));
            }
            let told = fault(etcd, &stage);
            stage.account.is_over.store(true, Ordering::Relaxed);
            told
        });
        // What broke off has left the engine as it was then.
        let told = told?;
        let counts = stage.settle()?;
        Ok(format!("{told}; {counts}"))
    }
}

/// What publishers and readers have before them.
pub(crate) struct Stage<'a> {
    pub(crate) replicas: &'a Mutex<Vec<Option<ServerProcess>>>,
    pub(crate) account: &'a Account,
    pub(crate) url: &'a str,
    pub(crate) folder: &'a ScratchFolder,
}

impl Stage<'_> {
    /// Lets things go on for a while.
    pub(crate) fn go_on(&self, millis: u64) {
        std::thread::sleep(Duration::from_millis(millis));
    }

    /// Waits until a publication is acknowledged, and gives the time that took.
    ///
    /// # Errors
    /// If it takes more than `patience`.
    pub(crate) fn next_acknowledged(&self, patience: Duration) -> Result<Duration, String> {
        let (started, before) = (Instant::now(), self.account.n_acknowledged());
        while self.account.n_acknowledged() == before {
            if started.elapsed() > patience {
                return Err(format!(
                    "nothing was published for {patience:?}: {:?}",
                    self.account.refused.lock().unwrap()
                ));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(started.elapsed())
    }

    fn is_over(&self) -> bool {
        self.account.is_over.load(Ordering::Relaxed)
    }

    fn publish_on(&self, publisher: usize) {
        let store = store(self.url);
        while !self.is_over() {
            let n = self.account.n_tokens.fetch_add(1, Ordering::Relaxed);
            let token = format!("token {publisher} {n} end");
            match publish(&store, &token) {
                Ok(publication) => {
                    self.account.acknowledged.lock().unwrap().push((publication, token, Instant::now()));
                    std::thread::sleep(PACE);
                }
                Err(PublicationError::Moved(_)) => {}
                Err(error @ (PublicationError::Unreachable { .. } | PublicationError::Unsettled { .. })) => {
                    *self.account.refused.lock().unwrap().entry(error.to_string()).or_default() += 1;
                }
                Err(error) => self.account.note_wrong(format!("a publisher was told: {error}")),
            }
        }
    }

    fn read_on(&self, reader: usize) {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(5)))
            .build()
            .into();
        let mut seen: Option<PublicationNumber> = None;
        let mut next = reader;
        while !self.is_over() {
            next += 1;
            let Some((status, number, body)) = self.ask(&agent, next, seen) else {
                self.account.note_wrong("no replica answered a reader".to_owned());
                continue;
            };
            match status {
                200 => seen = self.check(seen, number, &body).or(seen),
                // A replica that is behind says so, and a balancer goes on to the next one.
                503 if body.contains(" yet; try again soon") => {
                    self.account.n_waits.fetch_add(1, Ordering::Relaxed);
                }
                _ => self.account.note_wrong(format!("a reader was answered {status}: {body}")),
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Asks the replicas, one after another beginning with the `first`, until one answers, as a balancer does.
    fn ask(
        &self,
        agent: &ureq::Agent,
        first: usize,
        seen: Option<PublicationNumber>,
    ) -> Option<(u16, Option<PublicationNumber>, String)> {
        let addresses: Vec<String> =
            self.replicas.lock().unwrap().iter().flatten().map(|one| one.address.clone()).collect();
        (0..addresses.len()).find_map(|step| {
            let address = &addresses[(first + step) % addresses.len()];
            let mut request =
                agent.post(format!("http://{address}/v1/batch")).header("content-type", "application/json");
            if let Some(seen) = seen {
                request = request.header("gradus-at-least", seen.to_string());
            }
            let mut answer = request.send(r#"{"requests": ["/v1/guides/g0", "/v1/guides/g1"]}"#).ok()?;
            let number = answer.headers().get("gradus-publication").and_then(|one| one.to_str().ok()?.parse().ok());
            let body = answer.body_mut().read_to_string().ok()?;
            Some((answer.status().as_u16(), number, body))
        })
    }

    /// Notes what a reader who has `seen` a publication was shown as `number`.
    fn check(
        &self,
        seen: Option<PublicationNumber>,
        number: Option<PublicationNumber>,
        body: &str,
    ) -> Option<PublicationNumber> {
        self.account.n_answers.fetch_add(1, Ordering::Relaxed);
        let Some(number) = number else {
            self.account.note_wrong(format!("an answer names no publication: {body}"));
            return None;
        };
        if Some(number) < seen {
            self.account.note_wrong(format!("a reader who had seen {seen:?} was shown {number}"));
        }
        let answer: Value = serde_json::from_str(body).unwrap_or_default();
        let shown: Vec<String> =
            [0, 1].map(|at| shown_in(&answer["items"][at]["body"])).into_iter().flatten().collect();
        match shown.as_slice() {
            [one, other] if one == other => {
                let mut all = self.account.shown.lock().unwrap();
                let before = all.entry(number).or_insert_with(|| one.clone());
                if before != one {
                    self.account.note_wrong(format!("{number} shows '{before}' here and '{one}' there"));
                }
            }
            _ => self.account.note_wrong(format!("a torn answer of {number}: {shown:?} in {body}")),
        }
        Some(number)
    }

    /// Waits until all replicas serve what is newest, and holds the record against what was acknowledged and shown.
    fn settle(&self) -> Result<String, String> {
        let store = store(self.url);
        let started = Instant::now();
        let newest = loop {
            match store.register.head() {
                Ok(Some(head)) => break head.publication,
                _ if started.elapsed() < CATCH_UP => std::thread::sleep(Duration::from_millis(50)),
                other => return Err(format!("the store does not say what is newest: {other:?}")),
            }
        };
        self.serve_all(newest.number(), CATCH_UP)?;
        let mut wrong = std::mem::take(&mut *self.account.wrong.lock().unwrap());
        wrong.extend(self.compare(&*store.register));
        if let Some(first) = wrong.first() {
            return Err(format!("{} wrong, the first: {first}", wrong.len()));
        }
        let (n_published, n_answers) = (self.account.n_acknowledged(), self.account.n_answers());
        let n_waits = self.account.n_waits.load(Ordering::Relaxed);
        Ok(format!(
            "{n_published} published, 0 lost, 0 doubled; {n_answers} answers, 0 torn, 0 back, {n_waits} not yet"
        ))
    }

    /// Waits until every replica serves `number` or a later one, and gives the time that took.
    ///
    /// # Errors
    /// If one does not within `patience`.
    pub(crate) fn serve_all(&self, number: PublicationNumber, patience: Duration) -> Result<Duration, String> {
        let started = Instant::now();
        loop {
            let served = self.served();
            if served.iter().all(|served| *served >= Some(number)) {
                return Ok(started.elapsed());
            }
            if started.elapsed() > patience {
                return Err(format!("{number} is newest, and {served:?} are served after {patience:?}"));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// What each replica serves.
    pub(crate) fn served(&self) -> Vec<Option<PublicationNumber>> {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let replicas = self.replicas.lock().unwrap();
        let served = replicas.iter().flatten().map(|replica| {
            let answer = agent.get(format!("http://{}/v1/guides/g0", replica.address)).call().ok()?;
            answer.headers().get("gradus-publication")?.to_str().ok()?.parse().ok()
        });
        served.collect()
    }

    /// What differs between the record, what was acknowledged and what readers were shown.
    fn compare(&self, register: &dyn Register) -> Vec<String> {
        let mut wrong = Vec::new();
        let history = match register.history() {
            Ok(history) => history,
            Err(error) => return vec![format!("the record cannot be read: {error}")],
        };
        let numbers: Vec<u64> = history.iter().rev().map(|one| one.number().seq).collect();
        if numbers != (1..=numbers.len() as u64).collect::<Vec<_>>() {
            wrong.push(format!("the numbers have gaps: {numbers:?}"));
        }
        let recorded: BTreeMap<PublicationNumber, &Publication> =
            history.iter().map(|one| (one.number(), one)).collect();
        let mut once: BTreeMap<PublicationNumber, &str> = BTreeMap::new();
        let acknowledged = self.account.acknowledged.lock().unwrap();
        for (publication, token, _) in acknowledged.iter() {
            let number = publication.number();
            if recorded.get(&number) != Some(&publication) {
                wrong.push(format!("{number} was acknowledged and is lost"));
            }
            if once.insert(number, token).is_some() {
                wrong.push(format!("{number} was acknowledged twice"));
            }
        }
        for (number, shown) in self.account.shown.lock().unwrap().iter() {
            match once.get(number) {
                Some(token) if token != shown => wrong.push(format!("{number} shows '{shown}' in place of '{token}'")),
                None if !recorded.contains_key(number) => wrong.push(format!("{number} was shown and is not recorded")),
                _ => {}
            }
        }
        wrong
    }
}

/// What a guide shows.
fn shown_in(guide: &Value) -> Option<String> {
    let text = guide["sections"][0]["text_html"].as_str()?;
    let from = text.find("shows ")? + "shows ".len();
    Some(text[from..].split('.').next()?.to_owned())
}
