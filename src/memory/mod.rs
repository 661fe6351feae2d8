//! The memory that the process may take, how much it takes, and whether there is room for more.
//!
//! What is killed for memory answers nobody, so work is turned away before. What counts is what the system counts, resident
//! memory, and not what was asked of the allocator: the difference is what the process would be killed for.

mod cgroup;

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex};
use std::time::{Duration, Instant};

use gradus_engine::limits;

/// The memory that the process may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryCeiling {
    /// Bytes.
    pub bytes: u64,
    /// Who says so, for people.
    pub said_by: &'static str,
}

impl MemoryCeiling {
    /// What was `given`, else the narrowest limit of the process's control groups, else what the machine has; `None` where
    /// the system does not tell.
    pub fn new(given: Option<u64>) -> Option<Self> {
        let said = |said_by: &'static str| move |bytes| Self { bytes, said_by };
        given
            .map(said("--max-memory"))
            .or_else(|| cgroup::limit(Path::new("/")).map(said("the control group")))
            .or_else(|| cgroup::machine(Path::new("/")).map(said("the machine")))
    }
}

/// Measures the memory of the process and says when it is too much to begin anything.
pub struct MemoryGauge {
    ceiling: Option<MemoryCeiling>,
    /// Of the resident memory: bytes at the last look, and the least since the content was last loaded.
    resident: AtomicU64,
    least: AtomicU64,
    is_full: AtomicBool,
    /// Milliseconds since the first look from which on it has been full; 0 while it is not.
    full_since: AtomicU64,
    /// Milliseconds since the first look at which the last one was.
    looked_at: AtomicU64,
    n_loads: AtomicU64,
    looking: Mutex<()>,
}

/// Time for which a look counts: one takes some microseconds, and in this time not much is allocated.
const LOOK_COUNTS: Duration = Duration::from_millis(5);

impl MemoryGauge {
    /// A gauge for a process that may take as much as `ceiling`; it is never full without one.
    pub fn new(ceiling: Option<MemoryCeiling>) -> Self {
        Self {
            ceiling,
            resident: AtomicU64::new(0),
            least: AtomicU64::new(u64::MAX),
            is_full: AtomicBool::new(false),
            full_since: AtomicU64::new(0),
            looked_at: AtomicU64::new(0),
            n_loads: AtomicU64::new(0),
            looking: Mutex::new(()),
        }
    }

    /// The ceiling.
    pub fn ceiling(&self) -> Option<MemoryCeiling> {
        self.ceiling
    }

    /// Resident bytes, at the last look; 0 where the system does not tell.
    pub fn resident(&self) -> u64 {
        self.resident.load(Ordering::Relaxed)
    }

    /// Whether nothing should be begun that takes memory. After each load of the content (`n_loads` tells them apart) it is
    /// learned anew what the content takes: what is left above that is what requests may fill.
    pub fn is_full(&self, n_loads: u64) -> bool {
        let Some(ceiling) = self.ceiling else { return false };
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        let now = u64::try_from(START.elapsed().as_millis()).unwrap_or(u64::MAX).saturating_add(1);
        let is_fresh = |looked_at: u64| u128::from(now - looked_at.min(now)) < LOOK_COUNTS.as_millis();
        let looked_at = self.looked_at.load(Ordering::Relaxed);
        if looked_at > 0 && is_fresh(looked_at) {
            return self.is_full.load(Ordering::Relaxed);
        }
        // One look is enough for all who ask at this moment.
        let Ok(_looking) = self.looking.try_lock() else { return self.is_full.load(Ordering::Relaxed) };
        self.looked_at.store(now, Ordering::Relaxed);
        if self.n_loads.swap(n_loads, Ordering::Relaxed) != n_loads {
            self.least.store(u64::MAX, Ordering::Relaxed);
        }
        if let Some(resident) = cgroup::resident(Path::new("/")) {
            self.look(ceiling, resident, now);
        }
        self.is_full.load(Ordering::Relaxed)
    }

