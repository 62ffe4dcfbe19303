//! A handler that panics is answered like any other fault of ours, and ends nothing but itself.

use std::panic::AssertUnwindSafe;
use std::pin::Pin;

use actix_web::dev::Handler;
use futures_util::FutureExt;

use super::problem::Problem;
use crate::kernel::Fault;

/// A handler whose panics become `internal`. The framework alone would drop the connection.
#[derive(Clone)]
pub(super) struct Contained<F>(pub(super) F);

impl<F, Args> Handler<Args> for Contained<F>
where
    F: Handler<Args>,
    Args: 'static,
{
    type Output = Result<F::Output, Problem>;
    type Future = Pin<Box<dyn Future<Output = Self::Output>>>;

    fn call(&self, args: Args) -> Self::Future {
        let handler = self.0.clone();
        Box::pin(async move {
            // What a handler leaves half done is its transaction's to roll back; it holds nothing
            // else that others see.
            let answer = AssertUnwindSafe(async { handler.call(args).await });
            let panicked = || Fault::Internal("a handler panicked".into()).into();
            answer.catch_unwind().await.map_err(|_told| panicked())
        })
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;
    use std::sync::Arc;

    use actix_web::http::header::{CONTENT_TYPE, HeaderMap};
    use actix_web::middleware::from_fn;
    use actix_web::{App, HttpResponse, test, web};

    use crate::http::Api;
    use crate::http::envelope::{Settings, envelope};
    use crate::http::limit::Limiter;
    use crate::kernel::Clock;

    async fn odd(query: web::Query<Vec<(String, String)>>) -> HttpResponse {
        assert!(query.is_empty(), "what a stranger must not read");
        HttpResponse::Ok().finish()
    }

    fn settings() -> Settings {
        let limiter = || Limiter::new(NonZeroU32::MAX, NonZeroU32::MAX);
        Settings {
            proxies: Vec::new(),
            limiter: limiter(),
            auth_limiter: limiter(),
            clock: Arc::new(Clock::System),
        }
    }

    fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
        headers.get(name).unwrap().to_str().unwrap()
    }

    #[core::prelude::v1::test]
    fn a_handler_that_panics_answers_with_a_problem_and_the_next_call_goes_on() {
        actix_web::rt::System::new().block_on(async {
            let mut api = Api::default();
            api.get("/odd", "odd", odd);
            let app = App::new()
                .app_data(web::Data::new(settings()))
                .wrap(from_fn(envelope))
                .configure(|config| api.configure(config));
            let app = test::init_service(app).await;
            for _ in 0..3 {
                let call = test::TestRequest::get().uri("/odd?x=1").to_request();
                let answer = test::call_service(&app, call).await;
                assert_eq!(answer.status(), 500);
                let media = text(answer.headers(), CONTENT_TYPE.as_str());
                assert_eq!(media, "application/problem+json");
                let id = text(answer.headers(), "x-request-id").to_owned();
                let body = test::read_body(answer).await;
                let body = String::from_utf8(body.to_vec()).unwrap();
                assert!(
                    body.contains(&id) && body.contains("\"internal\""),
                    "{body}"
                );
                assert!(
                    !body.contains("stranger") && !body.contains("panic"),
                    "{body}"
                );
                let call = test::TestRequest::get().uri("/odd").to_request();
                assert_eq!(test::call_service(&app, call).await.status(), 200);
            }
        });
    }
}
