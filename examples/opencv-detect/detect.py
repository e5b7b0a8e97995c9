"""Faces and other things in an image by a cascade of OpenCV: a program for the backend `open_cv`.

Needs opencv-python-headless 4; its package brings cascades along, in `cv2.data.haarcascades`. Writes `result.json`: a
list of `{label, box: {xmin, ymin, xmax, ymax}, score}` in pixels; a cascade's score is no probability.
"""

import argparse
import json
from pathlib import Path

import cv2

parser = argparse.ArgumentParser()
parser.add_argument("--model", type=Path, required=True, help="a cascade (.xml)")
parser.add_argument("--image", type=Path, required=True)
parser.add_argument("--output", type=Path, required=True, help="an empty folder")
parser.add_argument("--label", default="face")
args = parser.parse_args()

cascade = cv2.CascadeClassifier(str(args.model))
if cascade.empty():
    parser.error(f"{args.model} is no cascade")
image = cv2.imread(str(args.image), cv2.IMREAD_GRAYSCALE)
if image is None:
    parser.error(f"{args.image} is no image that OpenCV {cv2.__version__} reads")
boxes, _, scores = cascade.detectMultiScale3(cv2.equalizeHist(image), 1.1, 5, outputRejectLevels=True)
found = [
    {
        "label": args.label,
        "score": float(score),
        "box": {"xmin": int(x), "ymin": int(y), "xmax": int(x + width), "ymax": int(y + height)},
    }
    for (x, y, width, height), score in zip(boxes, scores)
]
(args.output / "result.json").write_text(json.dumps(found))
