//! The frame of every page: the practice banner and one small style.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

const STYLE: &str = "\
:root{color-scheme:light dark;--line:#8886;--accent:#b45309}\
body{font:16px/1.5 system-ui,sans-serif;margin:0}\
.banner{background:#b45309;color:#fff;padding:12px 16px;font-weight:600;text-align:center}\
.banner span{display:inline-block;border:2px solid #fff;border-radius:4px;padding:0 8px;margin-right:8px;letter-spacing:.08em}\
main{max-width:760px;margin:24px auto;padding:0 16px}\
h1{font-size:1.5rem}fieldset{border:1px solid var(--line);border-radius:8px;margin:0 0 16px;padding:8px 16px}\
.choice{display:flex;gap:12px;align-items:center;padding:8px 0}.choice img{border-radius:50%}\
button{font:inherit;padding:8px 24px;border-radius:8px;border:1px solid var(--line);cursor:pointer}\
button.main{background:#1d4ed8;color:#fff;border-color:#1d4ed8}\
:focus-visible{outline:3px solid #1d4ed8;outline-offset:2px}\
article{border:1px solid var(--line);border-radius:8px;padding:16px;margin:0 0 16px}\
video{max-width:100%;max-height:420px;background:#000;border-radius:8px}\
dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px}dt{opacity:.75}dd{margin:0;overflow-wrap:anywhere}\
a{color:LinkText}";

/// Text made safe for HTML content and attribute values.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

pub(crate) fn page(title: &str, body: &str) -> Response {
    page_with_status(StatusCode::OK, title, body)
}

pub(crate) fn page_with_status(status: StatusCode, title: &str, body: &str) -> Response {
    let html = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>PRACTICE: {}</title><style>{STYLE}</style></head>\
         <body><div class=\"banner\" role=\"note\"><span>PRACTICE</span>Simulated platform on this computer. Nothing here is public.</div>\
         <main>{body}</main></body></html>",
        escape(title)
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            header::CONTENT_SECURITY_POLICY,
            // The redirect that answers the form leads to the app's own loopback port.
            "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; media-src 'self'; \
             form-action 'self' http://127.0.0.1:* http://localhost:*; frame-ancestors 'none'; base-uri 'none'",
        ),
    ];
    (status, headers, html).into_response()
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn nothing_can_leave_its_attribute() {
        assert_eq!(
            escape("<a b=\"c\" d='e'>&"),
            "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;"
        );
    }
}
