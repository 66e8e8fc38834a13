"""Trains the detector on pictures written by detector-data.ts and exports it.

    python3 models/training/detector_train.py --data models/training/.data --minutes 30 --out models/detector

Assignment is task-aligned (Feng et al. 2021), classification by binary cross-entropy against the alignment, boxes by
GIoU (Rezatofighi et al. 2019). The learning rate follows a cosine over wall time, so that a run ends when it is told to.
"""
import argparse
import copy
import glob
import hashlib
import inspect
import json
import math
import os
import tempfile
import time

import numpy as np
import onnx
import torch
import torch.distributed as dist
import torch.multiprocessing as mp
import torch.nn.functional as F
from onnx import TensorProto, helper, numpy_helper

from detector_model import CLASSES, HEIGHT, WIDTH, Detector, Exported, quick_floats
from detector_warm import begin_from

PICTURE_BYTES = 3 * HEIGHT * WIDTH
MOST_BOXES = 40
CROP = 192
LONGEST_STEP_S = 3
PERSON = CLASSES.index("person")
FIRST_SOFT = CLASSES.index("fire")
UNSCALED, UNSCALED_AT_REST = 0.4, 0.9
# Share of the squares of a picture with hard spots (detector_hard.py) that are about one of them.
HARD, HARD_AT_REST = 0.25, 0.1


class Pictures:
    """Random access to shards on disk; rows are class, x, y, w, h, ignore."""

    def __init__(self, folder):
        self.items = []
        for path in sorted(glob.glob(os.path.join(folder, "*.json"))):
            labels = json.load(open(path))
            pixels = np.memmap(path[:-5] + ".bin", np.uint8, "r").reshape(-1, 3, HEIGHT, WIDTH)
            known = path[:-5] + ".hard"
            hard = json.load(open(known)) if os.path.exists(known) else [[]] * len(labels)
            for i, (rows, spots) in enumerate(zip(labels, hard)):
                # Fire and smoke are rare and soft: pictures of them come up more often, and so do those that were hard.
                turns = 2 if spots or any(row[0] >= FIRST_SOFT and not row[5] for row in rows) else 1
                self.items += [(pixels, i, rows, spots)] * turns

    def __len__(self):
        return len(self.items)

    def batch(self, indices):
        images = torch.from_numpy(np.stack([self.items[i][0][self.items[i][1]] for i in indices]))
        most = max(1, min(MOST_BOXES, max(len(self.items[i][2]) for i in indices)))
        boxes = torch.zeros(len(indices), most, 4)
        classes = torch.full((len(indices), most), -1, dtype=torch.long)
        ignored = torch.zeros(len(indices), most, dtype=torch.bool)
        for b, i in enumerate(indices):
            rows = sorted(self.items[i][2], key=lambda row: row[5])[:most]
            for k, (cls, x, y, w, h, ignore) in enumerate(rows):
                boxes[b, k] = torch.tensor([x, y, x + w, y + h])
                classes[b, k] = cls
                ignored[b, k] = bool(ignore)
        return images.float().div_(255), boxes, classes, ignored, [self.items[i][3] for i in indices]


