//! The person in front of a consent page, with an HTTP client instead of a browser.

use reqwest::{Client, StatusCode, header};
use url::Url;

/// What the person does with the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Allow,
    Deny,
}

pub async fn answer(http: &Client, authorize_url: &str, account: &str, answer: Answer) {
    let shown = http.get(authorize_url).send().await.unwrap();
    assert_eq!(
        shown.status(),
        StatusCode::OK,
        "the consent page of {authorize_url}"
    );
    let page = shown.text().await.unwrap();

    let action = attribute(tag_with(&page, "<form"), "action").expect("the form has an action");
    let mut fields = vec![("account".to_owned(), account.to_owned())];
    for input in page.split("<input").skip(1) {
        let input = input.split('>').next().unwrap_or_default();
        let name = attribute(input, "name").unwrap_or_default();
        if ["consent", "csrf", "scope"].contains(&name.as_str()) {
            fields.push((name, attribute(input, "value").unwrap_or_default()));
        }
    }
    let decision = match answer {
        Answer::Allow => "allow",
        Answer::Deny => "deny",
    };
    fields.push(("decision".to_owned(), decision.to_owned()));

    let target = Url::parse(authorize_url).unwrap().join(&action).unwrap();
    let decided = http.post(target).form(&fields).send().await.unwrap();
    assert!(
        decided.status().is_redirection(),
        "{}: {}",
        decided.status(),
        decided.text().await.unwrap()
    );
    let home = decided.headers()[header::LOCATION].to_str().unwrap();
    let landed = http.get(home).send().await.unwrap();
    assert_eq!(
        landed.status(),
        StatusCode::OK,
        "Daypart's own page after the consent"
    );
}

fn tag_with<'a>(page: &'a str, start: &str) -> &'a str {
    let (_, rest) = page
        .split_once(start)
        .unwrap_or_else(|| panic!("no {start} in {page}"));
    rest.split('>').next().unwrap_or_default()
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    let value = rest.split('"').next()?;
    Some(
        value
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&amp;", "&"),
    )
}
