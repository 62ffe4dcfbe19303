//! Forms with a file and stored files over HTTP, without a slice around them.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use actix_web::web::{self, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use hai_dang::db::{self, Conn};
use hai_dang::http::{FileForm, Problem, download};
use hai_dang::identity::Platform;
use hai_dang::kernel::Fault;
use hai_dang::paper::incoming::{FileKind, MAX};
use hai_dang::sealed::{DataKey, StoredId, Subject};
use serde::Deserialize;
use serde_json::Value;

use crate::support::TestApp;

const PDF: &[u8] =
    b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    kind: String,
    page_of: Option<u32>,
}

struct Place {
    platform: Data<Platform>,
    key: DataKey,
}

async fn upload(form: FileForm, place: Data<Place>) -> Result<HttpResponse, Problem> {
    let depot = &place.platform.depot;
    let received = form
        .receive::<Fields>(
            depot,
            hai_dang::sealed::stored::Sender::staff(uuid::Uuid::nil()),
        )
        .await?;
    let id = StoredId::new(place.platform.clock.now());
    let stored = depot.keep(&place.key, id, received.file).await?;
    Ok(HttpResponse::Created().json(serde_json::json!({
        "id": id, "kind": stored.kind, "name": stored.name, "size": stored.size,
        "said": received.fields.kind, "page_of": received.fields.page_of,
    })))
}

async fn refuse(_form: FileForm) -> Result<HttpResponse, Problem> {
    Err(Fault::NotFound.into())
}

async fn give(request: HttpRequest, place: Data<Place>) -> Result<HttpResponse, Problem> {
    let id = StoredId::parse(request.match_info().query("id")).unwrap();
    let reader = place.platform.depot.read(&place.key, id).await?;
    Ok(download(reader, FileKind::Pdf, "Đơn \"xin\".pdf"))
}

/// A service of two routes; it ends with the test's process.
fn serve(app: &TestApp) -> String {
    let keys = std::sync::Arc::clone(&app.platform.keys);
    let (now, office) = (app.now(), app.office);
    let key = app.change(move |conn: &mut Conn| {
        let key = DataKey::create(conn, &keys, now, office, Subject::LegalAidRequest);
        key.map_err(|error| db::Error::Unavailable(error.to_string()))
    });
    let place = Data::new(Place {
        platform: app.platform.clone(),
        key,
    });
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        let server = HttpServer::new(move || {
            App::new()
                .app_data(place.clone())
                .route("/files", web::post().to(upload))
                .route("/closed", web::post().to(refuse))
                .route("/files/{id}", web::get().to(give))
        });
        let server = server
            .workers(1)
            .disable_signals()
            .listen(listener)
            .unwrap();
        actix_web::rt::System::new().block_on(server.run()).unwrap();
    });
    address
}

