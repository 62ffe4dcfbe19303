//! The processes that are measured.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use super::client::{Call, Client};

pub(crate) const PASSWORD: &str = "mat khau cua phep do";

/// What the service stores in.
pub(crate) enum Engine {
    Sqlite,
    Postgres(String),
}

impl Engine {
    pub(crate) fn clients(&self) -> usize {
        match self {
            Self::Sqlite => 32,
            Self::Postgres(_) => 16,
        }
    }

    /// The settings of a service in a folder.
    pub(crate) fn settings(&self, place: &Path) -> Vec<(&'static str, String)> {
        let mut settings = vec![
            ("HAI_DANG_DATA", place.display().to_string()),
            ("HAI_DANG_LISTEN", "127.0.0.1:0".to_owned()),
            ("HAI_DANG_DEMO_PASSWORD", PASSWORD.to_owned()),
            ("HAI_DANG_CALLS_PER_MINUTE", "4000000000".to_owned()),
            ("HAI_DANG_LOG", "error".to_owned()),
        ];
        if let Self::Postgres(url) = self {
            settings.push(("DATABASE_URL", url.clone()));
            settings.push(("HAI_DANG_POOL_SIZE", "16".to_owned()));
        }
        settings
    }
}

/// The release build, serving.
pub(crate) struct Server {
    child: Child,
    is_postgres: bool,
    place: std::path::PathBuf,
    pub(crate) address: String,
    pub(crate) ready_ms: u128,
}

impl Server {
    pub(crate) fn start(engine: &Engine, place: &Path) -> Self {
        let begin = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_hai-dang"))
            .args(["serve", "--demo", "--no-worker"])
            .envs(engine.settings(place))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (mut line, mut said) = (String::new(), BufReader::new(child.stdout.take().unwrap()));
        said.read_line(&mut line).unwrap();
        let address = line.trim().rsplit('/').next().unwrap().to_owned();
        let (status, _) = Client::new(&address, "").call(&Call::at("/health/ready"), "text/plain");
        assert_eq!(status, 200);
        let ready_ms = begin.elapsed().as_millis();
        Self {
            child,
            is_postgres: matches!(engine, Engine::Postgres(_)),
            place: place.to_owned(),
            address,
            ready_ms,
        }
    }

    /// Its key file.
    pub(crate) fn keys(&self) -> std::path::PathBuf {
        self.place.join("keys.toml")
    }

    pub(crate) fn login(&self) -> String {
        self.login_as("organiser")
    }

    /// A token of an account of the demonstration.
    pub(crate) fn login_as(&self, role: &str) -> String {
        let body = format!("{{\"email\": \"{role}@demo.example\", \"password\": \"{PASSWORD}\"}}");
        let answer = Client::new(&self.address, "").json(&Call::post("/auth/login", body));
        answer["access_token"].as_str().unwrap().to_owned()
    }

    /// The seconds its process has computed; on a server engine with that server's processes.
    pub(crate) fn cpu(&self) -> f64 {
        let mut all = cpu(self.child.id());
        if self.is_postgres {
            for process in processes("postgres") {
                all += cpu(process);
            }
        }
        all
    }

    /// KiB of a kind of memory.
    pub(crate) fn memory(&self, kind: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with(kind)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    pub(crate) fn stop(mut self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").arg(id).status().unwrap().success());
        self.child.wait().unwrap();
    }
}

/// The seconds this process has computed, and a database server's processes.
pub(crate) fn cpu_with_postgres() -> f64 {
    let servers = processes("postgres").into_iter().map(cpu);
    cpu(std::process::id()) + servers.sum::<f64>()
}

fn processes(name: &str) -> Vec<u32> {
    let folders = std::fs::read_dir("/proc").unwrap().flatten();
    let ids = folders.filter_map(|one| one.file_name().to_str()?.parse().ok());
    ids.filter(|id: &u32| {
        let comm = std::fs::read_to_string(format!("/proc/{id}/comm"));
        comm.is_ok_and(|comm| comm.trim() == name)
    })
    .collect()
}

fn cpu(process: u32) -> f64 {
    // A process that ended meanwhile computes no more.
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let Some((_, rest)) = stat.rsplit_once(')') else {
        return 0.0;
    };
    let ticks = |at: usize| {
        rest.split_whitespace()
            .nth(at)
            .unwrap()
            .parse::<u64>()
            .unwrap()
    };
    (ticks(11) + ticks(12)) as f64 / 100.0
}

/// A handler that does nothing, in a process of its own.
pub(crate) struct BareHandler {
    child: Child,
    pub(crate) address: String,
}

impl BareHandler {
    pub(crate) fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--bare-handler", &port.to_string()])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let address = format!("127.0.0.1:{port}");
        while std::net::TcpStream::connect(&address).is_err() {
            std::thread::yield_now();
        }
        Self { child, address }
    }

    pub(crate) fn cpu(&self) -> f64 {
        cpu(self.child.id())
    }
}

impl Drop for BareHandler {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// Serves the handler that does nothing, until it is killed.
pub(crate) fn serve_bare(port: u16) {
    use actix_web::{App, HttpResponse, HttpServer, web};
    actix_web::rt::System::new()
        .block_on(async move {
            let app =
                || App::new().default_service(web::to(|| async { HttpResponse::Ok().body("{}") }));
            HttpServer::new(app)
                .workers(2)
                .bind(("127.0.0.1", port))
                .unwrap()
                .run()
                .await
        })
        .unwrap();
}
