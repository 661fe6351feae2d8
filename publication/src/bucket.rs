//! A bucket as a store: S3, Google's, Azure's, or whatever speaks as one of them does. As in a folder, publications are created and
//! never changed, and the highest number is the newest: of the provider nothing is needed but that a name is created once
//! (`If-None-Match: *`), and that what was written is listed.

use std::fmt::Display;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures_util::TryStreamExt;
use gradus_corpus::PublicationNumber;
use object_store::path::Path;
use object_store::{Error, ObjectStore, ObjectStoreExt, PutMode, PutOptions, parse_url_opts};
use tokio::runtime::Runtime;
use url::Url;

use crate::error::{PublicationError, Result};
use crate::record::{Publication, record_name, record_number};
use crate::store::{BlobKind, BlobName, Blobs, Register, RegisterHead, StoredBlob};

/// Parts of manifests that are older than this are put anew when they are named again: pruning passes over what is young.
const FRESH: Duration = Duration::from_secs(30 * 60);

/// A bucket in which somebody publishes.
pub(crate) struct BucketStore {
    store: Arc<dyn ObjectStore>,
    /// Where packs and manifests lie.
    root: Path,
    /// Where this channel lies.
    channel: Path,
    /// The address, which holds no secrets.
    url: String,
    runtime: Runtime,
}

impl BucketStore {
    /// The bucket at `url`, reached as the environment says: `AWS_…`, `GOOGLE_…`, `AZURE_…`.
    ///
    /// # Errors
    /// If the address or the environment name no bucket.
    pub(crate) fn new(url: &str, channel: Option<&str>) -> Result<Self> {
        let wrong = |why: &dyn Display| PublicationError::Address(format!("'{url}': {why}"));
        let parsed = Url::parse(url).map_err(|why| wrong(&why))?;
        if !parsed.username().is_empty() || parsed.password().is_some() {
            // The address is not repeated: a password stands in it.
            let why =
                "secrets belong into the environment (AWS_…, GOOGLE_…, AZURE_…), not into the address of a bucket";
            return Err(PublicationError::Address(why.to_owned()));
        }
        let (store, root) = parse_url_opts(&parsed, std::env::vars()).map_err(|why| wrong(&why))?;
        if root.as_ref().is_empty() {
            return Err(wrong(&"name a place in the bucket, such as s3://bucket/NAME"));
        }
        let channel = channel.map_or_else(|| root.clone(), |channel| root.clone().join("channels").join(channel));
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.map_err(|why| wrong(&why))?;
        Ok(Self { store: store.into(), root, channel, url: url.to_owned(), runtime })
    }

    fn place(&self, name: BlobName) -> Path {
        self.root.clone().join(name.kind.folder()).join(name.hash.to_string())
    }

    fn record(channel: &Path, number: PublicationNumber) -> Path {
        channel.clone().join("publications").join(record_name(number))
    }

    /// What went wrong, in our terms; `what` is what was asked for.
    fn fault(&self, what: &str, why: &Error) -> PublicationError {
        let store = self.name();
        match why {
            Error::NotFound { .. } => PublicationError::Missing(what.to_owned()),
            Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => {
                PublicationError::Denied { store, why: causes(why) }
            }
            _ => PublicationError::Unreachable { store, why: causes(why) },
        }
    }

    /// The numbers that are recorded in `channel`, in their order.
    fn numbers(&self, channel: &Path) -> Result<Vec<PublicationNumber>> {
        let folder = channel.clone().join("publications");
        let list = self.store.list(Some(&folder)).try_collect::<Vec<_>>();
        let found = self.runtime.block_on(list).map_err(|why| self.fault("the record of publications", &why))?;
        let mut numbers: Vec<_> =
            found.iter().filter_map(|one| record_number(one.location.filename().unwrap_or_default())).collect();
        numbers.sort_unstable();
        Ok(numbers)
    }

    fn read(&self, place: &Path, what: &str) -> Result<Vec<u8>> {
        let read = async { self.store.get(place).await?.bytes().await };
        let bytes = self.runtime.block_on(read).map_err(|why| self.fault(what, &why))?;
        Ok(bytes.to_vec())
    }

