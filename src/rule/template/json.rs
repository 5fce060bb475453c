//! Words for tokens that hold JSON.

use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL_NOPAD};

use super::{
    Draft, Expected, Word, classes,
    classes::alone,
    structure::{base62, digits},
};

pub(super) static WORDS: &[Word] = &[
    Word::new(
        "jwt",
        "A whole JSON Web Token; `jwt:supabase` for the service role, `jwt:expired`, `jwt:kubernetes`.",
        jwt,
    ),
    Word::new("jwt-supabase", "As jwt:supabase.", |draft, _| jwt(draft, Some("supabase"))),
    Word::new("grafana-json", "A whole Grafana Cloud token; `grafana-json:key` for an old API key.", grafana),
    Word::new("sentry-json", "A whole Sentry organization token.", |draft, argument| alone(draft, argument, sentry)),
    Word::new("onepassword-json", "A whole 1Password service account token.", |draft, argument| {
        alone(draft, argument, onepassword)
    }),
    Word::new("mapbox-json", "Payload and signature of a Mapbox token, after `sk.`.", |draft, argument| {
        alone(draft, argument, mapbox)
    }),
    Word::new("gcp-service-account", "A whole key file of a Google service account, in Base64.", |draft, argument| {
        alone(draft, argument, service_account)
    }),
    Word::new("tinybird-json", "Payload and signature of a Tinybird token, after `p.`.", |draft, argument| {
        alone(draft, argument, tinybird)
    }),
];

fn service_account(draft: &mut Draft) {
    let key = BASE64.encode(&draft.random.bytes(1190));
    let (id, number) = (base62(draft, 40).to_ascii_lowercase(), digits(draft, 21));
    let pem = ["-----BEGIN PRIV", "ATE KEY-----\\n", &key, "\\n-----END PRIV", "ATE KEY-----\\n"].concat();
    let json = format!(
        "{{\n  \"type\": \"service_account\",\n  \"project_id\": \"acme-prod\",\n  \"private_key_id\": \"{id}\",\n  \"private_key\": \"{pem}\",\n  \"client_email\": \"ci@acme-prod.iam.gserviceaccount.com\",\n  \"client_id\": \"{number}\"\n}}\n"
    );
    draft.push(BASE64.encode(json.as_bytes()));
}

fn tinybird(draft: &mut Draft) {
    let payload = format!(r#"{{"u": "{}", "id": "{}", "host": "eu_shared"}}"#, base62(draft, 36), base62(draft, 36));
    let signature = BASE64URL_NOPAD.encode(&draft.random.bytes(32));
    draft.push([BASE64URL_NOPAD.encode(payload.as_bytes()), signature].join("."));
}

fn jwt(draft: &mut Draft, argument: Option<&str>) -> Result<(), Expected> {
    let random = &mut *draft.random;
    let issued = 1_700_000_000 + random.below(50_000_000);
    let expires = 2_000_000_000 + random.below(90_000_000);
    let project: String = random.letters(classes::LOWER, 20).into_iter().map(char::from).collect();
    let subject = digits(draft, 10);
    let payload = match argument {
        None => format!(r#"{{"sub":"{subject}","scope":"admin","iat":{issued},"exp":{expires}}}"#),
        Some("supabase") => {
            format!(r#"{{"iss":"supabase","ref":"{project}","role":"service_role","iat":{issued},"exp":{expires}}}"#)
        }
        Some("expired") => format!(r#"{{"sub":"{subject}","iat":1546300800,"exp":{}}}"#, 1_546_304_400 + issued % 1000),
        Some("kubernetes") => format!(
            r#"{{"iss":"kubernetes/serviceaccount","sub":"system:serviceaccount:default:{project}","exp":{expires}}}"#
        ),
        Some(_) => return Err("supabase, expired, kubernetes or nothing"),
    };
    let header = BASE64URL_NOPAD.encode(br#"{"alg":"HS256","typ":"JWT"}"#);
    let signature = BASE64URL_NOPAD.encode(&draft.random.bytes(32));
    draft.push([header, BASE64URL_NOPAD.encode(payload.as_bytes()), signature].join("."));
    Ok(())
}

fn grafana(draft: &mut Draft, argument: Option<&str>) -> Result<(), Expected> {
    let (organization, key) = (digits(draft, 6), base62(draft, 32));
    match argument {
        None => {
            let json = format!(r#"{{"o":"{organization}","n":"stack-writer","k":"{key}","m":{{"r":"eu"}}}}"#);
            draft.push(["gl", "c_", &BASE64.encode(json.as_bytes())].concat());
        }
        Some("key") => {
            draft.push(BASE64.encode(format!(r#"{{"k":"{key}","n":"grafana","id":1}}"#).as_bytes()));
        }
        Some(_) => return Err("key or nothing"),
    }
    Ok(())
}

fn sentry(draft: &mut Draft) {
    let issued = 1_700_000_000 + draft.random.below(50_000_000);
    let json = format!(
        r#"{{"iat":{issued}.5,"url":"https://sentry.io","region_url":"https://us.sentry.io","org":"example"}}"#
    );
    let random = BASE64_NOPAD.encode(&draft.random.bytes(32));
    draft.push(["sntr", "ys_", &BASE64.encode(json.as_bytes()), "_", &random].concat());
}

fn onepassword(draft: &mut Draft) {
    let (key, secret) = (base62(draft, 43), base62(draft, 26).to_ascii_uppercase());
    let json = format!(
        r#"{{"signInAddress":"example.1password.com","userAuth":{{"method":"SRPg-4096","alg":"PBES2g-HS256"}},"email":"a@1passwordserviceaccounts.com","srpX":"{key}","secretKey":"A3-{secret}","deviceUuid":"b"}}"#
    );
    draft.push(["op", "s_", &BASE64URL_NOPAD.encode(json.as_bytes())].concat());
}

fn mapbox(draft: &mut Draft) {
    let key = base62(draft, 25).to_ascii_lowercase();
    let payload = BASE64URL_NOPAD.encode(format!(r#"{{"u":"example","a":"{key}"}}"#).as_bytes());
    let signature = BASE64URL_NOPAD.encode(&draft.random.bytes(16));
    draft.push([payload, signature].join("."));
}
