//! Routes of attendees.

use actix_web::HttpResponse;

use crate::http::request::IdPath;
use crate::http::{Api, ApiJson, ApiQuery, Paging, Problem, Reply};
use crate::identity::Call;
use crate::kernel::text;
use crate::office::work::Work;
use crate::training::model::{Attendee, AttendeeId, TrainingAttendee};
use crate::training::policy::{self, Reach};
use crate::training::service::{attendee as service, merge};
use crate::training::store::attendee::{self as store, Filter};
use crate::training::view::attendee::{
    AttendeeBody, AttendeePatch, AttendeeView, AttendeesQuery, DuplicateView, DuplicatesView,
    HistoryEntry, HistoryView, MergeBody,
};

type Path = IdPath<TrainingAttendee>;
type Answer = Result<HttpResponse, Problem>;

async fn list(call: Call, mut query: ApiQuery<AttendeesQuery>) -> Answer {
    call.read(move |cx| {
        let work = policy::organise(cx)?;
        let query = query.parse()?;
        let filter = Filter {
            q: query.q.clone(),
            audience: query.audience,
            agency: query.agency,
            updated_since: query.updated_since,
        };
        let office = work.office_id();
        let after = query.after::<(String, AttendeeId)>()?;
        let found = store::page(work.conn, office, &filter, after, query.limit())?;
        let total = if query.wants_total() {
            Some(store::count(work.conn, office, &filter)?)
        } else {
            None
        };
        let key = |one: &Attendee| (text::sort_key(&one.full_name), one.id);
        let page = query.cut(found, total, key);
        let zone = work.zone();
        Ok(Reply::ok(
            &page.map(|one| AttendeeView::of(zone, Reach::Everybody, one)),
        )?)
    })
    .await
}

fn answer(work: &Work<'_>, attendee: Attendee) -> Result<Reply, Problem> {
    let version = attendee.version;
    let view = AttendeeView::of(work.zone(), Reach::Everybody, attendee);
    Ok(Reply::ok(&view)?.versioned(version))
}

async fn create(call: Call, body: ApiJson<AttendeeBody>) -> Answer {
    call.write(move |cx| {
        let mut work = policy::organise(cx)?;
        let draft = body.parse()?.draft()?;
        let attendee = service::create(&mut work, &draft)?;
        let (location, version) = (format!("/attendees/{}", attendee.id), attendee.version);
        let view = AttendeeView::of(work.zone(), Reach::Everybody, attendee);
        Ok(Reply::created(&location, &view)?.versioned(version))
    })
    .await
}

async fn show(call: Call, path: Path) -> Answer {
    call.read(move |cx| {
        let mut work = policy::organise(cx)?;
        let attendee = service::load(&mut work, path.0)?;
        answer(&work, attendee)
    })
    .await
}

async fn edit(call: Call, path: Path, body: ApiJson<AttendeePatch>) -> Answer {
    call.write(move |cx| {
        let expected = cx.expected;
        let mut work = policy::organise(cx)?;
        let changes = body.parse()?;
        let attendee = service::edit(&mut work, path.0, expected, |old| changes.over(old))?;
        answer(&work, attendee)
    })
    .await
}

async fn merge(call: Call, path: Path, body: ApiJson<MergeBody>) -> Answer {
    call.write(move |cx| {
        let mut work = policy::organise(cx)?;
        let body = body.parse()?;
        let attendee = merge::merge(&mut work, path.0, body.into, &body.keep)?;
        answer(&work, attendee)
    })
    .await
}

async fn unmerge(call: Call, path: Path) -> Answer {
    call.write(move |cx| {
        let mut work = policy::organise(cx)?;
        let attendee = merge::unmerge(&mut work, path.0)?;
        answer(&work, attendee)
    })
    .await
}

async fn history(call: Call, path: Path) -> Answer {
    call.read(move |cx| {
        let mut work = policy::organise(cx)?;
        let found = service::history(&mut work, path.0)?;
        let zone = work.zone();
        let items = found
            .iter()
            .map(|entry| HistoryEntry::of(zone, entry))
            .collect();
        Ok(Reply::ok(&HistoryView { items })?)
    })
    .await
}

async fn duplicates(call: Call) -> Answer {
    call.read(move |cx| {
        let mut work = policy::organise(cx)?;
        let found = service::duplicates(&mut work)?;
        let zone = work.zone();
        let items = found
            .into_iter()
            .map(|pair| DuplicateView::of(zone, pair))
            .collect();
        Ok(Reply::ok(&DuplicatesView { items })?)
    })
    .await
}

/// Mounts the routes of attendees.
pub(super) fn mount(api: &mut Api) {
    const ONE: &str = "/attendees/{id}";
    api.get("/attendees", "list_attendees", list)
        .summary("People known to training, by given name; merged ones are left out")
        .query::<AttendeesQuery>()
        .pages::<AttendeeView>();
    api.post("/attendees", "create_attendee", create)
        .summary("Make a person known")
        .body::<AttendeeBody>()
        .answers::<AttendeeView>(201);
    api.get(
        "/attendees/duplicates",
        "list_duplicate_attendees",
        duplicates,
    )
    .summary("Pairs that are likely one person; a person decides")
    .answers::<DuplicatesView>(200);
    api.get(ONE, "show_attendee", show)
        .summary("One person")
        .answers::<AttendeeView>(200);
    api.patch(ONE, "edit_attendee", edit)
        .summary("Correct a person; sessions not yet completed count anew")
        .body::<AttendeePatch>()
        .answers::<AttendeeView>(200)
        .errors(&["attendee-merged"]);
    api.post(&format!("{ONE}/merge"), "merge_attendee", merge)
        .summary("Merge a person into another; no row moves")
        .body::<MergeBody>()
        .answers::<AttendeeView>(200)
        .errors(&["both-registered", "cannot-merge"]);
    api.post(&format!("{ONE}/unmerge"), "unmerge_attendee", unmerge)
        .summary("Take a merge back")
        .answers::<AttendeeView>(200)
        .errors(&["cannot-merge", "unmerge-needs-seats"]);
    api.get(&format!("{ONE}/history"), "show_attendee_history", history)
        .summary("Everything a person was registered for, under every name")
        .answers::<HistoryView>(200);
}
