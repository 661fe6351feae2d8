//! Tokens (JWT, RFC 7519): from an `Authorization` header to the viewer that it stands for.

mod crypto;

use std::path::Path;

use anyhow::{Context, bail, ensure};
use gradus_engine::viewer::Viewer;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde::Deserialize;

/// Why a token was not accepted. The text is for the one who sent it and tells nothing of the key.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// The server cannot verify any token.
    #[error("this server has no key to verify tokens with; ask without an Authorization header")]
    NoKey,
    /// Not `Bearer <token>`.
    #[error("the Authorization header is not `Bearer <token>`")]
    Scheme,
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
    /// Malformed, badly signed, of a foreign algorithm, without `exp`, or with extensions that must be understood (`crit`).
    #[error("the token is not valid")]
    Invalid,
}

/// Bytes of an HS256 secret: RFC 7518, section 3.2, wants as many as the hash has.
const MIN_SECRET_BYTES: usize = 32;

/// Verifies bearer tokens.
pub struct Verifier {
    key: Option<(DecodingKey, Validation)>,
    /// Who asks without a token.
    tokenless: Viewer,
}

#[derive(Deserialize)]
struct Claims {
    #[serde(default)]
    entitlements: Vec<String>,
}

impl Verifier {
    /// A verifier for HS256 tokens signed with `secret`, or RS256 and EdDSA tokens signed by the owner of the public key
    /// in the PEM file `public_key`; without either every token is refused.
    ///
    /// # Errors
    /// If both are given, the secret is too short or ends in white space, or the file cannot be read or holds no public
    /// key in PEM.
    pub fn new(secret: Option<&str>, public_key: Option<&Path>) -> anyhow::Result<Self> {
        let key = match (secret, public_key) {
            (Some(_), Some(_)) => bail!("a JWT secret and a JWT public key file are both set: keep one"),
            (Some(secret), None) => Some((secret_key(secret)?, Algorithm::HS256)),
            (None, Some(path)) => Some(public_key_in(path)?),
            (None, None) => None,
        };
        if key.is_some() {
            crypto::install();
        }
        Ok(Self { key: key.map(|(key, algorithm)| (key, validation(algorithm))), tokenless: Viewer::Anonymous })
    }

    /// A verifier that takes everybody for `viewer`: for the owner of the content, who asks inside the process.
    pub fn trusting(viewer: Viewer) -> Self {
        Self { key: None, tokenless: viewer }
    }

    /// The viewer that an `Authorization` header stands for; no header is [`Viewer::Anonymous`].
    ///
    /// # Errors
    /// If there is a header and it is not a valid token. It is never downgraded to anonymous in silence.
    pub fn viewer(&self, authorization: Option<&str>) -> Result<Viewer, TokenError> {
        let Some(header) = authorization else { return Ok(self.tokenless) };
        let token = bearer(header).ok_or(TokenError::Scheme)?;
        let (key, validation) = self.key.as_ref().ok_or(TokenError::NoKey)?;
        let token = decode::<Claims>(token, key, validation).map_err(|error| match error.kind() {
            jsonwebtoken::errors::ErrorKind::ExpiredSignature => TokenError::Expired,
            _ => TokenError::Invalid,
        })?;
        // RFC 7515, section 4.1.11: who does not understand what `crit` names must refuse the token. Nothing of it is
        // understood here, and the library passes over it.
        if token.header.crit.is_some() {
            return Err(TokenError::Invalid);
        }
        Ok(Viewer::entitled(&token.claims.entitlements))
    }
}

/// The token of an `Authorization: Bearer <token>` header; the scheme in any casing, as RFC 9110, section 11.1, says.
/// `None` where the header is anything else.
pub fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn secret_key(secret: &str) -> anyhow::Result<DecodingKey> {
    ensure!(!secret.is_empty(), "the JWT secret is empty");
    ensure!(
        secret.trim_end() == secret,
        "the JWT secret ends in white space, which is most likely the newline of a file: leave it out"
    );
    ensure!(
        secret.len() >= MIN_SECRET_BYTES,
        "the JWT secret has {} bytes; HS256 needs {MIN_SECRET_BYTES} at least (RFC 7518, section 3.2)",
        secret.len()
    );
    Ok(DecodingKey::from_secret(secret.as_bytes()))
}

fn validation(algorithm: Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.leeway = 0;
    validation.validate_nbf = true;
    // Sites issue tokens for their own audience; what counts here is the signature, the time and the entitlement.
    validation.validate_aud = false;
    validation
}

