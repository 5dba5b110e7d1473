//! Upload throughput: Daypart against curl, the same file to the same simulator.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::{Figure, YOUTUBE_OPTIONS, median, stage};
use crate::{call::Call, clips, daypart::Stage, loopback};

const SIZE_BYTES: u64 = 1_000_000_000;
const RUNS: usize = 3;

/// The example pair of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const REDIRECT: &str = "http://127.0.0.1:9/";
/// Built into the simulator for everybody; see its README.
const CLIENT_ID: &str = "practice-google-client-id";
const CLIENT_SECRET: &str = "practice-google-client-secret";

/// Takes turns, so that a busy moment hits both. The times are the simulator's: upload opened → last byte stored.
///
/// # Errors
/// When either of them cannot upload.
pub fn measure(folder: &Path) -> Result<Vec<Figure>> {
    let stage = stage(folder)?;
    let file = folder.join("clip.mp4");
    clips::of_size(&file, SIZE_BYTES)?;
    let file = file.display().to_string();
    let token = access_token(&stage)?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let mut words = vec!["post", &file, "--to", "practice-youtube", "--caption", "bench"];
        words.extend(YOUTUBE_OPTIONS);
        ours.push(rate(&stage, || {
            let ended = stage.daypart(&words).output()?;
            if !ended.status.success() {
                bail!("{}", String::from_utf8_lossy(&ended.stderr));
            }
            Ok(())
        })?);
        theirs.push(rate(&stage, || curl(&stage, &token, &file))?);
    }
    Ok(vec![Figure {
        name: "upload of a 1 GB file to practice YouTube, median of 3".into(),
        ours: median(ours),
        reference: Some(median(theirs)),
        unit: "MB/s",
        command: "daypart post FILE --to practice-youtube, against curl -T FILE UPLOAD_URI in one request"
            .into(),
    }])
}

/// Megabytes per second of this one upload, by the simulator's clock.
fn rate(stage: &Stage, upload: impl FnOnce() -> Result<()>) -> Result<f64> {
    upload()?;
    let ledger = stage.control("ledger?platform=youtube", None)?;
    let post = ledger
        .as_array()
        .and_then(|posts| posts.last())
        .context("nothing was posted")?;
    let uploads = stage.control("uploads?platform=youtube", None)?;
    let opened_ms = uploads
        .as_array()
        .into_iter()
        .flatten()
        .find(|upload| upload["id"] == post["upload_id"])
        .and_then(|upload| upload["created_at_ms"].as_f64())
        .context("the upload is not listed")?;
    let stored_ms = post["received_real_ms"]
        .as_f64()
        .context("no time of the last byte")?;
    Ok(SIZE_BYTES as f64 / 1e6 / ((stored_ms - opened_ms) / 1000.0))
}

/// Opens a resumable upload and sends the whole file in one request, as the plainest client would.
fn curl(stage: &Stage, token: &str, file: &str) -> Result<()> {
    let start = format!(
        "{}/google/www/upload/youtube/v3/videos?uploadType=resumable&part=snippet,status",
        stage.practice_url
    );
    let body = json!({
        "snippet": {"title": "curl", "categoryId": "22"},
        "status": {"privacyStatus": "public", "selfDeclaredMadeForKids": false},
    });
    let authorization = format!("Authorization: Bearer {token}");
    let length = format!("X-Upload-Content-Length: {SIZE_BYTES}");
    let head = Call::new(
        "curl",
        [
            "-sS",
            "-f",
            "-D",
            "-",
            "-o",
            "/dev/null",
            "-X",
            "POST",
            "-H",
            &authorization,
            "-H",
            &length,
            "-H",
            "X-Upload-Content-Type: video/mp4",
            "-H",
            "Content-Type: application/json",
            "-d",
            &body.to_string(),
            &start,
        ],
    )
    .output()?;
    let location = head
        .lines()
        .find_map(|line| {
            line.to_ascii_lowercase()
                .starts_with("location:")
                .then(|| line[9..].trim().to_owned())
        })
        .context("no upload URI")?;
    Call::new(
        "curl",
        [
            "-sS",
            "-f",
            "-o",
            "/dev/null",
            "-H",
            &authorization,
            "-H",
            "Content-Type: video/mp4",
            "-T",
            file,
            &location,
        ],
    )
    .output()?;
    Ok(())
}

/// Signs in as any other app would.
fn access_token(stage: &Stage) -> Result<String> {
    let base = &stage.practice_url;
    let scope = "https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fyoutube.upload";
    let authorize = format!(
        "{base}/google/accounts/o/oauth2/v2/auth?client_id={CLIENT_ID}&redirect_uri=http%3A%2F%2F127.0.0.1%3A9%2F\
         &response_type=code&scope={scope}&state=bench&code_challenge={CHALLENGE}&code_challenge_method=S256\
         &access_type=offline"
    );
    let led = stage.control("authorize", Some(&json!({"url": authorize, "account": "ada"})))?;
    let redirect = led["redirect"].as_str().context("no redirect")?;
    let code = redirect
        .split(['?', '&'])
        .find_map(|pair| pair.strip_prefix("code="))
        .with_context(|| format!("no code in {redirect}"))?;
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let answer = loopback::post_form(
        &format!("{base}/google/oauth2/token"),
        &[
            pair("grant_type", "authorization_code"),
            pair("code", &decoded(code)),
            pair("client_id", CLIENT_ID),
            pair("client_secret", CLIENT_SECRET),
            pair("redirect_uri", REDIRECT),
            pair("code_verifier", VERIFIER),
        ],
    )?;
    let grant: Value = serde_json::from_str(&answer.body)?;
    Ok(grant["access_token"]
        .as_str()
        .with_context(|| format!("no token: {}", answer.body))?
        .to_owned())
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let hex: Option<u8> = (byte == b'%')
            .then(|| [rest.next(), rest.next()])
            .and_then(|pair| String::from_utf8(pair.into_iter().flatten().collect()).ok())
            .and_then(|pair| u8::from_str_radix(&pair, 16).ok());
        bytes.push(hex.unwrap_or(byte));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_decoded() {
        assert_eq!(decoded("a%2Fb"), "a/b");
    }
}