def augment(images, boxes, classes, ignored, spots, rng, unscaled=UNSCALED, hard=HARD):
    """A square around something in the picture, in the share `hard` of them a hard spot where it has one: mirrored, all
    but the share `unscaled` zoomed, with other colours and noise. Boxes cut to a stump are ignored. Squares cost less
    than whole pictures and hold nearly as many things."""
    n = images.shape[0]
    plain = rng.random(n) < unscaled
    zoom = np.where(plain, 1.0, np.exp(rng.normal(0, 0.25, n)).clip(0.55, 1.8))
    flip = np.where(rng.random(n) < 0.5, -1.0, 1.0)
    middle = np.empty((n, 2))
    for i in range(n):
        there = np.flatnonzero((classes[i] >= 0).numpy())
        # People are the most asked for and the hardest: every other square is about one, where there is one.
        people = np.flatnonzero((classes[i] == PERSON).numpy() & ~ignored[i].numpy())
        some = people if len(people) and rng.random() < 0.5 else there
        about = boxes[i, some[rng.integers(len(some))]].numpy() if len(some) and rng.random() < 0.85 else None
        if spots[i] and rng.random() < hard:
            x, y, w, h = spots[i][rng.integers(len(spots[i]))]
            about = (x, y, x + w, y + h)
        middle[i, 0] = rng.uniform(0, WIDTH) if about is None else (about[0] + about[2]) / 2 + rng.normal(0, 40)
        middle[i, 1] = HEIGHT / 2 if plain[i] else rng.uniform(0.35, 0.65) * HEIGHT
        reach = CROP / 2 / max(zoom[i], 1)
        middle[i, 0] = np.clip(middle[i, 0], reach - 8, WIDTH - reach + 8)
        middle[i] = np.round(middle[i])
    zoom, flip, middle = (torch.tensor(v, dtype=torch.float32) for v in (zoom, flip, middle))
    size = torch.tensor([WIDTH, HEIGHT], dtype=torch.float32)
    # Output (u, v) in −1…1 shows this place of the input, −1…1 as well.
    theta = torch.zeros(n, 2, 3)
    theta[:, 0, 0], theta[:, 1, 1] = flip * CROP / WIDTH / zoom, CROP / HEIGHT / zoom
    theta[:, :, 2] = middle / size * 2 - 1
    grid = F.affine_grid(theta, [n, 3, CROP, CROP], align_corners=False)
    images = F.grid_sample(images - 0.45, grid, padding_mode="zeros", align_corners=False) + 0.45
    sign = torch.stack((flip, torch.ones(n)), -1)[:, None, None]
    corners = (boxes.view(n, -1, 2, 2) - middle[:, None, None]) * zoom[:, None, None, None] * sign + CROP / 2
    low, high = corners.min(2).values, corners.max(2).values
    whole = (high - low).clamp(min=1e-3).prod(-1)
    low, high = low.clamp(0, CROP), high.clamp(0, CROP)
    left = (high - low).clamp(min=0)
    boxes = torch.cat((low, high), -1)
    # The labelling rule's least size and least share, after the cut.
    ignored = ignored | (left.prod(-1) / whole < 0.4) | (left.amax(-1) < 10) | (left.amin(-1) < 3)
    classes = torch.where(left.prod(-1) > 1, classes, torch.full_like(classes, -1))

    def each(values):
        return torch.tensor(values, dtype=torch.float32).view(n, -1, 1, 1)

    if rng.random() < 0.2:
        images = images * (1 + each(rng.random(n) ** 2 * 0.2) * texture(n, rng))
    # Contrast about the middle, colour cast and brightness, in one go.
    contrast, cast = np.exp(rng.normal(0, 0.14, (n, 1))), np.exp(rng.normal(0, 0.07, (n, 3)))
    lift = 0.45 * cast * (1 - contrast) + rng.normal(0, 0.03, (n, 1))
    images = torch.addcmul(each(lift), images, each(contrast * cast))
    for i in np.flatnonzero(rng.random(n) < 0.08):
        images[i] = images[i].mean(0)
    for i in np.flatnonzero(rng.random(n) < 0.08):
        images[i] = F.avg_pool2d(images[i : i + 1], 3, 1, 1)[0]
    for i in np.flatnonzero(rng.random(n) < 0.2):
        at = int(rng.integers(0, NOISE.numel() - images[i].numel()))
        images[i] += NOISE[at : at + images[i].numel()].view_as(images[i]) * float(rng.uniform(0, 0.04))
    return images.clamp_(0, 1), boxes, classes, ignored


NOISE = torch.randn(1 << 19)


