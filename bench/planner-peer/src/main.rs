//! The crate's own planner, timed: reads one request a line, prints one line of JSON a request.
use std::io::BufRead;
use std::time::Instant;

use model_runtime::{plan_model_access, ModelAccessJobRequest};

fn main() {
    let seconds: f64 = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(1.0);
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("a line");
        let request: ModelAccessJobRequest = serde_json::from_str(&line).expect("a request");
        let plan = median(seconds, || {
            std::hint::black_box(plan_model_access(&request).expect("a plan"));
        });
        let wire = median(seconds, || {
            let request: ModelAccessJobRequest = serde_json::from_str(&line).expect("a request");
            let plan = plan_model_access(&request).expect("a plan");
            std::hint::black_box(serde_json::to_string(&plan).expect("JSON"));
        });
        println!("{}", serde_json::json!({ "planMs": plan, "wireMs": wire }));
    }
}

/// The median time of one call in milliseconds, over as many calls as fit into the time.
fn median(seconds: f64, mut work: impl FnMut()) -> f64 {
    let begin = Instant::now();
    let mut times = Vec::new();
    while begin.elapsed().as_secs_f64() < seconds || times.len() < 5 {
        let start = Instant::now();
        work();
        times.push(start.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
