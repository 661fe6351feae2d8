//! What Linux tells of memory: limits of control groups (version 2 and 1), of the machine, and what the process takes.
//!
//! `root` is `/`; tests give a folder that looks like it.

use std::fs::read_to_string;
use std::path::Path;

/// A limit above this is none: version 1 says "no limit" with the largest number of pages.
const NO_LIMIT: u64 = 1 << 60;

/// The narrowest limit of the control groups that this process is in, in bytes.
pub(super) fn limit(root: &Path) -> Option<u64> {
    let groups = read_to_string(root.join("proc/self/cgroup")).ok()?;
    let limits = groups.lines().filter_map(|line| {
        let mut parts = line.splitn(3, ':');
        let (_, controllers, group) = (parts.next()?, parts.next()?, parts.next()?);
        if controllers.is_empty() {
            narrowest(&root.join("sys/fs/cgroup"), group, "memory.max")
        } else if controllers.split(',').any(|name| name == "memory") {
            narrowest(&root.join("sys/fs/cgroup/memory"), group, "memory.limit_in_bytes")
        } else {
            None
        }
    });
    limits.min()
}

/// The narrowest limit of `group` and the groups around it. In a container the path may be that of the host, where nothing
/// lies here; the outermost group is then the container's own.
fn narrowest(mount: &Path, group: &str, file: &str) -> Option<u64> {
    let group = Path::new(group.trim_start_matches('/'));
    let limits = group.ancestors().filter_map(|group| {
        let limit = read_to_string(mount.join(group).join(file)).ok()?;
        limit.trim().parse::<u64>().ok().filter(|limit| *limit < NO_LIMIT)
    });
    limits.min()
}

/// What the machine has, in bytes.
pub(super) fn machine(root: &Path) -> Option<u64> {
    let facts = read_to_string(root.join("proc/meminfo")).ok()?;
    let total = facts.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kib: u64 = total.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kib.checked_mul(1_024)
}

/// What the process takes, in bytes.
pub(super) fn resident(root: &Path) -> Option<u64> {
    let pages = read_to_string(root.join("proc/self/statm")).ok()?;
    let resident: u64 = pages.split(' ').nth(1)?.parse().ok()?;
    resident.checked_mul(u64::try_from(rustix::param::page_size()).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct FakeRoot(std::path::PathBuf);

    impl FakeRoot {
        fn new(name: &str, files: &[(&str, &str)]) -> Self {
            let root = std::env::temp_dir().join(format!("gradus-cgroup-{name}-{}", std::process::id()));
            for (path, text) in files {
                std::fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
                std::fs::write(root.join(path), text).unwrap();
            }
            Self(root)
        }
    }

    impl Drop for FakeRoot {
        fn drop(&mut self) {
            std::fs::remove_dir_all(&self.0).unwrap();
        }
    }

    #[test]
    fn the_narrowest_group_of_version_2_counts() {
        let files = [
            ("proc/self/cgroup", "0::/a/b\n"),
            ("sys/fs/cgroup/a/memory.max", "1000\n"),
            ("sys/fs/cgroup/a/b/memory.max", "max\n"),
        ];
        let root = FakeRoot::new("v2", &files);
        assert_eq!(limit(&root.0), Some(1_000));
    }

    #[test]
    fn version_1_is_read_and_its_word_for_no_limit_is_none() {
        let files = [
            ("proc/self/cgroup", "5:cpu,memory:/docker/1\n0::/\n"),
            ("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"),
        ];
        let root = FakeRoot::new("v1", &files);
        assert_eq!(limit(&root.0), None);
        std::fs::write(root.0.join("sys/fs/cgroup/memory/memory.limit_in_bytes"), "4096\n").unwrap();
        assert_eq!(limit(&root.0), Some(4_096), "the group's own path is the host's and not here");
    }

    #[test]
    fn the_machine_tells_its_memory() {
        let root = FakeRoot::new("machine", &[("proc/meminfo", "MemTotal:       2 kB\nMemFree: 1 kB\n")]);
        assert_eq!((machine(&root.0), limit(&root.0), resident(&root.0)), (Some(2_048), None, None));
    }
}