    fn look(&self, ceiling: MemoryCeiling, resident: u64, now_ms: u64) {
        self.resident.store(resident, Ordering::Relaxed);
        let least = self.least.fetch_min(resident, Ordering::Relaxed).min(resident);
        let left = ceiling.bytes.saturating_sub(least);
        let line = least.saturating_add(left / 100 * limits::MEMORY_FILL_PERCENT);
        // Content that takes nearly all there is leaves requests little, but is no reason to answer nobody.
        let is_full = resident > least && resident >= line;
        let full_since = self.full_since.load(Ordering::Relaxed);
        if !is_full {
            self.full_since.store(0, Ordering::Relaxed);
        } else if full_since == 0 {
            self.full_since.store(now_ms, Ordering::Relaxed);
        } else if u128::from(now_ms.saturating_sub(full_since)) > limits::FULL_TIME.as_millis() {
            // All that was begun before has ended since. What is still taken is not given back, and waiting for it would be
            // answering nobody for ever.
            self.least.store(resident, Ordering::Relaxed);
            self.full_since.store(0, Ordering::Relaxed);
        }
        if is_full && !self.is_full.swap(true, Ordering::Relaxed) {
            let (mib, of) = (resident >> 20, ceiling.bytes >> 20);
            tracing::warn!(resident_mib = mib, ceiling_mib = of, "memory is short: new work is turned away for now");
        }
        self.is_full.store(is_full, Ordering::Relaxed);
    }
}

/// `text` as a number of bytes: `512MiB`, `2G`, `1500000000`. Prefixes are powers of 1024 with and without the `i`, as
/// container runtimes have it.
///
/// # Errors
/// If it is none; the text says what is.
pub fn bytes(text: &str) -> Result<u64, String> {
    let text = text.trim();
    let digits = text.find(|char: char| !char.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let shift = match unit.trim().to_ascii_lowercase().trim_end_matches('b').trim_end_matches('i') {
        "" => 0,
        "k" => 10,
        "m" => 20,
        "g" => 30,
        "t" => 40,
        _ => return Err(format!("'{text}' is no amount of memory; write 512MiB or 2GiB")),
    };
    let number: u64 = number.parse().map_err(|_| format!("'{text}' is no amount of memory; write 512MiB or 2GiB"))?;
    let bytes = number.checked_mul(1 << shift).ok_or_else(|| format!("'{text}' is more than can be counted"))?;
    if bytes < limits::LEAST_MEMORY {
        let least = limits::LEAST_MEMORY >> 20;
        return Err(format!("{text} is too little: with less than {least} MiB nothing can be served"));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (text, mib) in [("512MiB", 512), ("512M", 512), ("512mb", 512), ("2 G", 2_048), ("536870912", 512)] {
            assert_eq!(bytes(text), Ok(mib << 20), "{text}");
        }
        for text in ["", "MiB", "-1G", "1.5G", "12 apples", "99999999999T", "1"] {
            assert!(bytes(text).is_err(), "{text}");
        }
    }

    #[test]
    fn room_is_what_the_content_leaves() {
        const MIB: u64 = 1 << 20;
        let ceiling = MemoryCeiling { bytes: 512 * MIB, said_by: "a test" };
        let gauge = MemoryGauge::new(Some(ceiling));
        let full = |resident: u64| {
            gauge.look(ceiling, resident * MIB, 1);
            gauge.is_full.load(Ordering::Relaxed)
        };
        assert!(!full(112) && !full(300) && full(460) && !full(200));
        let large = MemoryGauge::new(Some(ceiling));
        large.look(ceiling, 480 * MIB, 1);
        assert!(!large.is_full.load(Ordering::Relaxed), "content alone is no reason to answer nobody");
    }

    #[test]
    fn what_is_never_given_back_is_counted_to_what_the_content_takes() {
        const MIB: u64 = 1 << 20;
        let ceiling = MemoryCeiling { bytes: 512 * MIB, said_by: "a test" };
        let gauge = MemoryGauge::new(Some(ceiling));
        let full_at = |resident: u64, secs: u64| {
            gauge.look(ceiling, resident * MIB, secs * 1_000);
            gauge.is_full.load(Ordering::Relaxed)
        };
        assert!(!full_at(100, 1) && full_at(420, 2) && full_at(420, 30) && full_at(420, 40));
        assert!(!full_at(420, 41) && full_at(500, 42));
    }

    #[test]
    fn without_a_ceiling_it_is_never_full() {
        assert!(!MemoryGauge::new(None).is_full(0));
        assert_eq!(MemoryCeiling::new(Some(7)).map(|ceiling| ceiling.bytes), Some(7));
    }
}
