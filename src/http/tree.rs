//! The routes as a tree of segments. The framework tries the patterns of one level one after
//! another, each with parameters as a regular expression: in one level of two hundred, finding a
//! route cost more than most of what is routed to.

use std::collections::BTreeMap;

use actix_web::http::Method;
use actix_web::{HttpResponse, Resource, Route, web};

use super::problem::Problem;
use crate::kernel::Class;

/// What is mounted at a path, and below it.
#[derive(Default)]
pub(super) struct Tree {
    here: Vec<(Method, Route)>,
    /// In order: words before parameters, which would take any word.
    below: BTreeMap<String, Tree>,
}

impl Tree {
    /// Adds a path's routes.
    pub(super) fn add(&mut self, path: &str, routes: Vec<(Method, Route)>) {
        let mut node = self;
        for segment in path.split('/').skip(1) {
            node = node.below.entry(segment.to_owned()).or_default();
        }
        node.here = routes;
    }

    /// Hands all of it to the framework.
    pub(super) fn configure(self, config: &mut web::ServiceConfig) {
        for (segment, branch) in self.below {
            branch.mount(&format!("/{segment}"), config);
        }
    }

    fn mount(mut self, pattern: &str, config: &mut web::ServiceConfig) {
        let here = std::mem::take(&mut self.here);
        if self.below.is_empty() {
            config.service(resource(pattern, here));
            return;
        }
        config.service(web::scope(pattern).configure(|config| {
            if !here.is_empty() {
                config.service(resource("", here));
            }
            self.configure(config);
        }));
    }
}

/// One path; another method than its own is 405 with `Allow`.
fn resource(pattern: &str, routes: Vec<(Method, Route)>) -> Resource {
    let mut resource = web::resource(pattern.to_owned());
    let mut allowed = Vec::new();
    for (method, route) in routes {
        allowed.push(method.to_string());
        resource = resource.route(route);
    }
    let allow = allowed.join(", ");
    resource.default_service(web::to(move || {
        let problem = Problem::wire(Class::Malformed, "method-not-allowed");
        let response = HttpResponse::from_error(problem);
        std::future::ready(with_allow(response, &allow))
    }))
}

fn with_allow(mut response: HttpResponse, allow: &str) -> HttpResponse {
    if let Ok(value) = allow.parse() {
        response
            .headers_mut()
            .insert(actix_web::http::header::ALLOW, value);
    }
    response
}
