//! That the harness stands.

use hai_dang::identity::Role;

use crate::support::TestApp;

#[test]
fn a_stranger_finds_nothing_where_nothing_is() {
    let app = TestApp::new();
    app.anonymous()
        .get("/nothing")
        .assert(404)
        .problem("not-found");
    let persona = app.persona(Role::Organiser);
    persona.get("/nothing").assert(404);
}
