"""Trains the environment model and writes models/environment/environment.onnx with its model.json.

Input: the last 24 minutes of a zone's temperature, humidity, CO2 and PM2.5 with masks; output: probabilities of
"occupied" and "fire-like".

    python3 models/training/environment.py --data DIR [--out models/environment] [--steps 9000]
"""
import argparse
import hashlib
import json
import os
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

CHANNELS, STEPS = 4, 24


class Environment(nn.Module):
    def __init__(self, width=24):
        super().__init__()
        self.first = nn.Conv1d(4 * CHANNELS, width, 5, padding=2)
        self.second = nn.Conv1d(width, width, 5, padding=2)
        self.third = nn.Conv1d(width, width, 5, padding=4, dilation=2)
        self.mix = nn.Linear(3 * width + 3 * CHANNELS, 48)
        self.last = nn.Linear(48, 2)

    def logits(self, window):
        values = window[:, :CHANNELS]
        # How far each moment is from the newest, and from the minute before: what changes says more than the level.
        now = values[:, :, STEPS - 1 :]
        from_now = 2 * (values - now)
        rise = 4 * (values[:, :, 1:] - values[:, :, : STEPS - 1])
        rise = torch.cat([torch.zeros_like(now), rise], 2)
        x = F.silu(self.first(torch.cat([window, from_now, rise], 1)))
        x = x + F.silu(self.second(x))
        x = x + F.silu(self.third(x))
        summary = torch.cat([x.mean(2), x[:, :, STEPS - 1], x[:, :, STEPS - 6 :].mean(2),
                             now.squeeze(2), rise[:, :, STEPS - 3 :].mean(2), values.mean(2)], 1)
        return self.last(F.silu(self.mix(summary)))

    def forward(self, window):
        return torch.sigmoid(self.logits(window))


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--data", default="models/training/.data")
    args.add_argument("--out", default="models/environment")
    args.add_argument("--steps", type=int, default=9000)
    args.add_argument("--seed", type=int, default=1)
    args = args.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(1)
    about = json.load(open(os.path.join(args.data, "environment.json")))
    rows = np.fromfile(os.path.join(args.data, "environment.f32"), np.float32).reshape(-1, about["rowLength"])
    window = torch.from_numpy(rows[:, : about["inputLength"]].copy()).reshape(-1, 2 * CHANNELS, STEPS)
    truth = torch.from_numpy(rows[:, -4:-2].copy())
    weight = torch.from_numpy(rows[:, -2:].copy())
    # Rows come room by room: the last twentieth is rooms never trained on.
    train = len(rows) - len(rows) // 20
    model, averaged = Environment(), Environment()
    averaged.load_state_dict(model.state_dict())
    optimiser = torch.optim.AdamW(model.parameters(), 3e-3, weight_decay=1e-3)
    batch, start = 512, time.time()
    for step in range(1, args.steps + 1):
        done = step / args.steps
        for group in optimiser.param_groups:
            group["lr"] = 3e-3 * min(1, step / 200) * 0.5 * (1 + np.cos(np.pi * done)) + 1e-5
        pick = torch.randint(0, train, (batch,))
        w = window[pick]
        # Sensors are not calibrated alike: an offset of its own for each channel of each room.
        offset = torch.randn(batch, CHANNELS, 1) * torch.tensor([0.1, 0.15, 0.08, 0.12]).reshape(1, CHANNELS, 1)
        known = (w[:, CHANNELS:].amax(2, keepdim=True) > 0).float()
        w = torch.cat([w[:, :CHANNELS] + offset * known, w[:, CHANNELS:]], 1)
        each = F.binary_cross_entropy_with_logits(model.logits(w), truth[pick], reduction="none")
        loss = (each * weight[pick]).mean()
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        with torch.no_grad():
            keep = min(0.998, step / (step + 50))
            for a, b in zip(averaged.parameters(), model.parameters()):
                a.lerp_(b, 1 - keep)
        if step % 500 == 0:
            print(f"{(time.time() - start) / 60:.1f} min, step {step}, loss {loss.item():.4f}, "
                  f"held-out {check(averaged, window[train:], truth[train:], weight[train:])}", flush=True)
    averaged.eval()
    print("final", check(averaged, window[train:], truth[train:], weight[train:]))
    export(averaged, args.out)


@torch.no_grad()
def check(model, window, truth, weight):
    p = torch.cat([model(w) for w in window.split(4096)])
    said = (p > 0.5).float()
    right = ((said == truth).float() * weight).sum(0) / weight.sum(0)
    fire = truth[:, 1] * weight[:, 1] > 0.5
    calm = (truth[:, 1] == 0) & (weight[:, 1] > 0)
    return (f"occupied right {right[0].item():.4f}, fire windows found {said[fire, 1].mean().item():.4f}, "
            f"false {said[calm, 1].mean().item():.5f}")


def export(model, folder):
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "environment.onnx")
    torch.onnx.export(model, torch.zeros(1, 2 * CHANNELS, STEPS), path, opset_version=15,
                      input_names=["window"], output_names=["probabilities"], do_constant_folding=True)
    data = open(path, "rb").read()
    manifest = {
        "format": "parkloop-model",
        "name": "park-environment",
        "version": "1",
        "task": "environment",
        "file": "environment.onnx",
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "licence": "MIT",
        "card": "card.md",
        "input": {
            "name": "window",
            "shape": [1, 2 * CHANNELS, STEPS],
            "channels": ["temperature", "humidity", "co2", "pm25"],
            "stepMs": 60000,
            "steps": STEPS,
        },
        "output": {"name": "probabilities", "shape": [1, 2], "labels": ["occupied", "fireLike"]},
        "thresholds": {"occupied": 0.5, "fireLike": 0.9},
    }
    json.dump(manifest, open(os.path.join(folder, "model.json"), "w"), indent=2)
    print(f"{path}: {len(data)} bytes")


main()
