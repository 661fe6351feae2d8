//! Tokens: what nobody signed entitles nobody, and what was signed only to what it says.

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gradus::token::Verifier;
use gradus_engine::viewer::Viewer;
use ring::hmac;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::requests::SECRET;

static VERIFIER: LazyLock<Verifier> =
    LazyLock::new(|| Verifier::new(Some(SECRET), None).unwrap_or_else(|error| panic!("{error}")));

/// A head and, behind a newline, claims, both as they are signed; or an `Authorization` header as it is.
pub(crate) fn verify(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for header in [text.to_string(), format!("Bearer {text}")] {
        assert_ne!(VERIFIER.viewer(Some(&header)), Ok(Viewer::Pro), "{header:?} entitles");
    }
    let Some((head, claims)) = text.split_once('\n') else { return };
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(head), URL_SAFE_NO_PAD.encode(claims));
    let with_key = |key: &str| {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes()), signed.as_bytes());
        VERIFIER.viewer(Some(&format!("Bearer {signed}.{}", URL_SAFE_NO_PAD.encode(tag))))
    };
    for key in ["", "another secret, also long enough for HS256"] {
        assert!(with_key(key).is_err(), "{text:?} is taken with a key of somebody else");
    }
    assert!(VERIFIER.viewer(Some(&format!("Bearer {signed}."))).is_err(), "{text:?} is taken without a signature");
    if with_key(SECRET) == Ok(Viewer::Pro) {
        assert!(entitles(head, claims), "{text:?} entitles");
    }
}

/// What of a head and of claims decides; a number that is none in a claim that nobody looks at does not.
#[derive(Deserialize)]
struct Head {
    alg: String,
    crit: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Claims {
    exp: f64,
    nbf: Option<f64>,
    entitlements: Vec<String>,
}

/// Whether a token that says so may be taken for one that entitles.
fn entitles(head: &str, claims: &str) -> bool {
    let (Ok(head), Ok(claims)) = (serde_json::from_str::<Head>(head), serde_json::from_str::<Claims>(claims)) else {
        return false;
    };
    let now = std::time::UNIX_EPOCH.elapsed().map_or(0.0, |since_1970| since_1970.as_secs_f64());
    head.alg == "HS256"
        && head.crit.is_none()
        && claims.entitlements.iter().any(|one| one == "pro")
        && claims.exp > now - 1.0
        && claims.nbf.is_none_or(|nbf| nbf <= now + 1.0)
}