def texture(n, rng):
    """Cloudy noise of two scales, about −1…1: walls, cloth and ground that are not of one tone."""
    out = 0
    for _ in range(2):
        side = int(rng.integers(4, 60))
        small = torch.from_numpy(rng.normal(0, 0.5, (n, 3 if rng.random() < 0.5 else 1, side, side)).astype(np.float32))
        out = out + F.interpolate(small, (CROP, CROP), mode="bilinear", align_corners=False)
    return out


def pair_iou(a, b, generalised=False):
    low, high = torch.maximum(a[..., :2], b[..., :2]), torch.minimum(a[..., 2:], b[..., 2:])
    shared = (high - low).clamp(min=0).prod(-1)
    area = (a[..., 2:] - a[..., :2]).clamp(min=0).prod(-1) + (b[..., 2:] - b[..., :2]).clamp(min=0).prod(-1) - shared
    iou = shared / area.clamp(min=1e-6)
    if not generalised:
        return iou
    hull = (torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    return iou - (hull - area) / hull.clamp(min=1e-6)


@torch.no_grad()
def assign(probability, boxes, points, gt, classes, ignored, top=10):
    """Per anchor: target class scores [B, N, C], target box, whether it is one's, weight of the classification loss."""
    b, n, c = probability.shape
    x, y = points
    within = (x > gt[..., 0:1]) & (x < gt[..., 2:3]) & (y > gt[..., 1:2]) & (y < gt[..., 3:4])
    wanted = (classes >= 0) & ~ignored
    # Few points lie in any box: overlaps are computed for those alone.
    i, g, k = (within & wanted[..., None]).nonzero(as_tuple=True)
    iou = torch.zeros(within.shape)
    iou[i, g, k] = pair_iou(boxes[i, k], gt[i, g])
    metric = torch.zeros(within.shape)
    metric[i, g, k] = probability[i, k, classes[i, g]].clamp(min=1e-6).sqrt() * iou[i, g, k].pow(4) + 1e-7
    values, index = metric.topk(top, -1)
    chosen = torch.zeros_like(within).scatter_(2, index, values > 1e-9)
    overlap, owner = torch.where(chosen, iou + 1e-4, torch.zeros(())).max(1)
    positive = overlap > 0
    mine = torch.zeros_like(within).scatter_(1, owner[:, None], positive[:, None])
    metric, iou = metric * mine, iou * mine
    scale = iou.amax(-1) / metric.amax(-1).clamp(min=1e-9)
    quality = (metric.gather(1, owner[:, None])[:, 0] * scale.gather(1, owner)) * positive
    target_box = gt.gather(1, owner[..., None].expand(-1, -1, 4))
    target_class = classes.clamp(min=0).gather(1, owner)
    scores = torch.zeros(b, n, c)
    scores.scatter_(2, target_class[..., None], quality[..., None])
    blind = (within & ((classes >= 0) & ignored)[..., None]).any(1)
    return scores, target_box, positive, torch.where(positive | ~blind, 1.0, 0.0)


def loss_of(model, images, gt, classes, ignored):
    with quick_floats():
        logits, boxes = model(images.contiguous(memory_format=torch.channels_last))
    scores, target, positive, weight = assign(
        logits.detach().sigmoid(), boxes.detach(), model.points, gt, classes, ignored
    )
    total = scores.sum().clamp(min=1.0)
    probability = logits.sigmoid()
    focus = torch.where(scores > 0, scores, 0.75 * probability.detach().pow(1.5))
    cls = (F.binary_cross_entropy_with_logits(logits, scores, reduction="none") * focus.clamp(min=0) * weight[..., None]).sum()
    share = scores.sum(-1)[positive]
    box = ((1 - pair_iou(boxes[positive], target[positive], True)) * share).sum()
    return cls / total, box / total


def train(rank, args, meeting):
    """One of `args.workers` processes of one thread each: on shared cores they stall less than threads do."""
    # A session each, so that a scheduler that shares the processor among sessions treats them as two.
    os.setsid()
    dist.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=args.workers)
    torch.manual_seed(args.seed)
    torch.set_num_threads(1)
    rng = np.random.default_rng(args.seed * 1000 + rank)
    data = Pictures(args.data)
    model = Detector().to(memory_format=torch.channels_last)
    model.resize(CROP, CROP)
    parameters = list(model.parameters())
    if rank == 0:
        print(f"{len(data)} pictures, {sum(p.numel() for p in parameters)} parameters", flush=True)
    if args.resume:
        model.load_state_dict(torch.load(args.resume)["ema"])
    elif args.begin_from:
        usual = np.random.default_rng(args.seed)
        begin_from(model, args.begin_from, augment(*data.batch(usual.choice(len(data), 96)), usual)[0])
    ema = copy.deepcopy(model).eval()
    plain = [p for p in model.parameters() if p.ndim <= 1]
    kernels = [p for p in model.parameters() if p.ndim > 1]
    optimiser = torch.optim.AdamW([{"params": kernels, "weight_decay": 0.03}, {"params": plain, "weight_decay": 0}], lr=args.rate)
    spent, before, step, order = 0.0, time.time(), 0, []
    budget = args.minutes * 60
    running = [0.0, 0.0]
    share = args.batch // args.workers
    while agreed(spent < budget):
        now = time.time()
        # A machine that stands still meanwhile takes nothing from the run.
        spent += min(now - before, LONGEST_STEP_S)
        before = now
        if len(order) < share:
            # Pictures that were drawn meanwhile join in.
            data = Pictures(args.data)
            order = list(rng.permutation(len(data)))
        indices, order = order[:share], order[share:]
        done = spent / budget
        rate = args.rate * min(1, (step + 1) / 100) * (args.last + (1 - args.last) * 0.5 * (1 + math.cos(math.pi * min(1, done))))
        for group in optimiser.param_groups:
            group["lr"] = rate
        # At the end most pictures are as a camera draws them (Ge et al. 2021 close their runs in this way).
        usual = (UNSCALED_AT_REST, HARD_AT_REST) if done > args.rest else (UNSCALED, HARD)
        images, gt, classes, ignored = augment(*data.batch(indices), rng, *usual)
        cls, box = loss_of(model, images, gt, classes, ignored)
        optimiser.zero_grad(set_to_none=True)
        (cls + 2.0 * box).backward()
        average(parameters)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 10)
        optimiser.step()
        step += 1
        follow(ema, model, min(0.998, 1 - 1 / (1 + step / 4)))
        running = [0.98 * r + 0.02 * v.item() for r, v in zip(running, (cls.detach(), box.detach()))]
        if rank == 0 and step % 50 == 0:
            pace = step * args.batch / spent
            print(f"{spent:6.0f} s  {len(data)} pictures  step {step}  cls {running[0]:.3f}  box {running[1]:.3f}  {pace:.0f} pictures/s", flush=True)
        if rank == 0 and step % 100 == 0:
            torch.save({"ema": ema.state_dict(), "step": step}, args.checkpoint)
    if rank == 0:
        torch.save({"ema": ema.state_dict(), "step": step}, args.checkpoint)
        print(f"{step} steps of {args.batch}", flush=True)


