//! Addresses of stores: `etcd://h1,h2,h3/NAME`, `file:///share/NAME`.

use std::path::PathBuf;
use std::sync::Arc;

use crate::error::{PublicationError, Result};
use crate::etcd::{EtcdAccess, EtcdBlobs, EtcdClient, EtcdRegister, check_plaintext};
use crate::folder::FolderStore;
use crate::store::{Blobs, PublicationStore, Register};

/// Where etcd listens where nothing else is said.
const ETCD_PORT: u16 = 2379;

/// Where content is published.
#[derive(Clone, Debug)]
pub struct StoreAddress {
    /// The register, and the blobs if nothing else is said.
    pub register: String,
    /// The blobs, if they lie elsewhere.
    pub blobs: Option<String>,
    /// Another order of publications over the same blobs.
    pub channel: Option<String>,
    /// How etcd is reached.
    pub etcd: EtcdAccess,
}

/// One address, taken apart.
#[derive(Debug, PartialEq, Eq)]
enum Place {
    Etcd {
        members: Vec<String>,
        name: String,
        is_secure: bool,
    },
    Folder(PathBuf),
    /// The whole address.
    Bucket(String),
}

impl StoreAddress {
    /// The store at this address. Nothing is asked of it yet.
    ///
    /// # Errors
    /// If the address names no store, or leads content over a network for everybody to read.
    pub fn open(&self) -> Result<PublicationStore> {
        let channel = self.channel.as_deref().filter(|channel| !channel.is_empty());
        if let Some(channel) = channel
            && !is_name(channel)
        {
            return Err(wrong(format!("'{channel}' is no name of a channel: letters, digits, '-', '_' and '.' are")));
        }
        let at = place(&self.register)?;
        let elsewhere = self.blobs.as_deref().map(place).transpose()?;
        let (register, here): (Box<dyn Register>, Box<dyn Blobs>) = match &at {
            Place::Etcd { members, name, is_secure } => {
                // Both ask by one client: who finds a member away spares the other the wait for it.
                let client = self.client(members, *is_secure)?;
                let blobs = EtcdBlobs::new(Arc::clone(&client), format!("gradus/{name}/"));
                (Box::new(EtcdRegister::new(client, name, channel)), Box::new(blobs))
            }
            Place::Folder(root) => (Box::new(FolderStore::new(root, channel)), Box::new(FolderStore::new(root, None))),
            Place::Bucket(url) => bucket(url, channel)?,
        };
        let blobs: Box<dyn Blobs> = match elsewhere {
            None => here,
            Some(Place::Etcd { members, name, is_secure }) => {
                Box::new(EtcdBlobs::new(self.client(&members, is_secure)?, format!("gradus/{name}/")))
            }
            Some(Place::Folder(root)) => Box::new(FolderStore::new(&root, None)),
            Some(Place::Bucket(url)) => bucket(&url, None)?.1,
        };
        Ok(PublicationStore { register, blobs })
    }

    fn client(&self, members: &[String], is_secure: bool) -> Result<Arc<EtcdClient>> {
        check_plaintext(members, &self.etcd, is_secure)?;
        EtcdClient::new(members, &self.etcd, is_secure)
    }
}

/// Both parts of a store, in one bucket.
#[cfg(feature = "bucket")]
fn bucket(url: &str, channel: Option<&str>) -> Result<(Box<dyn Register>, Box<dyn Blobs>)> {
    use crate::bucket::BucketStore;
    Ok((Box::new(BucketStore::new(url, channel)?), Box::new(BucketStore::new(url, None)?)))
}

#[cfg(not(feature = "bucket"))]
fn bucket(url: &str, _: Option<&str>) -> Result<(Box<dyn Register>, Box<dyn Blobs>)> {
    Err(wrong(format!("'{url}': this Gradus was built without buckets: cargo build --release --features bucket")))
}

fn wrong(why: impl Into<String>) -> PublicationError {
    PublicationError::Address(why.into())
}

fn is_name(name: &str) -> bool {
    let is_plain = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_' | '.');
    !name.is_empty() && !name.starts_with('.') && name.chars().all(is_plain)
}

fn place(address: &str) -> Result<Place> {
    let Some((scheme, rest)) = address.split_once("://") else {
        return Err(wrong(format!(
            "'{address}' is no address: etcd://HOST,HOST,HOST/NAME and file:///FOLDER/NAME are"
        )));
    };
    match scheme {
        "etcd" | "etcds" => {
            let example = "write etcd://h1,h2,h3/NAME, NAME of letters, digits, '-', '_' and '.'";
            let (members, name) = rest.split_once('/').ok_or_else(|| wrong(format!("'{address}': {example}")))?;
            if members.contains('@') {
                // The address is not repeated: a password stands in it.
                return Err(wrong(format!("{example}; a login belongs into GRADUS_ETCD_LOGIN, not into the address")));
            }
            if !is_name(name) || members.split(',').any(str::is_empty) {
                return Err(wrong(format!("'{address}': {example}")));
            }
            let members = members.split(',').map(with_port).collect();
            Ok(Place::Etcd { members, name: name.to_owned(), is_secure: scheme == "etcds" })
        }
        "file" if rest.starts_with('/') && rest.len() > 1 => Ok(Place::Folder(PathBuf::from(rest))),
        "file" => Err(wrong(format!("'{address}': a folder is named from the root, such as file:///share/NAME"))),
        "s3" | "gs" | "az" => Ok(Place::Bucket(address.to_owned())),
        _ => Err(wrong(format!(
            "'{address}': nothing is known of {scheme}://; etcd://, etcds://, file://, s3://, gs:// and az:// are taken"
        ))),
    }
}

fn with_port(member: &str) -> String {
    let has_port = member.rsplit_once(':').is_some_and(|(host, port)| {
        !port.is_empty()
            && port.bytes().all(|byte| byte.is_ascii_digit())
            && (!host.contains(':') || host.ends_with(']'))
    });
    if has_port { member.to_owned() } else { format!("{member}:{ETCD_PORT}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_apart() {
        let etcd = |members: &[&str], is_secure| Place::Etcd {
            members: members.iter().map(ToString::to_string).collect(),
            name: "docs".to_owned(),
            is_secure,
        };
        assert_eq!(place("etcd://a,b:1,[::1]/docs").unwrap(), etcd(&["a:2379", "b:1", "[::1]:2379"], false));
        assert_eq!(place("etcds://[::1]:7/docs").unwrap(), etcd(&["[::1]:7"], true));
        assert_eq!(place("file:///share/docs").unwrap(), Place::Folder("/share/docs".into()));
    }

    #[test]
    fn what_is_no_address_is_told_with_what_is() {
        for (address, words) in [
            ("docs", "is no address: etcd://"),
            ("etcd://a,b,c", "write etcd://h1,h2,h3/NAME"),
            ("etcd://a,,b/docs", "write etcd://h1,h2,h3/NAME"),
            ("etcd://a/do cs", "write etcd://h1,h2,h3/NAME"),
            ("etcd://root:secret@a/docs", "GRADUS_ETCD_LOGIN"),
            ("file://share/docs", "from the root"),
            ("https://a/docs", "nothing is known of https://"),
        ] {
            let error = place(address).unwrap_err().to_string();
            assert!(error.contains(words) && !error.contains("secret"), "{address}: {error}");
        }
    }
}
