//! Bearer tokens: the right ones entitle, all others are refused.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use serde_json::{Value, json};

use crate::client::{Client, SECRET};

pub(crate) fn sign(secret: &str, exp: u64, entitlements: &[&str]) -> String {
    sign_claims(secret, &json!({ "exp": exp, "entitlements": entitlements }))
}

fn sign_claims(secret: &str, claims: &Value) -> String {
    sign_parts(secret, &json!({ "alg": "HS256", "typ": "JWT" }), claims)
}

fn sign_parts(secret: &str, header: &Value, claims: &Value) -> String {
    let part = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
    let signed = format!("{}.{}", part(header), part(claims));
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let signature = URL_SAFE_NO_PAD.encode(hmac::sign(&key, signed.as_bytes()));
    format!("{signed}.{signature}")
}

#[tokio::test]
async fn bad_tokens_are_refused_and_never_downgraded() {
    let good = sign(SECRET, 4_000_000_000, &["pro"]);
    // {"alg":"none","typ":"JWT"} . {"exp":4000000000,"entitlements":["pro"]} .
    let unsigned = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJleHAiOjQwMDAwMDAwMDAsImVudGl0bGVtZW50cyI6WyJwcm8iXX0.";
    let claims = json!({ "exp": 4_000_000_000_u64, "entitlements": ["pro"] });
    let critical = json!({ "alg": "HS256", "crit": ["b64"], "b64": false });
    let refused = [
        ("with an extension that must be understood", sign_parts(SECRET, &critical, &claims)),
        ("of another algorithm", sign_parts(SECRET, &json!({ "alg": "HS512" }), &claims)),
        ("expired", sign(SECRET, 1_000_000_000, &["pro"])),
        ("another secret", sign("another secret, just as long as it needs", 4_000_000_000, &["pro"])),
        ("without exp", sign_claims(SECRET, &json!({ "entitlements": ["pro"] }))),
        ("unsigned", unsigned.to_owned()),
        ("cut", good[..good.len() - 4].to_owned()),
        ("empty", String::new()),
        ("garbage", "garbage".to_owned()),
    ];
    for (why, token) in refused {
        let answer = Client::fixture("locked").with_token(&token).get("/v1/guides").await;
        assert_eq!(answer.status, 401, "{why}");
        let problem = answer.json();
        assert_eq!(problem["code"], "unauthorized", "{why}");
        assert!(answer.headers.contains_key("www-authenticate"));
    }
    assert_eq!(Client::fixture("locked").with_token(&good).get("/v1/guides").await.status, 200);
}

#[tokio::test]
async fn a_token_without_the_entitlement_reads_as_anybody() {
    let token = sign(SECRET, 4_000_000_000, &["basic"]);
    let guide = Client::fixture("locked").with_token(&token).get("/v1/guides/secret").await.json();
    assert_eq!(guide["locked"], true);
}

#[tokio::test]
async fn other_schemes_are_refused() {
    let answer = Client::fixture("locked").get_with("/v1/guides", &[("authorization", "Basic eDp5")]).await;
    assert_eq!(answer.status, 401);
}
