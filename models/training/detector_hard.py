"""Finds what a detector still misses or makes up in its training pictures, so that training can look there more often.

    python3 models/training/detector_hard.py --data models/training/.data --checkpoint models/training/.data/detector-1.pt

Writes `NAME-000.hard` beside each shard: per picture a list of boxes `[x, y, w, h]` (Shrivastava et al. 2016 choose
hard regions within each step; here it is done once for all pictures, which costs a forward pass each).
"""
import argparse
import glob
import json
import os

import numpy as np
import torch
import torch.multiprocessing as mp

from detector_model import CLASSES, HEIGHT, WIDTH, Detector, quick_floats
from detector_warm import begin_from

BATCH = 16
# Found is what has this score and overlap; made up is what has this score and hardly touches anything of its class.
FOUND, OVERLAP, MADE_UP, TOUCH = 0.5, 0.5, 0.45, 0.3
PERSON = CLASSES.index("person")
MOST_SPOTS = 4


def overlap(a, b):
    """IoU of boxes [N, 4] and [M, 4], corners."""
    low, high = torch.maximum(a[:, None, :2], b[None, :, :2]), torch.minimum(a[:, None, 2:], b[None, :, 2:])
    shared = (high - low).clamp(min=0).prod(-1)
    area = lambda x: (x[:, 2:] - x[:, :2]).clamp(min=0).prod(-1)
    return shared / (area(a)[:, None] + area(b)[None] - shared).clamp(min=1e-6)


def hard_spots(scores, boxes, rows):
    """Boxes of one picture that are missed or made up; `scores` [N, C], `boxes` [N, 4]. People come first."""
    missed, made_up = [], []
    for cls in sorted({row[0] for row in rows} | set(torch.nonzero(scores.amax(0) > MADE_UP)[:, 0].tolist())):
        there = [row for row in rows if row[0] == cls]
        truth = torch.tensor([[x, y, x + w, y + h] for _, x, y, w, h, _ in there]).view(-1, 4)
        likely = scores[:, cls] > MADE_UP
        said, score = boxes[likely], scores[likely, cls]
        iou = overlap(truth, said) if len(said) else torch.zeros(len(there), 1)
        good = ((iou >= OVERLAP) & (score >= FOUND)[None]).any(1) if len(said) else torch.zeros(len(there), dtype=torch.bool)
        missed += [(cls, *row[1:5]) for row, found in zip(there, good) if not found and not row[5]]
        if len(said):
            best = iou.amax(0) if len(there) else torch.zeros(len(said))
            wrong = said[best < TOUCH]
            worth = score[best < TOUCH]
            while len(wrong):
                top = wrong[worth.argmax()]
                made_up.append((cls, top[0].item(), top[1].item(), (top[2] - top[0]).item(), (top[3] - top[1]).item()))
                apart = overlap(wrong, top[None])[:, 0] < TOUCH
                wrong, worth = wrong[apart & (worth < worth.max())], worth[apart & (worth < worth.max())]
    spots = sorted(made_up + missed, key=lambda spot: spot[0] != PERSON)[:MOST_SPOTS]
    return [[round(v, 1) for v in spot[1:]] for spot in spots]


@torch.no_grad()
def scan(rank, args):
    torch.set_num_threads(1)
    model = Detector()
    shards = sorted(glob.glob(os.path.join(args.data, "*.json")))[rank :: args.workers]
    if args.checkpoint:
        model.load_state_dict(torch.load(args.checkpoint)["ema"])
    else:
        first = np.memmap(shards[0][:-5] + ".bin", np.uint8, "r").reshape(-1, 3, HEIGHT, WIDTH)[:96]
        begin_from(model, args.begin_from, torch.from_numpy(first.astype(np.float32) / 255))
    model = model.eval().to(memory_format=torch.channels_last)
    pictures = found = 0
    for path in shards:
        labels = json.load(open(path))
        pixels = np.memmap(path[:-5] + ".bin", np.uint8, "r").reshape(-1, 3, HEIGHT, WIDTH)
        spots = []
        for at in range(0, len(labels), BATCH):
            images = torch.from_numpy(pixels[at : at + BATCH].astype(np.float32) / 255)
            with quick_floats():
                logits, boxes = model(images.contiguous(memory_format=torch.channels_last))
            for i in range(len(images)):
                spots.append(hard_spots(logits[i].float().sigmoid(), boxes[i].float(), labels[at + i]))
        with open(path[:-5] + ".part", "w") as out:
            json.dump(spots, out)
        os.replace(path[:-5] + ".part", path[:-5] + ".hard")
        pictures, found = pictures + len(labels), found + sum(map(len, spots))
    print(f"{pictures} pictures, {found} hard spots", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="models/training/.data")
    parser.add_argument("--checkpoint", help="of the detector that is to go on")
    parser.add_argument("--begin-from", default="models/detector/detector.onnx")
    parser.add_argument("--workers", type=int, default=2)
    args = parser.parse_args()
    mp.spawn(scan, args=(args,), nprocs=args.workers)


if __name__ == "__main__":
    main()
