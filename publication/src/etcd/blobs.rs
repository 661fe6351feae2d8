//! Blobs in etcd. It knows no times, so each blob has a stamp beside it that says when it was put or renewed.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::client::{EtcdClient, base64, bytes_of, number_of};
use super::register::range_end;
use crate::error::{PublicationError, Result};
use crate::store::{BlobKind, BlobName, Blobs, StoredBlob};

/// Bytes of packs that etcd should hold for one publication: a member takes some three times as much memory, and its disk as much
/// again for each version that is kept and differs.
const MAX_BYTES: u64 = 256 << 20;

/// The blobs under a prefix.
pub(crate) struct EtcdBlobs {
    client: Arc<EtcdClient>,
    prefix: String,
}

impl EtcdBlobs {
    pub(crate) fn new(client: Arc<EtcdClient>, prefix: String) -> Self {
        Self { client, prefix }
    }

    fn key(&self, name: BlobName) -> String {
        base64(format!("{}{name}", self.prefix))
    }

    fn stamp(&self, name: BlobName) -> String {
        base64(format!("{}stamps/{name}", self.prefix))
    }
}

/// Now, in seconds since 1970.
fn now() -> String {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs().to_string()
}

impl Blobs for EtcdBlobs {
    fn name(&self) -> String {
        self.client.name()
    }

    fn max_bytes(&self) -> Option<u64> {
        Some(MAX_BYTES)
    }

    fn put(&self, name: BlobName, bytes: &[u8]) -> Result<()> {
        let transaction = json!({"success": [
            {"request_put": {"key": self.key(name), "value": base64(bytes)}},
            {"request_put": {"key": self.stamp(name), "value": base64(now())}},
        ]});
        self.client.call_with_blob("kv/txn", &transaction).map(|_| ())
    }

    fn get(&self, name: BlobName) -> Result<Vec<u8>> {
        let told = self.client.call_with_blob("kv/range", &json!({"key": self.key(name)}))?;
        let kv = told["kvs"].get(0).ok_or_else(|| PublicationError::Missing(name.to_string()))?;
        bytes_of(&self.client.name(), kv, "value")
    }

    fn renew(&self, name: BlobName) -> Result<bool> {
        let transaction = json!({
            "compare": [{"key": self.key(name), "target": "CREATE", "result": "GREATER", "create_revision": "0"}],
            "success": [{"request_put": {"key": self.stamp(name), "value": base64(now())}}],
        });
        let told = self.client.call("kv/txn", &transaction)?;
        Ok(told["succeeded"].as_bool() == Some(true))
    }

    fn list(&self) -> Result<Vec<StoredBlob>> {
        let mut blobs = Vec::new();
        for kind in BlobKind::ALL {
            let prefix = format!("{}stamps/{}/", self.prefix, kind.folder());
            let range = json!({"key": base64(&prefix), "range_end": base64(range_end(&prefix))});
            let told = self.client.call_with_blob("kv/range", &range)?;
            for kv in told["kvs"].as_array().into_iter().flatten() {
                blobs.extend(self.listed(kind, &prefix, kv)?);
            }
        }
        Ok(blobs)
    }

    fn remove(&self, blob: &StoredBlob) -> Result<()> {
        let fence = blob.fence.to_string();
        let transaction = json!({
            "compare": [{"key": self.stamp(blob.name), "target": "MOD", "result": "EQUAL", "mod_revision": fence}],
            "success": [
                {"request_delete_range": {"key": self.key(blob.name)}},
                {"request_delete_range": {"key": self.stamp(blob.name)}},
            ],
        });
        self.client.call("kv/txn", &transaction).map(|_| ())
    }
}

impl EtcdBlobs {
    /// The blob that a stamp stands beside; `None` for keys that somebody else has put there.
    fn listed(&self, kind: BlobKind, prefix: &str, kv: &Value) -> Result<Option<StoredBlob>> {
        let text = |field| Ok(String::from_utf8_lossy(&bytes_of(&self.client.name(), kv, field)?).into_owned());
        let (key, value) = (text("key")?, text("value")?);
        let hash = key.strip_prefix(prefix).and_then(|hash| hash.parse().ok());
        let fence = number_of(kv, "mod_revision");
        // A stamp that cannot be read is taken for a new one: then the blob stays.
        let renewed_at = value.parse().unwrap_or(i64::MAX);
        Ok(hash.map(|hash| StoredBlob { name: BlobName { kind, hash }, renewed_at, fence }))
    }
}
