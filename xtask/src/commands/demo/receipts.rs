//! The receipts as a table.

use serde_json::Value;

/// One line per publication of `posts` (what `daypart list --json` prints).
pub fn table(posts: &Value) -> String {
    let mut rows = vec![["Destination", "State", "Published at", "Visibility", "Link"].map(str::to_owned)];
    for publication in publications(posts) {
        let text = |value: &Value| value.as_str().unwrap_or("–").to_owned();
        let receipt = &publication["receipt"];
        rows.push([
            format!(
                "{} {}",
                text(&publication["realm"]),
                text(&publication["platform_name"])
            ),
            text(&publication["state"]),
            text(&receipt["published_at"]),
            text(&receipt["visibility"]),
            text(&receipt["url"]),
        ]);
    }
    aligned(&rows)
}

/// Every publication is read back and has its link.
pub fn complete(posts: &Value) -> bool {
    let mut all = publications(posts).peekable();
    all.peek().is_some() && all.all(|p| p["state"] == "published" && p["receipt"]["url"].is_string())
}

fn publications(posts: &Value) -> impl Iterator<Item = &Value> {
    let posts = posts.as_array().map_or(&[][..], Vec::as_slice);
    posts
        .iter()
        .flat_map(|post| post["publications"].as_array().map_or(&[][..], Vec::as_slice))
}

fn aligned<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |column: usize| {
        rows.iter()
            .map(|row| row[column].chars().count())
            .max()
            .unwrap_or(0)
    };
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            line += &format!("{cell:<width$}  ", width = width(column));
        }
        text += line.trim_end();
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_post_is_complete_when_every_link_is_there() {
        let post = |url: Value| json!([{"publications": [{"state": "published", "receipt": {"url": url}}]}]);
        assert!(complete(&post(json!("http://x"))));
        assert!(!complete(&post(Value::Null)));
        assert!(!complete(&json!([])));
    }

    #[test]
    fn columns_stand_under_each_other() {
        let rows = [
            ["a", "long"].map(str::to_owned),
            ["longer", "b"].map(str::to_owned),
        ];
        assert_eq!(aligned(&rows), "a       long\nlonger  b\n");
    }
}
