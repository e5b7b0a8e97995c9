"""huggingface_hub, timed within its own process."""

import json
import sys
import time

from huggingface_hub import snapshot_download

endpoint, repo_id, cache_dir = sys.argv[1:4]

start = time.perf_counter()
snapshot_download(repo_id, endpoint=endpoint, cache_dir=cache_dir)
print(json.dumps({"seconds": time.perf_counter() - start}))
