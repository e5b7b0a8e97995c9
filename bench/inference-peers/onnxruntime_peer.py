"""onnxruntime and tokenizers, batches of 32 in the order given. Prints rows and seconds, the load apart."""
import json, sys, time
import numpy, onnxruntime, tokenizers

BATCH = 32
folder, path = sys.argv[1:3]
sentences = open(path, encoding="utf-8").read().rstrip("\n").split("\n")
tokenizer = tokenizers.Tokenizer.from_file(f"{folder}/tokenizer.json")
tokenizer.enable_padding()
session = onnxruntime.InferenceSession(f"{folder}/onnx/model.onnx", providers=["CPUExecutionProvider"])
names = {one.name for one in session.get_inputs()}

def run(rows):
    done = 0
    for start in range(0, len(rows), BATCH):
        encoded = tokenizer.encode_batch(rows[start : start + BATCH])
        mask = numpy.array([one.attention_mask for one in encoded], dtype=numpy.int64)
        feeds = {"input_ids": numpy.array([one.ids for one in encoded], dtype=numpy.int64), "attention_mask": mask,
                 "token_type_ids": numpy.zeros_like(mask)}
        (hidden, *_) = session.run(None, {name: feeds[name] for name in feeds if name in names})
        pooled = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
        vectors = pooled / numpy.linalg.norm(pooled, axis=1, keepdims=True)
        done += len(vectors.tolist())
    return done

run(sentences[:100])
started = time.perf_counter()
rows = run(sentences)
print(json.dumps({"rows": rows, "seconds": time.perf_counter() - started}))