def agreed(going_on):
    """All go on or none does."""
    vote = torch.tensor([1.0 if going_on else 0.0])
    dist.all_reduce(vote, op=dist.ReduceOp.MIN)
    return bool(vote[0] > 0)


def average(parameters):
    flat = torch.cat([p.grad.flatten() for p in parameters])
    dist.all_reduce(flat)
    flat /= dist.get_world_size()
    at = 0
    for p in parameters:
        p.grad.copy_(flat[at : at + p.numel()].view_as(p))
        at += p.numel()


@torch.no_grad()
def follow(ema, model, decay):
    for mine, theirs in zip(ema.state_dict().values(), model.state_dict().values()):
        if mine.dtype.is_floating_point:
            mine.lerp_(theirs, 1 - decay)
        else:
            mine.copy_(theirs)


def half_weights(path):
    """Stores the large weights in 16 bits with a cast before their use, which the runtime folds away when it loads."""
    model = onnx.load(path)
    graph = model.graph
    for weight in list(graph.initializer):
        values = numpy_helper.to_array(weight)
        if values.dtype != np.float32 or values.size < 64:
            continue
        graph.initializer.remove(weight)
        graph.initializer.append(numpy_helper.from_array(values.astype(np.float16), weight.name + ".half"))
        graph.node.insert(0, helper.make_node("Cast", [weight.name + ".half"], [weight.name], to=TensorProto.FLOAT))
    onnx.checker.check_model(model)
    onnx.save(model, path)


