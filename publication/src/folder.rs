//! A folder as a store: on one machine, or shared by several. Publications are created and never changed, and the highest number
//! is the newest, so that nothing is needed but that a name can be created once.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use gradus_corpus::PublicationNumber;

use crate::error::{At, PublicationError, Result};
use crate::record::{Publication, record_name, record_number};
use crate::store::{BlobKind, BlobName, Blobs, Register, RegisterHead, StoredBlob};

/// What temporary files begin with.
const TEMPORARY: &str = ".tmp-";

/// A folder in which somebody publishes.
pub(crate) struct FolderStore {
    root: PathBuf,
    /// The folder of the records.
    records: PathBuf,
}

impl FolderStore {
    /// The folder at `root`, which need not exist. `channel` is another order over the same blobs.
    pub(crate) fn new(root: &Path, channel: Option<&str>) -> Self {
        let records = channel.map_or_else(|| root.to_owned(), |channel| root.join("channels").join(channel));
        Self { root: root.to_owned(), records: records.join("publications") }
    }

    fn path(&self, name: BlobName) -> PathBuf {
        self.root.join(name.to_string())
    }

    fn numbers(&self) -> Result<Vec<PublicationNumber>> {
        let mut numbers: Vec<_> = names_in(&self.records)?.iter().filter_map(|name| record_number(name)).collect();
        numbers.sort_unstable();
        // A folder that is not mounted looks like one in which nothing was published; that must not be taken for the truth.
        let place = self.root.parent().unwrap_or(&self.root);
        if numbers.is_empty() && !place.is_dir() {
            let why = format!("there is no folder {}", place.display());
            return Err(PublicationError::Unreachable { store: self.name(), why });
        }
        Ok(numbers)
    }
}

/// The names in `folder`; none where there is no such folder.
fn names_in(folder: &Path) -> Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).at(folder),
    };
    let name = |entry: io::Result<fs::DirEntry>| Ok(entry.at(folder)?.file_name().to_string_lossy().into_owned());
    entries.map(name).collect()
}

/// Makes a folder and those above it, for its owner alone: locked text lies there.
pub(crate) fn make_private(folder: &Path) -> Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).at(folder)
}

/// Writes `bytes` beside `target` and has them on the disk before `place` gives them their name.
pub(crate) fn write_whole(
    target: &Path,
    bytes: &[u8],
    place: impl FnOnce(&Path, &Path) -> io::Result<()>,
) -> Result<()> {
    static N_WRITTEN: AtomicU64 = AtomicU64::new(0);
    let folder = target.parent().unwrap_or(Path::new("."));
    make_private(folder)?;
    // Several machines may write into one folder, each with the same process ids.
    let moment = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    let n = N_WRITTEN.fetch_add(1, Ordering::Relaxed);
    let temporary = folder.join(format!("{TEMPORARY}{}-{moment}-{n}", std::process::id()));
    let write = || {
        let mut file = File::create_new(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        place(&temporary, target)?;
        File::open(folder)?.sync_all()
    };
    let written = write();
    if temporary.exists() {
        fs::remove_file(&temporary).at(&temporary)?;
    }
    written.at(target)
}

impl Register for FolderStore {
    fn head(&self) -> Result<Option<RegisterHead>> {
        let Some(number) = self.numbers()?.pop() else { return Ok(None) };
        let publication = self.publication(number)?;
        let publication = publication.ok_or_else(|| PublicationError::Missing(format!("publication {number}")))?;
        Ok(Some(RegisterHead { fence: publication.number().seq, publication }))
    }

    fn advance(&self, expected: Option<&RegisterHead>, next: &Publication) -> Result<()> {
        make_private(&self.records)?;
        let newest = self.numbers()?.pop();
        if newest != expected.map(|head| head.publication.number()) {
            return Err(PublicationError::Moved(newest));
        }
        let target = self.records.join(record_name(next.number()));
        // A link is created once or not at all, and never holds half of a record.
        let written = write_whole(&target, &next.to_bytes(), |from, to| fs::hard_link(from, to));
        match written {
            Err(PublicationError::File { why, .. }) if why.kind() == io::ErrorKind::AlreadyExists => {
                Err(PublicationError::Moved(Some(next.number())))
            }
            written => written,
        }
    }

    fn publication(&self, number: PublicationNumber) -> Result<Option<Publication>> {
        let path = self.records.join(record_name(number));
        match fs::read(&path) {
            Ok(bytes) => Publication::read(&path.display().to_string(), &bytes).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).at(path),
        }
    }

    fn history(&self) -> Result<Vec<Publication>> {
        let published = self.numbers()?.into_iter().rev().map(|number| self.publication(number));
        // What is gone by now was pruned in between.
        published.filter_map(Result::transpose).collect()
    }

    fn all_channels(&self) -> Result<Vec<Publication>> {
        let mut all = Self::new(&self.root, None).history()?;
        for channel in names_in(&self.root.join("channels"))? {
            all.extend(Self::new(&self.root, Some(&channel)).history()?);
        }
        Ok(all)
    }

    fn forget(&self, number: PublicationNumber) -> Result<()> {
        let path = self.records.join(record_name(number));
        fs::remove_file(&path).at(path)
    }

    fn wait(&self, _: Option<&RegisterHead>, time: Duration) -> Result<()> {
        std::thread::sleep(time);
        Ok(())
    }
}

impl Blobs for FolderStore {
    fn name(&self) -> String {
        format!("the folder {}", self.root.display())
    }

    fn max_bytes(&self) -> Option<u64> {
        None
    }

    fn put(&self, name: BlobName, bytes: &[u8]) -> Result<()> {
        write_whole(&self.path(name), bytes, |from, to| fs::rename(from, to))
    }

    fn get(&self, name: BlobName) -> Result<Vec<u8>> {
        let path = self.path(name);
        match fs::read(&path) {
            Ok(bytes) => Ok(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(PublicationError::Missing(name.to_string())),
            Err(error) => Err(error).at(path),
        }
    }

    fn renew(&self, name: BlobName) -> Result<bool> {
        let path = self.path(name);
        match File::options().append(true).open(&path) {
            Ok(file) => file.set_modified(SystemTime::now()).at(path).map(|()| true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error).at(path),
        }
    }

    fn list(&self) -> Result<Vec<StoredBlob>> {
        let mut blobs = Vec::new();
        for kind in BlobKind::ALL {
            for hash in names_in(&self.root.join(kind.folder()))?.iter().filter_map(|name| name.parse().ok()) {
                let name = BlobName { kind, hash };
                let renewed_at = renewed_at(&self.path(name)).at(self.path(name))?;
                blobs.push(StoredBlob { name, renewed_at, fence: 0 });
            }
        }
        Ok(blobs)
    }

    fn remove(&self, blob: &StoredBlob) -> Result<()> {
        let path = self.path(blob.name);
        if renewed_at(&path).at(&path)? == blob.renewed_at {
            fs::remove_file(&path).at(path)?;
        }
        Ok(())
    }
}

fn renewed_at(path: &Path) -> io::Result<i64> {
    let since_1970 = fs::metadata(path)?.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(i64::try_from(since_1970.as_secs()).unwrap_or(i64::MAX))
}
