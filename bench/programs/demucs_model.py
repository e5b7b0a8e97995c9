"""Makes a small Demucs model with random weights, in the form of a repository that `demucs --repo` takes.

Usage: demucs_model.py FOLDER. Needs demucs. The same seed gives the same model: it separates nothing, but it is run by
the same program, from the same kind of files, as one that was trained.
"""

import random
import sys
from pathlib import Path

import torch
from demucs.htdemucs import HTDemucs
from demucs.states import get_state, save_with_checksum

torch.manual_seed(0), random.seed(0)
folder = Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
options = {"channels": 8, "t_layers": 1, "t_heads": 2, "bottom_channels": 16, "segment": 2, "samplerate": 44100}
model = HTDemucs(["drums", "bass", "other", "vocals"], **options)
args, kwargs = model._init_args_kwargs
package = {"klass": HTDemucs, "args": args, "kwargs": kwargs, "state": get_state(model, None, half=True)}
save_with_checksum({**package, "training_args": {}}, folder / "small.th")
(folder / "htdemucs.yaml").write_text("models: ['small']\n")
