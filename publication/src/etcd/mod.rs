//! etcd as a store: its register is safe as installed, and up to some hundred megabytes of content may lie beside it.

mod blobs;
mod client;
mod register;

pub use client::EtcdAccess;

pub(crate) use blobs::EtcdBlobs;
pub(crate) use client::{EtcdClient, check_plaintext};
pub(crate) use register::EtcdRegister;
