//! `serve` and `worker`: they run until they are told to stop.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::rt::System;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing_subscriber::EnvFilter;

use super::terminal::say;
use super::{files, keep, store};
use crate::app::background::{self, Background};
use crate::app::demo::{self, Kind};
use crate::app::{App, Error, metrics, pages, panics};
use crate::config::Config;
use crate::db::Db;
use crate::http::Problem;
use crate::identity::password::hash_now;
use crate::kernel::Clock;
use crate::kernel::secret::Secret;

/// How long the service says that it stops before it does.
const NOTICE: Duration = Duration::from_millis(300);

/// Serves until a signal stops it.
pub(super) fn serve(mut config: Config, demo: bool, with_worker: bool) -> Result<(), Error> {
    log(&config)?;
    if demo {
        stay_at_home(&config)?;
        files::check_demo_password(&config)?;
    }
    // A port that is taken is told before anything is written.
    let listener = listen("HAI_DANG_LISTEN", config.listen)?;
    let counting = Counting::prepare(&config)?;
    files::data_folder(&config)?;
    files::prepare_database(&config)?;
    let _place = files::take_place(&config)?;
    crate::backup::sweep(config.database_url.expose(), &config.data)?;
    store::look_at_keys(&config, demo)?;
    let db = store::open_migrated(&config)?;
    let password = claim(&db, &config, demo)?;
    let keys = store::keys(&config, &db, demo)?;
    drop(db);
    if demo {
        // Nothing of a demonstration leaves this machine.
        config.smtp_url = None;
    }
    let outgoing = keep::transport(&config)?;
    let app = App::build(config, Arc::new(Clock::System), keys)?;
    app.settle_erasures()?;
    if demo {
        demo::stage(&app.platform)?;
    }
    begins(&app, with_worker);
    let mailroom = app.mailroom(outgoing);
    let jobs = if with_worker {
        Some(background::start(&app.platform, mailroom)?)
    } else {
        None
    };
    announce(&listener, password.as_ref())?;
    System::new().block_on(async move {
        let server = app.serve(listener)?;
        let handles = [Some(server.handle()), counting.begin()?];
        let readiness = app.readiness.clone();
        actix_web::rt::spawn(stop(
            signals()?,
            readiness,
            handles.into_iter().flatten().collect(),
        ));
        let ended = server.await.map_err(Error::from);
        end(jobs).await?;
        ended
    })
}

fn listen(setting: &str, at: SocketAddr) -> Result<TcpListener, Error> {
    TcpListener::bind(at).map_err(|error| Error::Told(format!("{setting} {at}: {error}")))
}

/// The process counts; where the settings say so, it is asked how much.
struct Counting {
    recorder: PrometheusHandle,
    listener: Option<TcpListener>,
}

impl Counting {
    fn prepare(config: &Config) -> Result<Self, Error> {
        let at = config.metrics_listen;
        let listener = at.map(|at| listen("HAI_DANG_METRICS_LISTEN", at));
        Ok(Self {
            listener: listener.transpose()?,
            recorder: metrics::install()?,
        })
    }

    fn begin(self) -> Result<Option<ServerHandle>, Error> {
        let Some(listener) = self.listener else {
            return Ok(None);
        };
        let address = listener.local_addr()?;
        let server = metrics::serve(self.recorder, listener)?;
        tracing::info!(%address, "metrics are served");
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Ok(Some(handle))
    }
}

/// Refuses a demonstration that other machines could reach.
fn stay_at_home(config: &Config) -> Result<(), Error> {
    let listens = [
        ("HAI_DANG_LISTEN", Some(config.listen)),
        ("HAI_DANG_METRICS_LISTEN", config.metrics_listen),
    ];
    for (name, address) in listens {
        if address.is_some_and(|address| !address.ip().is_loopback()) {
            return Err(Error::Told(format!(
                "--demo listens on this machine only: {name} must be a loopback address"
            )));
        }
    }
    Ok(())
}

/// Works in the background until a signal stops it.
pub(super) fn worker(mut config: Config) -> Result<(), Error> {
    log(&config)?;
    if !config.is_postgres() {
        let line = "on SQLite `serve` does this work: one process per SQLite file";
        return Err(Error::Told(line.into()));
    }
    let counting = Counting::prepare(&config)?;
    let db = store::open(&config)?;
    let demo = store::is_demo(&db)?;
    let keys = store::keys(&config, &db, demo)?;
    drop(db);
    if demo {
        config.smtp_url = None;
    }
    let outgoing = keep::transport(&config)?;
    let app = App::build(config, Arc::new(Clock::System), keys)?;
    app.settle_erasures()?;
    begins(&app, true);
    let mailroom = app.mailroom(outgoing);
    let jobs = background::start(&app.platform, mailroom)?;
    System::new().block_on(async {
        // It ends with the process: who asks how much is done may do so to the end.
        counting.begin()?;
        let mut signals = signals()?;
        next(&mut signals).await;
        tracing::info!("stopping");
        leave_in_time()?;
        actix_web::rt::spawn(leave_at(signals));
        end(Some(jobs)).await
    })
}

