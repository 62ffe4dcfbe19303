//! Clients that keep their connection and wait for each answer.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// One request.
#[derive(Clone)]
pub(crate) struct Call {
    method: &'static str,
    path: String,
    body: String,
}

impl Call {
    pub(crate) fn get(path: &str) -> Self {
        Self {
            method: "GET",
            path: format!("/api/v1{path}"),
            body: String::new(),
        }
    }

    /// Outside the API.
    pub(crate) fn at(path: &str) -> Self {
        Self {
            method: "GET",
            path: path.to_owned(),
            body: String::new(),
        }
    }

    pub(crate) fn post(path: &str, body: String) -> Self {
        Self {
            method: "POST",
            path: format!("/api/v1{path}"),
            body,
        }
    }
}

/// What came of driving one operation.
#[derive(Default)]
pub(crate) struct Driven {
    pub(crate) seconds: f64,
    /// Of each answer, in seconds.
    pub(crate) latencies: Vec<f64>,
}

/// A connection that is kept.
pub(crate) struct Client {
    stream: BufReader<TcpStream>,
    head: String,
}

impl Client {
    pub(crate) fn new(address: &str, token: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        let head = format!("Host: {address}\r\nAuthorization: Bearer {token}\r\n");
        Self {
            stream: BufReader::new(stream),
            head,
        }
    }

    /// The status and the body of an answer.
    pub(crate) fn call(&mut self, call: &Call, media: &str) -> (u16, Vec<u8>) {
        let request = format!(
            "{} {} HTTP/1.1\r\n{}Content-Type: {media}\r\nContent-Length: {}\r\n\r\n{}",
            call.method,
            call.path,
            self.head,
            call.body.len(),
            call.body
        );
        self.stream.get_mut().write_all(request.as_bytes()).unwrap();
        let (mut status, mut length, mut line) = (0, 0, String::new());
        loop {
            line.clear();
            self.stream.read_line(&mut line).unwrap();
            let text = line.trim_end();
            if text.is_empty() {
                break;
            }
            if let Some(rest) = text.strip_prefix("HTTP/1.1 ") {
                status = rest[..3].parse().unwrap();
            } else if let Some((name, value)) = text.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).unwrap();
        (status, body)
    }

    /// The JSON of an answer that must be a success.
    pub(crate) fn json(&mut self, call: &Call) -> serde_json::Value {
        let (status, body) = self.call(call, "application/json");
        assert!(
            status < 300,
            "{} {}: {status} {}",
            call.method,
            call.path,
            String::from_utf8_lossy(&body)
        );
        serde_json::from_slice(&body).unwrap()
    }
}

/// Drives one operation by so many clients for so long, or until there is nothing left to call; every answer must be a success.
pub(crate) fn drive(
    address: &str,
    token: &str,
    clients: usize,
    seconds: u64,
    call: &(dyn Fn() -> Option<Call> + Sync),
) -> Driven {
    let begin = Instant::now();
    let end = begin + Duration::from_secs(seconds);
    let latencies: Vec<f64> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..clients)
            .map(|_| {
                scope.spawn(|| {
                    let mut client = Client::new(address, token);
                    let mut took = Vec::new();
                    while Instant::now() < end {
                        let Some(call) = call() else { break };
                        let sent = Instant::now();
                        let (status, body) = client.call(&call, "application/json");
                        took.push(sent.elapsed().as_secs_f64());
                        assert!(
                            status < 300 || token.is_empty(),
                            "{status} {}",
                            String::from_utf8_lossy(&body)
                        );
                    }
                    took
                })
            })
            .collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    });
    Driven {
        seconds: begin.elapsed().as_secs_f64(),
        latencies,
    }
}