    fn publication_in(&self, channel: &Path, number: PublicationNumber) -> Result<Option<Publication>> {
        match self.read(&Self::record(channel, number), "a publication") {
            Ok(bytes) => Publication::read(&format!("publication {number}"), &bytes).map(Some),
            Err(PublicationError::Missing(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn history_of(&self, channel: &Path) -> Result<Vec<Publication>> {
        let published = self.numbers(channel)?.into_iter().rev().map(|number| self.publication_in(channel, number));
        // What is gone by now was pruned in between.
        published.filter_map(Result::transpose).collect()
    }
}

/// `error` with its causes, without what it says twice.
fn causes(error: &Error) -> String {
    let all = std::iter::successors(Some(error as &dyn std::error::Error), |error| error.source());
    let mut told: Vec<String> = Vec::new();
    for one in all.map(ToString::to_string) {
        if !told.last().is_some_and(|before| before.contains(&one)) {
            told.push(one);
        }
    }
    told.join(": ")
}

impl Register for BucketStore {
    fn head(&self) -> Result<Option<RegisterHead>> {
        let Some(number) = self.numbers(&self.channel)?.pop() else { return Ok(None) };
        let publication = self.publication(number)?;
        let publication = publication.ok_or_else(|| PublicationError::Missing(format!("publication {number}")))?;
        Ok(Some(RegisterHead { fence: publication.number().seq, publication }))
    }

    fn advance(&self, expected: Option<&RegisterHead>, next: &Publication) -> Result<()> {
        let newest = self.numbers(&self.channel)?.pop();
        if newest != expected.map(|head| head.publication.number()) {
            return Err(PublicationError::Moved(newest));
        }
        let place = Self::record(&self.channel, next.number());
        let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        let put = self.store.put_opts(&place, next.to_bytes().into(), options);
        let Err(why) = self.runtime.block_on(put) else { return Ok(()) };
        // Of a request that was sent again after a lost answer, the second finds what the first has done.
        match self.publication(next.number()) {
            Ok(Some(found)) if found.attempt == next.attempt => Ok(()),
            Ok(Some(found)) => Err(PublicationError::Moved(Some(found.number()))),
            Ok(None) => Err(self.fault("the record of publications", &why)),
            Err(_) => Err(PublicationError::Unsettled { number: next.number(), why: causes(&why) }),
        }
    }

    fn publication(&self, number: PublicationNumber) -> Result<Option<Publication>> {
        self.publication_in(&self.channel, number)
    }

    fn history(&self) -> Result<Vec<Publication>> {
        self.history_of(&self.channel)
    }

    fn all_channels(&self) -> Result<Vec<Publication>> {
        let mut all = self.history_of(&self.root)?;
        let folder = self.root.clone().join("channels");
        let listed = self.runtime.block_on(self.store.list_with_delimiter(Some(&folder)));
        for channel in listed.map_err(|why| self.fault("the channels", &why))?.common_prefixes {
            all.extend(self.history_of(&channel)?);
        }
        Ok(all)
    }

    fn forget(&self, number: PublicationNumber) -> Result<()> {
        let place = Self::record(&self.channel, number);
        self.runtime.block_on(self.store.delete(&place)).map_err(|why| self.fault("a publication", &why))
    }

    fn wait(&self, _: Option<&RegisterHead>, time: Duration) -> Result<()> {
        std::thread::sleep(time);
        Ok(())
    }
}

impl Blobs for BucketStore {
    fn name(&self) -> String {
        format!("the bucket {}", self.url)
    }

    fn max_bytes(&self) -> Option<u64> {
        None
    }

    fn put(&self, name: BlobName, bytes: &[u8]) -> Result<()> {
        let place = self.place(name);
        let put = self.store.put(&place, bytes.to_vec().into());
        self.runtime.block_on(put).map(|_| ()).map_err(|why| self.fault(&name.to_string(), &why))
    }

    fn get(&self, name: BlobName) -> Result<Vec<u8>> {
        self.read(&self.place(name), &name.to_string())
    }

    /// A bucket cannot make an object young without writing it. Packs need not be: who relies on one found it named by the newest
    /// publication, which is never pruned, and fails to advance once that is not the newest any more.
    fn renew(&self, name: BlobName) -> Result<bool> {
        let place = self.place(name);
        let found = match self.runtime.block_on(self.store.head(&place)) {
            Ok(found) => found,
            Err(Error::NotFound { .. }) => return Ok(false),
            Err(why) => return Err(self.fault(&name.to_string(), &why)),
        };
        let age = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let age = age.saturating_sub(u64::try_from(found.last_modified.timestamp()).unwrap_or_default());
        if name.kind == BlobKind::Manifest && age > FRESH.as_secs() {
            let bytes = self.read(&place, &name.to_string())?;
            self.put(name, &bytes)?;
        }
        Ok(true)
    }

    fn list(&self) -> Result<Vec<StoredBlob>> {
        let mut blobs = Vec::new();
        for kind in BlobKind::ALL {
            let folder = self.root.clone().join(kind.folder());
            let list = self.store.list(Some(&folder)).try_collect::<Vec<_>>();
            let found = self.runtime.block_on(list).map_err(|why| self.fault(kind.folder(), &why))?;
            blobs.extend(found.iter().filter_map(|one| {
                let hash = one.location.filename()?.parse().ok()?;
                Some(StoredBlob { name: BlobName { kind, hash }, renewed_at: one.last_modified.timestamp(), fence: 0 })
            }));
        }
        Ok(blobs)
    }

    fn remove(&self, blob: &StoredBlob) -> Result<()> {
        let place = self.place(blob.name);
        let remove = async {
            let found = self.store.head(&place).await?;
            if found.last_modified.timestamp() == blob.renewed_at {
                self.store.delete(&place).await?;
            }
            Ok(())
        };
        self.runtime.block_on(remove).map_err(|why| self.fault(&blob.name.to_string(), &why))
    }
}
