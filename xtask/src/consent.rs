//! Plays the person in the browser: opens the consent page, leaves everything as it is preset, presses Allow.

use anyhow::{Context, Result, bail};

use crate::loopback;

/// Follows the consent page at `authorize_url` to its end: the page by which the app says that it is connected.
///
/// # Errors
/// When the page is no form, or anything but the expected redirect and success comes back.
pub fn allow(authorize_url: &str) -> Result<()> {
    let page = loopback::get(authorize_url)?;
    if page.status != 200 {
        bail!("the consent page answered {}", page.status);
    }
    let form = Form::read(&page.body).context("the consent page has no form")?;
    let mut fields = form.fields;
    fields.push(("decision".to_owned(), "allow".to_owned()));
    let origin = authorize_url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
    let decided = loopback::post_form(&format!("{origin}{}", form.action), &fields)?;
    let redirect = decided
        .header("location")
        .context("the consent page led nowhere")?;
    let end = loopback::get(redirect)?;
    if end.status != 200 {
        bail!("the app refused the way back ({})", end.status);
    }
    Ok(())
}

/// What would be sent when somebody pressed the button without touching anything else.
#[derive(Debug, PartialEq, Eq)]
struct Form {
    action: String,
    fields: Vec<(String, String)>,
}

impl Form {
    fn read(page: &str) -> Option<Self> {
        let action = attribute(tags(page, "form").next()?, "action")?;
        let fields = tags(page, "input")
            .filter(|tag| attribute(tag, "type").as_deref() == Some("hidden") || tag.contains(" checked"))
            .filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value")?)))
            .collect();
        Some(Self { action, fields })
    }
}

/// The insides of every `<name …>`.
fn tags<'a>(page: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let start = format!("<{name} ");
    let mut rest = page;
    std::iter::from_fn(move || {
        let (_, after) = rest.split_once(start.as_str())?;
        let (tag, left) = after.split_once('>')?;
        rest = left;
        Some(tag)
    })
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let tag = format!(" {tag}");
    let (_, after) = tag.split_once(&format!(" {name}=\""))?;
    let (value, _) = after.split_once('"')?;
    Some(
        value
            .replace("&quot;", "\"")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_and_checked_fields_are_sent_and_others_are_not() {
        let page = r#"<form method="post" action="/decide"><input type="hidden" name="csrf" value="a&amp;b">
            <input type="radio" name="account" value="ada" checked><input type="radio" name="account" value="bo">
            <input type="checkbox"  value="x" checked disabled></form>"#;
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let expected = Form {
            action: "/decide".into(),
            fields: vec![pair("csrf", "a&b"), pair("account", "ada")],
        };
        assert_eq!(Form::read(page), Some(expected));
        assert_eq!(Form::read("<p>Gone</p>"), None);
    }
}