def export(model, folder, version):
    path = os.path.join(folder, "detector.onnx")
    os.makedirs(folder, exist_ok=True)
    model = Exported(model.eval()).eval()
    # Newer releases export in another way unless told otherwise.
    tracing = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}
    torch.onnx.export(model, torch.zeros(1, 3, HEIGHT, WIDTH), path, opset_version=13, input_names=["image"],
                      output_names=["detections"], do_constant_folding=True, **tracing)
    half_weights(path)
    blob = open(path, "rb").read()
    manifest = {
        "format": "parkloop-model",
        "name": "parkloop-detector",
        "version": version,
        "task": "detection",
        "file": "detector.onnx",
        "bytes": len(blob),
        "sha256": hashlib.sha256(blob).hexdigest(),
        "licence": "MIT",
        "trainedBy": "models/training/detector_train.py on pictures of models/training/detector-data.ts",
        "card": "card.md",
        "classes": list(CLASSES),
        "input": {
            "name": "image",
            "shape": [1, 3, HEIGHT, WIDTH],
            "layout": "NCHW",
            "channelOrder": "RGB",
            "scale": 1 / 255,
            "mean": [0, 0, 0],
            "std": [1, 1, 1],
            "letterbox": {"fill": 114, "align": "topLeft"},
        },
        "output": {
            "name": "detections",
            "layout": "decoded",
            "boxFormat": "xyxy",
            "objectness": False,
            "transposed": False,
            "activated": True,
            "scoreFloor": 0.3,
            "sureScore": 0.5,
            "nmsIou": 0.55,
        },
    }
    # Scores that were settled by hand for the model before stay until somebody looks at this one's.
    known = os.path.join(folder, "model.json")
    if os.path.exists(known):
        before = json.load(open(known))["output"]
        manifest["output"].update({k: before[k] for k in ("scoreFloor", "sureScore", "classFloors", "nmsIou") if k in before})
    with open(os.path.join(folder, "model.json"), "w") as out:
        json.dump(manifest, out, indent=2)
        out.write("\n")
    print(f"{path}: {len(blob)} bytes", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="models/training/.data")
    parser.add_argument("--out", default="models/detector")
    parser.add_argument("--checkpoint", default="models/training/.data/detector.pt")
    parser.add_argument("--resume", help="checkpoint of the same network")
    parser.add_argument("--begin-from", help="exported detector.onnx of this or a shallower network")
    parser.add_argument("--export-only", action="store_true", help="write --out from --checkpoint without training")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--batch", type=int, default=32, help="below 16 a worker torch falls back to slow convolutions on processors without bfloat16")
    parser.add_argument("--rate", type=float, default=2.5e-3)
    parser.add_argument("--last", type=float, default=0.02, help="share of the rate that is left at the end")
    parser.add_argument("--rest", type=float, default=1, help="share of the run after which pictures are rarely zoomed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--version", default="1.0.0")
    args = parser.parse_args()
    if not args.export_only:
        with tempfile.TemporaryDirectory() as folder:
            mp.spawn(train, args=(args, os.path.join(folder, "meeting")), nprocs=args.workers)
    model = Detector()
    model.load_state_dict(torch.load(args.checkpoint)["ema"])
    export(model, args.out, args.version)


if __name__ == "__main__":
    main()
