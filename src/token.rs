//! Tokens: from an `Authorization` header to the viewer that it stands for.

use std::path::Path;

use anyhow::{Context, bail};
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
    /// Malformed, badly signed, of a foreign algorithm or without `exp`.
    #[error("the token is not valid")]
    Invalid,
}

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
    /// If both are given, the secret is empty, or the file cannot be read or is no public key in PEM.
    pub fn new(secret: Option<&str>, public_key: Option<&Path>) -> anyhow::Result<Self> {
        let key = match (secret, public_key) {
            (Some(_), Some(_)) => bail!("a JWT secret and a JWT public key file are both set: keep one"),
            (Some(""), None) => bail!("the JWT secret is empty"),
            (Some(secret), None) => Some((DecodingKey::from_secret(secret.as_bytes()), Algorithm::HS256)),
            (None, Some(path)) => Some(public_key_in(path)?),
            (None, None) => None,
        };
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
        let (scheme, token) = header.split_once(' ').ok_or(TokenError::Scheme)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(TokenError::Scheme);
        }
        let (key, validation) = self.key.as_ref().ok_or(TokenError::NoKey)?;
        let token = decode::<Claims>(token.trim(), key, validation).map_err(|error| match error.kind() {
            jsonwebtoken::errors::ErrorKind::ExpiredSignature => TokenError::Expired,
            _ => TokenError::Invalid,
        })?;
        Ok(Viewer::entitled(&token.claims.entitlements))
    }
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
    let rsa = DecodingKey::from_rsa_pem(&pem).map(|key| (key, Algorithm::RS256));
    rsa.or_else(|_| DecodingKey::from_ed_pem(&pem).map(|key| (key, Algorithm::EdDSA)))
        .with_context(|| format!("{} is neither an RSA nor an Ed25519 public key in PEM", path.display()))
}
