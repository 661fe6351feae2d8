//! The register in etcd: `current` and the record of its number change in one transaction, fenced by the revision of `current`.

use std::io::BufRead;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use gradus_corpus::PublicationNumber;
use serde_json::{Value, json};

use super::client::{EtcdClient, base64, bytes_of, number_of};
use crate::error::{PublicationError, Result};
use crate::record::{Publication, record_name};
use crate::store::{Register, RegisterHead};

/// Time in which a lost answer is settled: etcd elects a leader in about a second, and all members may be starting.
const SETTLE_TIME: Duration = Duration::from_secs(20);

/// The register under a prefix.
pub(crate) struct EtcdRegister {
    client: Arc<EtcdClient>,
    /// Where everything of this name lies.
    root: String,
    /// Where this channel lies.
    prefix: String,
    /// The revision of the newest look at `current`.
    seen: AtomicU64,
}

impl EtcdRegister {
    pub(crate) fn new(client: Arc<EtcdClient>, name: &str, channel: Option<&str>) -> Self {
        let root = format!("gradus/{name}/");
        let prefix = channel.map_or_else(|| root.clone(), |channel| format!("{root}channels/{channel}/"));
        Self { client, root, prefix, seen: AtomicU64::new(0) }
    }

    /// The records below `prefix`, newest first.
    fn records_below(&self, prefix: &str) -> Result<Vec<Publication>> {
        let range = json!({
            "key": base64(prefix), "range_end": base64(range_end(prefix)),
            "sort_order": "DESCEND", "sort_target": "KEY",
        });
        let told = self.client.call_with_blob("kv/range", &range)?;
        told["kvs"].as_array().into_iter().flatten().map(|kv| self.read(kv)).collect()
    }

    fn current(&self) -> String {
        format!("{}current", self.prefix)
    }

    fn record(&self, number: PublicationNumber) -> String {
        format!("{}publications/{}", self.prefix, record_name(number))
    }

    fn read(&self, kv: &Value) -> Result<Publication> {
        let key = bytes_of(&self.client.name(), kv, "key")?;
        Publication::read(&String::from_utf8_lossy(&key), &bytes_of(&self.client.name(), kv, "value")?)
    }

    /// Whether `next` was recorded, by whoever answers first; `None` where nobody has used its number.
    fn settled(&self, next: &Publication) -> Result<Option<bool>> {
        Ok(self.publication(next.number())?.map(|found| found.attempt == next.attempt))
    }
}

/// The keys that begin with `prefix` end before this one.
pub(super) fn range_end(prefix: &str) -> Vec<u8> {
    let mut end = prefix.as_bytes().to_vec();
    // Prefixes end with a slash, which is not the last byte there is.
    if let Some(last) = end.last_mut() {
        *last += 1;
    }
    end
}

impl Register for EtcdRegister {
    fn head(&self) -> Result<Option<RegisterHead>> {
        let told = self.client.call("kv/range", &json!({"key": base64(self.current())}))?;
        self.seen.store(number_of(&told["header"], "revision"), Ordering::Relaxed);
        let Some(kv) = told["kvs"].get(0) else { return Ok(None) };
        Ok(Some(RegisterHead { publication: self.read(kv)?, fence: number_of(kv, "mod_revision") }))
    }

    fn advance(&self, expected: Option<&RegisterHead>, next: &Publication) -> Result<()> {
        let (current, record) = (base64(self.current()), base64(self.record(next.number())));
        let fence = expected.map_or(0, |head| head.fence).to_string();
        let value = base64(next.to_bytes());
        let transaction = json!({
            "compare": [
                {"key": current, "target": "MOD", "result": "EQUAL", "mod_revision": fence},
                {"key": record, "target": "CREATE", "result": "EQUAL", "create_revision": "0"},
            ],
            "success": [
                {"request_put": {"key": record, "value": value}},
                {"request_put": {"key": current, "value": value}},
            ],
        });
        let started = Instant::now();
        loop {
            // It may be sent twice: the second one finds that the first was done, or does it.
            let why = match self.client.call("kv/txn", &transaction) {
                Ok(told) if told["succeeded"].as_bool() == Some(true) => return Ok(()),
                Ok(_) => match self.settled(next) {
                    Ok(Some(true)) => return Ok(()),
                    Ok(_) => return Err(PublicationError::Moved(self.head()?.map(|head| head.publication.number()))),
                    Err(error) => error,
                },
                Err(error @ PublicationError::Unreachable { .. }) => error,
                Err(error) => return Err(error),
            };
            if started.elapsed() >= SETTLE_TIME {
                return Err(PublicationError::Unsettled { number: next.number(), why: why.to_string() });
            }
        }
    }

    fn publication(&self, number: PublicationNumber) -> Result<Option<Publication>> {
        let told = self.client.call("kv/range", &json!({"key": base64(self.record(number))}))?;
        told["kvs"].get(0).map(|kv| self.read(kv)).transpose()
    }

    fn history(&self) -> Result<Vec<Publication>> {
        self.records_below(&format!("{}publications/", self.prefix))
    }

    fn all_channels(&self) -> Result<Vec<Publication>> {
        let mut all = self.records_below(&format!("{}publications/", self.root))?;
        all.extend(self.records_below(&format!("{}channels/", self.root))?);
        Ok(all)
    }

    fn forget(&self, number: PublicationNumber) -> Result<()> {
        self.client.call("kv/deleterange", &json!({"key": base64(self.record(number))})).map(|_| ())
    }

    fn wait(&self, _: Option<&RegisterHead>, time: Duration) -> Result<()> {
        let from = self.seen.load(Ordering::Relaxed) + 1;
        let watch = json!({"create_request": {"key": base64(self.current()), "start_revision": from.to_string()}});
        let started = Instant::now();
        let mut lines = self.client.stream(time, "watch", &watch)?;
        let mut line = String::new();
        loop {
            line.clear();
            match lines.read_line(&mut line) {
                Ok(0) => break,
                // One that is called off asks for another look, as one in which something has happened does.
                Ok(_) if line.contains("\"events\"") || line.contains("\"canceled\"") => return Ok(()),
                Ok(_) => {}
                // The time is over, or the member is gone.
                Err(_) => break,
            }
        }
        // A member that breaks off at once is not to be asked without end.
        if started.elapsed() < time.min(Duration::from_millis(100)) {
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }
}