/// Tells which program begins on what: the first line an operator looks for.
fn begins(app: &App, with_worker: bool) {
    let engine = app.platform.db.engine().as_str();
    let version = env!("CARGO_PKG_VERSION");
    tracing::info!(version, engine, worker = with_worker, "begins");
}

/// Waits until every job has ended its step, on a thread of its own: signals are heard meanwhile.
async fn end(jobs: Option<Background>) -> Result<(), Error> {
    let (ended, wait) = tokio::sync::oneshot::channel();
    std::thread::Builder::new().spawn(move || {
        if let Some(jobs) = jobs {
            jobs.stop();
        }
        let _heard = ended.send(());
    })?;
    wait.await
        .map_err(|_gone| Error::Told("a background job did not end".into()))
}

/// How long a stop may take: ten seconds for requests, the rest for the steps of jobs.
const STOP: Duration = Duration::from_secs(15);

/// Ends the process when its stop takes too long, on a thread of its own: a database that hangs
/// holds whatever waits for it.
fn leave_in_time() -> Result<(), Error> {
    std::thread::Builder::new().name("stop".into()).spawn(|| {
        // Nothing is ever sent: the channel is the clock.
        let (_held, never) = std::sync::mpsc::channel::<()>();
        let _elapsed = never.recv_timeout(STOP);
        tracing::error!("the stop took too long: ending at once");
        std::process::exit(1);
    })?;
    Ok(())
}

/// At the next signal the process ends at once, whatever it is doing: what is not committed is
/// rolled back, and leases run out.
async fn leave_at(mut signals: Signals) {
    next(&mut signals).await;
    tracing::warn!("ending at once");
    std::process::exit(1);
}

fn log(config: &Config) -> Result<(), Error> {
    // What strangers send that is no HTTP is answered 400, and is no error of ours.
    let filter = EnvFilter::try_new(format!("actix_http::h1=off,{}", config.log))
        .map_err(|error| Error::Told(format!("HAI_DANG_LOG: {error}")))?;
    tracing_subscriber::fmt()
        .json()
        .with_ansi(false)
        .with_writer(std::io::stderr)
        .with_env_filter(filter)
        // It would complain where the log goes, and panic where nothing can be written: on a full
        // disk no call would be answered any more.
        .log_internal_errors(false)
        .try_init()
        .map_err(|error| Error::Told(error.to_string()))?;
    for setting in &config.strays {
        tracing::warn!(setting, "no such setting, it is ignored");
    }
    panics::tell();
    Ok(())
}

/// Refuses a database that is for something else, and marks one nobody has marked. The
/// demonstration's password is given back.
fn claim(db: &Db, config: &Config, demo: bool) -> Result<Option<Secret<String>>, Error> {
    let kind = db.read_now(demo::kind)?;
    let now = store::now();
    match (kind, demo) {
        (Kind::Demo, false) => Err(Error::Told(
            "this database is a demonstration's for good: serve --demo, or name another".into(),
        )),
        (Kind::Real | Kind::Unmarked, true) => Err(Error::Told(
            "--demo wants an empty database, and this one is in use".into(),
        )),
        (Kind::Real, false) => Ok(None),
        (Kind::Empty | Kind::Unmarked, false) => {
            db.write_now(move |conn| demo::mark(conn, now, false))?;
            Ok(None)
        }
        (Kind::Empty | Kind::Demo, true) => {
            let password = files::demo_password(config)?;
            let hash = hash_now(&password).map_err(|error| Error::Told(error.to_string()))?;
            db.write_now(move |conn| {
                if kind == Kind::Empty {
                    demo::mark(conn, now, true)?;
                    demo::fill(conn, now, &hash)?;
                }
                demo::reset_passwords(conn, &hash)?;
                Ok::<(), Problem>(())
            })
            .map_err(|problem| store::told(&problem))?;
            Ok(Some(password))
        }
    }
}

fn announce(listener: &TcpListener, password: Option<&Secret<String>>) -> Result<(), Error> {
    let address = listener.local_addr()?;
    say(&format!("listening on http://{address}"));
    say(&format!("the API is described at http://{address}/docs/"));
    if let Some(password) = password {
        let accounts: Vec<String> = demo::addresses().collect();
        let (accounts, password) = (accounts.join(", "), password.expose());
        say(&format!("demo accounts: {accounts}; password: {password}"));
    }
    Ok(())
}

/// What stops a process.
type Signals = (Signal, Signal);

fn signals() -> Result<Signals, Error> {
    Ok((
        signal(SignalKind::terminate())?,
        signal(SignalKind::interrupt())?,
    ))
}

async fn next((terminate, interrupt): &mut Signals) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

/// At the first signal the service stops wanting requests, then ends those it has; at the second
/// it ends at once.
async fn stop(
    mut signals: Signals,
    readiness: actix_web::web::Data<pages::Readiness>,
    handles: Vec<ServerHandle>,
) {
    next(&mut signals).await;
    tracing::info!("stopping");
    readiness.stop();
    if let Err(error) = leave_in_time() {
        tracing::error!(%error, "a stop that hangs will not be ended");
    }
    actix_web::rt::spawn(leave_at(signals));
    tokio::time::sleep(NOTICE).await;
    for handle in &handles {
        handle.stop(true).await;
    }
}
