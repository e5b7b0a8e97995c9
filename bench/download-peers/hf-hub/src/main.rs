//! The crate hf-hub, timed within its own process: every file of a repository, as its README has it.
use std::time::Instant;

use hf_hub::api::sync::ApiBuilder;

fn main() {
    let mut args = std::env::args().skip(1);
    let mut next = || args.next().expect("endpoint, repository, cache folder");
    let (endpoint, repo_id, cache_dir) = (next(), next(), next());

    let start = Instant::now();
    let api = ApiBuilder::new()
        .with_endpoint(endpoint)
        .with_cache_dir(cache_dir.into())
        .with_progress(false)
        .build()
        .expect("an API");
    let repo = api.model(repo_id);
    for file in repo.info().expect("the repository").siblings {
        repo.get(&file.rfilename).expect("a file");
    }
    println!("{{\"seconds\":{}}}", start.elapsed().as_secs_f64());
}
