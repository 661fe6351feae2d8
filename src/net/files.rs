//! How many files, and so connections, the process may have open.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Files that are open for other reasons than connections: logs, the runtimes, and the content while it is read.
const SPARE_FILES: usize = 96;

/// Raises the limit of open files as far as the system allows, and gives it.
///
/// The lower one is kept by habit for programs that pass file numbers to `select`, which nothing here does.
pub fn raise_file_limit() -> usize {
    let limit = getrlimit(Resource::Nofile);
    let highest = Rlimit { current: limit.maximum, maximum: limit.maximum };
    let reached = if limit.current == limit.maximum || setrlimit(Resource::Nofile, highest).is_ok() {
        limit.maximum
    } else {
        limit.current
    };
    reached.map_or(usize::MAX, |files| usize::try_from(files).unwrap_or(usize::MAX))
}

/// The connections that the public and the admin listener may have where the process may open `files` and no more than
/// `bytes` of memory shall be taken by connections that take `each` of them.
pub fn shares(files: usize, bytes: u64, each: u64, most: usize) -> (usize, usize) {
    // Under a very low limit a few files are kept all the same, so that a reload can read and the admin can ask.
    let spare = SPARE_FILES.min(files / 2);
    let admin = ((files - spare) / 8).clamp(2, 64);
    let public = (files - spare).saturating_sub(admin);
    let fitting = usize::try_from(bytes / each).unwrap_or(usize::MAX);
    (public.min(fitting).clamp(1, most), admin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_are_shared_and_some_are_left() {
        for files in [16, 64, 256, 1_024, 20_000, usize::MAX] {
            let (public, admin) = shares(files, u64::MAX, 1, 16_384);
            assert!(public >= 1 && admin >= 2 && public + admin + 4 <= files, "{files}: {public} {admin}");
        }
        assert_eq!(shares(20_000, 100, 10, 16_384).0, 10, "memory may be the narrower bound");
        assert_eq!(shares(usize::MAX, u64::MAX, 1, 16_384).0, 16_384);
    }

    #[test]
    fn the_limit_is_the_hard_one_afterwards() {
        let reached = raise_file_limit();
        assert!(reached >= 16);
        assert_eq!(reached, raise_file_limit());
    }
}