fn public_key_in(path: &Path) -> anyhow::Result<(DecodingKey, Algorithm)> {
    let pem = std::fs::read(path).with_context(|| format!("cannot read the JWT public key {}", path.display()))?;
    // Who has the private key can sign tokens: it has no place on a server that only verifies them.
    let is_private = String::from_utf8_lossy(&pem).contains("PRIVATE KEY-----");
    ensure!(!is_private, "{} holds a private key; give the public key only", path.display());
    let rsa = DecodingKey::from_rsa_pem(&pem).map(|key| (key, Algorithm::RS256));
    rsa.or_else(|_| DecodingKey::from_ed_pem(&pem).map(|key| (key, Algorithm::EdDSA)))
        .with_context(|| format!("{} is neither an RSA nor an Ed25519 public key in PEM", path.display()))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use ring::rand::SystemRandom;
    use ring::signature::{Ed25519KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};

    use super::*;

    const PRO: &str = r#"{"exp":4000000000,"entitlements":["pro"]}"#;

    fn fixture(name: &str) -> PathBuf {
        [env!("CARGO_MANIFEST_DIR"), "tests/fixtures/keys", name].iter().collect()
    }

    fn signed(algorithm: &str, claims: &str, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
        let header = format!(r#"{{"alg":"{algorithm}","typ":"JWT"}}"#);
        let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        format!("Bearer {message}.{}", URL_SAFE_NO_PAD.encode(sign(message.as_bytes())))
    }

    fn rsa(message: &[u8]) -> Vec<u8> {
        let pair = RsaKeyPair::from_pkcs8(&std::fs::read(fixture("rsa.pkcs8.der")).unwrap()).unwrap();
        let mut signature = vec![0; pair.public().modulus_len()];
        pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).unwrap();
        signature
    }

    fn ed25519(message: &[u8]) -> Vec<u8> {
        let bytes = std::fs::read(fixture("ed25519.pkcs8.der")).unwrap();
        Ed25519KeyPair::from_pkcs8_maybe_unchecked(&bytes).unwrap().sign(message).as_ref().to_vec()
    }

    #[test]
    fn public_keys_verify_what_their_owners_signed_and_nothing_else() {
        let rsa_verifier = Verifier::new(None, Some(&fixture("rsa.pub.pem"))).unwrap();
        let ed_verifier = Verifier::new(None, Some(&fixture("ed25519.pub.pem"))).unwrap();
        let (by_rsa, by_ed) = (signed("RS256", PRO, rsa), signed("EdDSA", PRO, ed25519));
        assert_eq!(rsa_verifier.viewer(Some(&by_rsa)), Ok(Viewer::Pro));
        assert_eq!(ed_verifier.viewer(Some(&by_ed)), Ok(Viewer::Pro));
        assert_eq!(rsa_verifier.viewer(Some(&by_ed)), Err(TokenError::Invalid));
        assert_eq!(ed_verifier.viewer(Some(&by_rsa)), Err(TokenError::Invalid));
        let expired = signed("EdDSA", r#"{"exp":1,"entitlements":["pro"]}"#, ed25519);
        assert_eq!(ed_verifier.viewer(Some(&expired)), Err(TokenError::Expired));
        let swapped = by_ed.replacen(&URL_SAFE_NO_PAD.encode(PRO), &URL_SAFE_NO_PAD.encode(r#"{"exp":4000000001}"#), 1);
        assert_eq!(ed_verifier.viewer(Some(&swapped)), Err(TokenError::Invalid));
    }

    #[test]
    fn a_public_key_is_no_secret_to_sign_with() {
        let pem = std::fs::read(fixture("rsa.pub.pem")).unwrap();
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &pem);
        let forged = signed("HS256", PRO, |message| ring::hmac::sign(&key, message).as_ref().to_vec());
        let verifier = Verifier::new(None, Some(&fixture("rsa.pub.pem"))).unwrap();
        assert_eq!(verifier.viewer(Some(&forged)), Err(TokenError::Invalid));
    }

    #[test]
    fn keys_that_cannot_be_meant_stop_the_start() {
        let refused = |secret: Option<&str>, file: Option<&str>| {
            let refused = Verifier::new(secret, file.map(fixture).as_deref()).map(drop);
            refused.unwrap_err().to_string()
        };
        assert!(refused(Some("short"), None).contains("has 5 bytes"));
        assert!(refused(Some(""), None).contains("is empty"));
        assert!(refused(Some("a secret that is long enough for HS256\n"), None).contains("newline"));
        assert!(refused(None, Some("rsa.private.pem")).contains("private key"));
        assert!(refused(None, Some("README.md")).contains("neither an RSA nor an Ed25519"));
        assert!(refused(Some("x"), Some("rsa.pub.pem")).contains("keep one"));
    }

    #[test]
    fn the_scheme_is_read_in_any_casing() {
        assert_eq!(bearer("bEARER  abc "), Some("abc"));
        assert_eq!((bearer("Basic abc"), bearer("Bearer"), bearer("")), (None, None, None));
    }
}
