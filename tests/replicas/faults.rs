//! What needs a machine of one's own: disks whose power is cut, a network that is cut in two, a disk without room.

use std::path::{Path, PathBuf};

use crate::engine::MemberPlace;
use crate::places::{ScratchFolder, run};

/// Shuts a file system down without writing its log: what was not synced is gone (`EXT4_IOC_SHUTDOWN` with
/// `EXT4_GOING_FLAGS_NOLOGFLUSH`).
const CUT: &str = "import fcntl, os, struct, sys
for path in sys.argv[1:]:
    fcntl.ioctl(os.open(path, os.O_RDONLY), 0x8004587d, struct.pack('I', 2))";

/// File systems of their own, one a member.
pub(crate) struct PowerDisks {
    disks: Vec<(PathBuf, PathBuf)>,
}

impl PowerDisks {
    /// Makes `n` of them in `folder`.
    ///
    /// # Errors
    /// With what is missing here.
    pub(crate) fn new(folder: &ScratchFolder, n: usize) -> Result<Self, String> {
        let mut made = Self { disks: Vec::new() };
        for at in 0..n {
            let (image, mount) = (folder.join(&format!("disk{at}")), folder.join(&format!("mount{at}")));
            let file = std::fs::File::create(&image).map_err(|error| error.to_string())?;
            // etcd lays two segments of its log out in advance, 64 MiB each.
            file.set_len(512 << 20).map_err(|error| error.to_string())?;
            std::fs::create_dir_all(&mount).map_err(|error| error.to_string())?;
            let needs = |told: String| format!("file systems of one's own need root, loop devices and ext4 ({told})");
            run("mkfs.ext4", &["-q", &image.to_string_lossy()]).map_err(needs)?;
            run("mount", &["-o", "loop", &image.to_string_lossy(), &mount.to_string_lossy()]).map_err(needs)?;
            made.disks.push((image, mount));
        }
        Ok(made)
    }

    pub(crate) fn places(&self) -> Vec<MemberPlace> {
        let place = |(_, mount): &(PathBuf, PathBuf)| MemberPlace {
            data: mount.join("etcd"),
            host: "127.0.0.1".to_owned(),
            namespace: None,
        };
        self.disks.iter().map(place).collect()
    }

    /// Cuts the power of all.
    pub(crate) fn cut(&self) -> Result<(), String> {
        let mounts: Vec<String> = self.disks.iter().map(|(_, mount)| mount.to_string_lossy().into_owned()).collect();
        let args: Vec<&str> = ["-c", CUT].into_iter().chain(mounts.iter().map(String::as_str)).collect();
        run("python3", &args).map(|_| ())
    }

    /// Mounts all again, once nobody uses them any more.
    pub(crate) fn mount_again(&mut self) -> Result<(), String> {
        for (image, mount) in &self.disks {
            run("umount", &[&mount.to_string_lossy()])?;
            run("mount", &["-o", "loop", &image.to_string_lossy(), &mount.to_string_lossy()])?;
        }
        Ok(())
    }
}

impl Drop for PowerDisks {
    fn drop(&mut self) {
        for (_, mount) in &self.disks {
            if let Err(told) = run("umount", &[&mount.to_string_lossy()]) {
                println!("     {told}");
            }
        }
    }
}

/// A network of namespaces behind one bridge, each of which can be cut off.
pub(crate) struct Network {
    mark: String,
    n: usize,
}

impl Network {
    /// A network of `n`.
    ///
    /// # Errors
    /// With what is missing here.
    pub(crate) fn new(n: usize) -> Result<Self, String> {
        let network = Self { mark: format!("{:x}", std::process::id() & 0xfffff), n };
        network.make().map_err(|told| format!("networks of one's own need root and iproute2 ({told})"))?;
        Ok(network)
    }

    fn make(&self) -> Result<(), String> {
        let ip = |words: &str| run("ip", &words.split(' ').collect::<Vec<_>>());
        let bridge = self.bridge();
        ip(&format!("link add {bridge} type bridge"))?;
        ip(&format!("addr add 10.213.77.1/24 dev {bridge}"))?;
        ip(&format!("link set {bridge} up"))?;
        for at in 0..self.n {
            let (space, cable, host) = (self.namespace(at), self.cable(at), Self::host(at));
            ip(&format!("netns add {space}"))?;
            ip(&format!("link add {cable} type veth peer name eth0 netns {space}"))?;
            ip(&format!("link set {cable} master {bridge} up"))?;
            ip(&format!("-n {space} addr add {host}/24 dev eth0"))?;
            ip(&format!("-n {space} link set eth0 up"))?;
            ip(&format!("-n {space} link set lo up"))?;
        }
        Ok(())
    }

    fn bridge(&self) -> String {
        format!("grb{}", self.mark)
    }

    fn cable(&self, at: usize) -> String {
        format!("grv{at}{}", self.mark)
    }

    fn host(at: usize) -> String {
        format!("10.213.77.{}", 10 + at)
    }

    pub(crate) fn namespace(&self, at: usize) -> String {
        format!("gradus-{at}-{}", self.mark)
    }

    pub(crate) fn places(&self, folder: &ScratchFolder) -> Vec<MemberPlace> {
        let place = |at: usize| MemberPlace {
            data: folder.join(&format!("e{at}")),
            host: Self::host(at),
            namespace: Some(self.namespace(at)),
        };
        (0..self.n).map(place).collect()
    }

    /// Pulls the cable of one.
    pub(crate) fn cut(&self, at: usize) -> Result<(), String> {
        run("ip", &["link", "set", &self.cable(at), "down"]).map(|_| ())
    }

    /// Puts it back.
    pub(crate) fn join_again(&self, at: usize) -> Result<(), String> {
        run("ip", &["link", "set", &self.cable(at), "up"]).map(|_| ())
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        // What was not made cannot be removed.
        for at in 0..self.n {
            drop(run("ip", &["netns", "del", &self.namespace(at)]));
        }
        drop(run("ip", &["link", "del", &self.bridge()]));
    }
}

/// A small disk that can be filled.
pub(crate) struct FullDisk(PathBuf);

impl FullDisk {
    /// One in `folder`.
    ///
    /// # Errors
    /// With what is missing here.
    pub(crate) fn new(folder: &ScratchFolder) -> Result<Self, String> {
        let mount = folder.join("small");
        std::fs::create_dir_all(&mount).map_err(|error| error.to_string())?;
        run("mount", &["-t", "tmpfs", "-o", "size=4m", "tmpfs", &mount.to_string_lossy()])
            .map_err(|told| format!("a disk of one's own needs root ({told})"))?;
        Ok(Self(mount))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Leaves no room.
    pub(crate) fn fill(&self) {
        use std::io::Write;
        let mut file = std::fs::File::create(self.0.join("filler")).unwrap();
        while file.write_all(&[7; 512]).is_ok() {}
    }

    /// Makes room again.
    pub(crate) fn empty(&self) {
        std::fs::remove_file(self.0.join("filler")).unwrap();
    }
}

impl Drop for FullDisk {
    fn drop(&mut self) {
        // The replica in it may take a moment to be gone.
        if run("umount", &[&self.0.to_string_lossy()]).is_err() {
            drop(run("umount", &["-l", &self.0.to_string_lossy()]));
        }
    }
}
