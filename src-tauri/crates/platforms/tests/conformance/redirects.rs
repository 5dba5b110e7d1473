//! The loopback listener against callers that are no browser.

use std::time::Duration;

use daypart_platforms::LoopbackRedirects;
use daypart_ports::browser::RedirectListeners;
use secrecy::ExposeSecret;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

async fn talk(address: &str, text: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn strangers_are_answered_and_do_not_end_the_wait() {
    let mut listener = LoopbackRedirects.bind("/callback/").await.unwrap();
    let uri = listener.redirect_uri().to_owned();
    let address = uri
        .strip_prefix("http://")
        .and_then(|rest| rest.strip_suffix("/callback/"))
        .unwrap()
        .to_owned();
    let waiting = tokio::spawn(async move { listener.answer("right-state").await });
    // A speculative connection that never says anything must not hold up the others.
    let _silent = TcpStream::connect(&address).await.unwrap();
    let right = "/callback/?code=a%2Ab%21&state=right-state&scopes=one%2Ctwo";
    for (request, expected) in [
        (format!("POST {right} HTTP/1.1\r\nHost: {address}\r\n\r\n"), "405"),
        (
            format!("GET {right} HTTP/1.1\r\nHost: evil.example\r\n\r\n"),
            "421",
        ),
        (format!("GET {right} HTTP/1.1\r\n\r\n"), "421"),
        (format!("GET /other HTTP/1.1\r\nHost: {address}\r\n\r\n"), "404"),
        (
            format!("GET /callback/?code=x&state=right-stat HTTP/1.1\r\nHost: {address}\r\n\r\n"),
            "400",
        ),
        (
            format!("GET /callback/?code=x&state= HTTP/1.1\r\nHost: {address}\r\n\r\n"),
            "400",
        ),
        ("nonsense\r\n\r\n".to_owned(), "400"),
    ] {
        let answer = talk(&address, &request).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {expected}")),
            "{request} → {answer}"
        );
    }
    let answer = talk(
        &address,
        &format!("GET {right} HTTP/1.1\r\nHost: {address}\r\n\r\n"),
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("You can close this window"));
    assert!(!answer.contains("right-state") && !answer.contains("a*b!"));
    let answer = tokio::time::timeout(Duration::from_secs(10), waiting)
        .await
        .unwrap()
        .unwrap();
    let answer = answer.unwrap();
    assert_eq!(answer.code.expose_secret(), "a*b!");
    assert_eq!(answer.scopes, Some(vec!["one".to_owned(), "two".to_owned()]));
}

#[tokio::test]
async fn the_pages_own_error_is_kept_for_the_log() {
    let mut listener = LoopbackRedirects.bind("").await.unwrap();
    let uri = listener.redirect_uri().to_owned();
    let address = uri.strip_prefix("http://").unwrap().to_owned();
    let visit = async move {
        let target = "/?error=invalid_scope&error_description=no+such+scope&state=right-state";
        talk(
            &address,
            &format!("GET {target} HTTP/1.1\r\nHost: {address}\r\n\r\n"),
        )
        .await
    };
    let (answer, page) = tokio::join!(listener.answer("right-state"), visit);
    assert!(page.contains("Nothing was connected"));
    let problem = answer.err().unwrap();
    assert_eq!(problem.code.as_str(), "auth.client");
    let words = problem.platform_words.unwrap();
    assert_eq!(words.message.as_deref(), Some("no such scope"));
}
