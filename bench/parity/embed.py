"""Sentence embeddings by onnxruntime and tokenizers alone: one text at a time, without padding.

Usage: embed.py MODEL_FOLDER TEXTS_JSON. Prints a JSON list of vectors, the mean over a text's tokens, of length 1.
A text is cut at the model_max_length of tokenizer_config.json, as the transformers library does, not at the length
that tokenizer.json happens to hold.
"""

import json
import sys
from pathlib import Path

import numpy
import onnxruntime
from tokenizers import Tokenizer

model, texts = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text("utf-8"))
tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
tokenizer.no_padding()
tokenizer.enable_truncation(json.loads((model / "tokenizer_config.json").read_text("utf-8"))["model_max_length"])
session = onnxruntime.InferenceSession(str(model / "onnx" / "model.onnx"), providers=["CPUExecutionProvider"])
names = {tensor.name for tensor in session.get_inputs()}


def embed(text):
    encoding = tokenizer.encode(text)
    fields = {
        "input_ids": encoding.ids,
        "attention_mask": encoding.attention_mask,
        "token_type_ids": encoding.type_ids,
    }
    feeds = {name: numpy.array([ids], dtype=numpy.int64) for name, ids in fields.items() if name in names}
    [states, *_] = session.run(None, feeds)
    vector = states[0].astype(numpy.float64).mean(axis=0)
    return (vector / numpy.linalg.norm(vector)).tolist()


print(json.dumps([embed(text) for text in texts]))
