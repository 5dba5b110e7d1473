//! The consent page of both platforms: plain HTML, a form, unmistakably practice.

use std::sync::Arc;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use url::Url;

use crate::app::App;
use crate::call::{Form, Refusal};
use crate::oauth::{Consent, close_consent, open_consent};
use crate::pages::layout::{escape, page, page_with_status};
use crate::world::{Platform, World};

/// An account a person can choose on the page.
pub(crate) struct Choice {
    pub(crate) key: String,
    pub(crate) title: String,
    pub(crate) note: String,
    pub(crate) picture_url: String,
}

/// What the person decided.
pub(crate) struct Decision {
    pub(crate) consent: Consent,
    /// `None`: denied.
    pub(crate) allowed: Option<Allowed>,
}

pub(crate) struct Allowed {
    pub(crate) account: String,
    pub(crate) scopes: Vec<String>,
}

/// Shows the page for a checked authorize request.
pub(crate) fn show(
    app: &Arc<App>,
    consent: Consent,
    decide_url: &str,
    choices: &[Choice],
    scope_says: impl Fn(&str) -> (&'static str, bool),
) -> Result<Response, Refusal> {
    let (platform, scopes) = (consent.platform, consent.scopes.clone());
    let (id, csrf) = app.change(|world| open_consent(world, consent))?;
    let mut accounts = String::new();
    for (index, choice) in choices.iter().enumerate() {
        accounts += &format!(
            "<label class=\"choice\"><input type=\"radio\" name=\"account\" value=\"{}\"{}> \
             <img src=\"{}\" alt=\"\" width=\"48\" height=\"48\"> <span><strong>{}</strong><br><small>{}</small></span></label>",
            escape(&choice.key),
            if index == 0 { " checked" } else { "" },
            escape(&choice.picture_url),
            escape(&choice.title),
            escape(&choice.note),
        );
    }
    let mut rights = String::new();
    for scope in &scopes {
        let (says, fixed) = scope_says(scope);
        let hidden = if fixed {
            format!(
                "<input type=\"hidden\" name=\"scope\" value=\"{}\">",
                escape(scope)
            )
        } else {
            String::new()
        };
        rights += &format!(
            "<label class=\"choice\"><input type=\"checkbox\" {} value=\"{}\" checked{}> \
             <span>{}<br><small><code>{}</code></small></span></label>{hidden}",
            if fixed { "" } else { "name=\"scope\"" },
            escape(scope),
            if fixed { " disabled" } else { "" },
            escape(says),
            escape(scope),
        );
    }
    let title = format!("Connect Daypart to practice {}", platform.title());
    let body = format!(
        "<h1>{title}</h1>\
         <p>The app <strong>Daypart</strong> asks for access to a <strong>practice</strong> account. Nothing here reaches the real {}.</p>\
         <form method=\"post\" action=\"{}\">\
         <input type=\"hidden\" name=\"consent\" value=\"{id}\"><input type=\"hidden\" name=\"csrf\" value=\"{csrf}\">\
         <fieldset><legend>Which practice account?</legend>{accounts}</fieldset>\
         <fieldset><legend>What may Daypart do?</legend>{rights}</fieldset>\
         <p class=\"buttons\"><button type=\"submit\" name=\"decision\" value=\"allow\" class=\"main\">Allow</button> \
         <button type=\"submit\" name=\"decision\" value=\"deny\">Deny</button></p></form>",
        platform.title(),
        escape(decide_url),
    );
    Ok(page(&title, &body))
}

/// Reads the answered form. The consent is used up.
pub(crate) fn decide(world: &mut World, platform: Platform, form: &Form) -> Result<Decision, Refusal> {
    let id = form.get("consent").unwrap_or("");
    let csrf = form.get("csrf").unwrap_or("");
    let Some(consent) = close_consent(world, platform, id, csrf) else {
        return Err(error_page(
            StatusCode::FORBIDDEN,
            "This page is no longer valid",
            "Start the connection again in the app.",
        ));
    };
    if form.get("decision") != Some("allow") {
        return Ok(Decision {
            consent,
            allowed: None,
        });
    }
    let scopes: Vec<String> = consent
        .scopes
        .iter()
        .filter(|scope| form.all("scope").any(|kept| kept == *scope))
        .cloned()
        .collect();
    let account = form.get("account").unwrap_or("").to_owned();
    let allowed = Some(Allowed { account, scopes });
    Ok(Decision { consent, allowed })
}

/// Sends the browser back to the app.
pub(crate) fn back_to_app(redirect_uri: &str, fields: &[(&str, &str)], state: Option<&str>) -> Response {
    let Ok(mut url) = Url::parse(redirect_uri) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    {
        let mut pairs = url.query_pairs_mut();
        for (name, value) in fields {
            pairs.append_pair(name, value);
        }
        if let Some(state) = state {
            pairs.append_pair("state", state);
        }
    }
    let headers = [
        (header::LOCATION, url.to_string()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (StatusCode::FOUND, headers).into_response()
}

/// A page that tells the person (and the developer) why nothing can be allowed.
pub(crate) fn error_page(status: StatusCode, title: &str, says: &str) -> Refusal {
    let body = format!("<h1>{}</h1><p>{}</p>", escape(title), escape(says));
    Refusal::new(page_with_status(status, title, &body))
}