/// A form of parts: a name, perhaps a file's name, and bytes.
fn form(parts: &[(&str, Option<&str>, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file, bytes) in parts {
        let file = file
            .map(|file| format!("; filename=\"{file}\""))
            .unwrap_or_default();
        let head = format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
        body.extend(head.as_bytes());
        body.extend(*bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--XX--\r\n");
    body
}

fn call(address: &str, head: &str, body: &[u8]) -> (u16, String, Vec<u8>) {
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    let head =
        format!("{head}\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    let mut all = Vec::new();
    stream.read_to_end(&mut all).unwrap();
    let at = all.windows(4).position(|part| part == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(all[..at].to_vec()).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, head, all[at + 4..].to_vec())
}

const FORM: &str = "Content-Type: multipart/form-data; boundary=XX";

fn send(address: &str, parts: &[(&str, Option<&str>, &[u8])]) -> (u16, Value) {
    let head = format!("POST /files HTTP/1.1\r\n{FORM}");
    let (status, _, body) = call(address, &head, &form(parts));
    (status, serde_json::from_slice(&body).unwrap())
}

#[test]
fn a_form_is_taken_and_its_file_given_back() {
    let app = TestApp::new();
    let address = serve(&app);
    let parts = [
        ("kind", None, b"birth-certificate".as_slice()),
        ("file", Some("../Giấy \u{202e}khai sinh.PDF"), PDF),
        ("page_of", None, b"7"),
    ];
    let (status, body) = send(&address, &parts);
    assert_eq!(
        (status, &body["name"]),
        (201, &Value::from("Giấy khai sinh.pdf"))
    );
    assert_eq!(
        (&body["kind"], &body["page_of"]),
        (&Value::from("pdf"), &Value::from(7))
    );
    let path = format!("GET /files/{} HTTP/1.1", body["id"].as_str().unwrap());
    let (status, head, bytes) = call(&address, &path, b"");
    assert_eq!((status, bytes.as_slice()), (200, PDF));
    let head = head.to_ascii_lowercase();
    for line in [
        "content-type: application/pdf",
        "content-security-policy: default-src 'none'; sandbox",
        "attachment; filename=\"don--xin-.pdf\"; filename*=utf-8''%c4%90%c6%a1n%20%22xin%22.pdf",
    ] {
        assert!(head.contains(line), "{line} in {head}");
    }
}

#[test]
fn a_form_that_is_wrong_is_refused_by_its_part() {
    let app = TestApp::new();
    let address = serve(&app);
    let kind = ("kind", None, b"x".as_slice());
    let file = ("file", Some("a.pdf"), PDF);
    let long = [b'x'; 9000];
    for (parts, pointer, code) in [
        (vec![kind], "/file", "required"),
        (vec![file], "/kind", "required"),
        (
            vec![kind, file, ("other", None, b"x")],
            "/other",
            "wrong-shape",
        ),
        (vec![kind, kind, file], "/kind", "wrong-shape"),
        (vec![kind, file, file], "/file", "wrong-shape"),
        (
            vec![kind, file, ("page_of", None, b"x")],
            "/page_of",
            "wrong-shape",
        ),
        (vec![("kind", None, &long), file], "/kind", "too-long"),
        (
            vec![("kind", None, b"\xff"), file],
            "/kind",
            "forbidden-character",
        ),
    ] {
        let (status, body) = send(&address, &parts);
        assert_eq!((status, &body["code"]), (422, &Value::from("invalid")));
        let error = (&body["errors"][0]["pointer"], &body["errors"][0]["code"]);
        assert_eq!(error, (&Value::from(pointer), &Value::from(code)), "{body}");
    }
    for (name, bytes, code) in [
        ("a.pdf", b"".as_slice(), "file-empty"),
        ("a.pdf", b"MZ", "file-type-refused"),
        ("a.jpg", PDF, "file-type-mismatch"),
        ("a.pdf", b"%PDF-1.7 /JavaScript \n%%EOF", "file-dangerous"),
        ("a.pdf", b"%PDF-1.7", "file-damaged"),
    ] {
        let (status, body) = send(&address, &[kind, ("file", Some(name), bytes)]);
        assert_eq!((status, &body["code"]), (422, &Value::from(code)));
    }
    let json = "POST /files HTTP/1.1\r\nContent-Type: application/json";
    assert_eq!(call(&address, json, b"{}").0, 415);
    let whole = form(&[kind, file]);
    let head = format!("POST /files HTTP/1.1\r\n{FORM}");
    assert_eq!(call(&address, &head, &whole[..whole.len() - 30]).0, 400);
    assert!(app.platform.depot.ids().unwrap().is_empty());
}

#[test]
fn a_file_has_ten_megabytes_at_most() {
    let app = TestApp::new();
    let address = serve(&app);
    let kind = ("kind", None, b"x".as_slice());
    let mut most = PDF.to_vec();
    most.resize(MAX, b' ');
    most.extend_from_within(..1);
    let (status, body) = send(&address, &[kind, ("file", Some("a.pdf"), &most)]);
    assert_eq!(
        (status, &body["code"]),
        (413, &Value::from("file-too-large"))
    );
    // One that may not send anything hears so, though it sends all at once.
    let head = format!("POST /closed HTTP/1.1\r\n{FORM}");
    assert_eq!(
        call(&address, &head, &form(&[kind, ("file", None, &most)])).0,
        404
    );
    let (front, back) = PDF.split_at(9);
    let mut most = front.to_vec();
    most.resize(MAX - back.len(), b' ');
    most.extend(back);
    let (status, body) = send(&address, &[kind, ("file", Some("a.pdf"), &most)]);
    assert_eq!(
        (status, body["size"].as_u64()),
        (201, u64::try_from(MAX).ok())
    );
}
