//! Requests that are none: hyper answers them with a bare status before any service sees them. They get a problem as well.

/// The body of a problem for a status.
pub(super) type Reword = fn(u16) -> Vec<u8>;

/// The statuses that hyper answers by itself: not HTTP, the URL too long, the header too large.
const STATUSES: [u16; 3] = [400, 414, 431];

/// An answer with a problem for `bytes`, if they are an answer that hyper gave by itself: a lone head without a body.
/// Whatever the service answers carries a request id. Where not even the first line had come to its end, it is the URL that is
/// too long: hyper looks at the length of the whole first.
pub(super) fn reworded(bytes: &[u8], reword: Reword, is_first_line: bool) -> Option<Vec<u8>> {
    let rest = bytes.strip_prefix(b"HTTP/1.1 ")?;
    let status: u16 = std::str::from_utf8(rest.get(..3)?).ok()?.parse().ok()?;
    let head = std::str::from_utf8(bytes).ok().filter(|_| STATUSES.contains(&status))?;
    let head = head.strip_suffix("\r\n\r\n").filter(|head| !head.contains("\r\n\r\n"))?;
    let line = |name: &str| {
        let is_it = |line: &&str| line.split(':').next().is_some_and(|given| given.eq_ignore_ascii_case(name));
        head.lines().skip(1).find(is_it)
    };
    if line("content-length").is_none_or(|line| !line.ends_with(" 0")) || line("x-request-id").is_some() {
        return None;
    }
    let is_url = status == 431 && is_first_line;
    let body = reword(if is_url { 414 } else { status });
    let line_of_status = if is_url { "HTTP/1.1 414 URI Too Long" } else { head.lines().next()? };
    let mut answer = format!("{line_of_status}\r\n");
    answer.push_str("content-type: application/problem+json\r\ncache-control: no-store\r\nconnection: close\r\n");
    answer.push_str(&format!("content-length: {}\r\n", body.len()));
    line("date").into_iter().for_each(|date| answer.push_str(&format!("{date}\r\n")));
    answer.push_str("\r\n");
    let mut answer = answer.into_bytes();
    answer.extend(body);
    Some(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(given: &str) -> Option<String> {
        let words = reworded(given.as_bytes(), |status| format!("<{status}>").into_bytes(), true)?;
        Some(String::from_utf8(words).unwrap())
    }

    #[test]
    fn what_hyper_answers_by_itself_gets_a_body() {
        let date = "date: Thu, 01 Jan 2026 00:00:00 GMT";
        let told = check(&format!("HTTP/1.1 431 Too Large\r\ncontent-length: 0\r\n{date}\r\n\r\n")).unwrap();
        assert!(told.starts_with("HTTP/1.1 414 URI Too Long\r\n") && told.ends_with("\r\n\r\n<414>"), "{told}");
        assert!(told.contains(date) && told.contains("content-length: 5\r\n"), "{told}");
    }

    #[test]
    fn what_the_service_answers_stays() {
        for given in [
            "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nx-request-id: 7\r\n\r\n",
            "HTTP/1.1 400 Bad Request\r\ncontent-length: 2\r\n\r\n{}",
            "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n",
            "body of an answer",
            "",
        ] {
            assert_eq!(check(given), None, "{given}");
        }
    }
}
