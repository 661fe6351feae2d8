//! Bearer tokens: the right ones entitle, all others are refused.

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use crate::client::{Client, SECRET};

pub(crate) fn sign(secret: &str, exp: u64, entitlements: &[&str]) -> String {
    sign_claims(secret, &json!({ "exp": exp, "entitlements": entitlements }))
}

fn sign_claims(secret: &str, claims: &Value) -> String {
    encode(&Header::new(Algorithm::HS256), claims, &EncodingKey::from_secret(secret.as_bytes())).unwrap()
}

#[tokio::test]
async fn bad_tokens_are_refused_and_never_downgraded() {
    let good = sign(SECRET, 4_000_000_000, &["pro"]);
    // {"alg":"none","typ":"JWT"} . {"exp":4000000000,"entitlements":["pro"]} .
    let unsigned = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJleHAiOjQwMDAwMDAwMDAsImVudGl0bGVtZW50cyI6WyJwcm8iXX0.";
    let refused = [
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
