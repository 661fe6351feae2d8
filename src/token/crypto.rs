//! The signatures of tokens, verified by `ring`, which TLS brings along anyway. The library's own back ends cost 46 more
//! packages, or a C compiler and cmake.

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::signature::{self, Verifier};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use ring::hmac;
use ring::signature::{ED25519, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};

static PROVIDER: CryptoProvider =
    CryptoProvider { signer_factory: signer, verifier_factory: verifier, key_utils: KeyUtils::new_unimplemented() };

/// Makes `ring` verify the tokens of this process.
pub(super) fn install() {
    // Another verifier of this process has installed the same one; there is only this.
    if PROVIDER.install_default().is_err() {
        tracing::trace!("tokens are verified by ring already");
    }
}

fn signer(_: &Algorithm, _: &EncodingKey) -> Result<Box<dyn JwtSigner>, Error> {
    // This server verifies tokens and never issues one.
    Err(ErrorKind::UnsupportedAlgorithm.into())
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>, Error> {
    let bytes = key.try_get_as_bytes()?.to_vec();
    let key = match algorithm {
        Algorithm::HS256 => Key::Hs256(hmac::Key::new(hmac::HMAC_SHA256, &bytes)),
        Algorithm::RS256 => Key::Rs256(UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, bytes)),
        Algorithm::EdDSA => Key::EdDsa(UnparsedPublicKey::new(&ED25519, bytes)),
        _ => return Err(ErrorKind::UnsupportedAlgorithm.into()),
    };
    Ok(Box::new(key))
}

/// What verifies a signature.
enum Key {
    Hs256(hmac::Key),
    Rs256(UnparsedPublicKey<Vec<u8>>),
    EdDsa(UnparsedPublicKey<Vec<u8>>),
}

impl Verifier<Vec<u8>> for Key {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), signature::Error> {
        let verified = match self {
            Self::Hs256(key) => hmac::verify(key, message, signature),
            Self::Rs256(key) | Self::EdDsa(key) => key.verify(message, signature),
        };
        verified.map_err(|_| signature::Error::new())
    }
}

impl JwtVerifier for Key {
    fn algorithm(&self) -> Algorithm {
        match self {
            Self::Hs256(_) => Algorithm::HS256,
            Self::Rs256(_) => Algorithm::RS256,
            Self::EdDsa(_) => Algorithm::EdDSA,
        }
    }
}
