"""Trains the energy forecaster and writes models/forecaster/forecaster.onnx with its model.json.

Input: a meter's last week at 15 minutes (normalised) and the calendar of the next day; output: three quantiles.
The median is a learned, per-step mixture of the same time on the seven days before, plus a correction; the band opens
around it by two positive widths, so quantiles cannot cross.  Loss: pinball (Koenker & Bassett 1978).

    python3 models/training/forecaster.py --data DIR [--out models/forecaster] [--steps 7000]
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

DAY, LAGS, CALENDAR, RECENT = 96, 7, 10, 8
QUANTILES = (0.05, 0.5, 0.95)


def positive(x):
    """softplus, in operators that every engine has"""
    return torch.relu(x) + torch.log(1 + torch.exp(-torch.abs(x)))


class Forecaster(nn.Module):
    def __init__(self, width=32):
        super().__init__()
        self.first = nn.Conv1d(LAGS + 2 * RECENT + CALENDAR + 1, width, 5, padding=2)
        self.blocks = nn.ModuleList(nn.Conv1d(width, width, 5, padding=2 * d, dilation=d) for d in (2, 6))
        self.last = nn.Conv1d(width, LAGS + 3, 1)
        nn.init.zeros_(self.last.weight)
        with torch.no_grad():
            self.last.bias.copy_(torch.tensor([0.5] + [0.0] * (LAGS - 2) + [0.5] + [0.0, -1.5, -1.5]))
        self.register_buffer("lead", torch.linspace(0, 1, DAY).reshape(1, 1, DAY))

    def forward(self, history, calendar):
        lags = history.reshape(-1, LAGS, DAY)
        recent = history[:, -RECENT:]
        unusual = recent - history[:, -DAY - RECENT : -DAY]
        context = torch.cat([recent, unusual], 1).unsqueeze(2).expand(-1, -1, DAY)
        lead = self.lead.expand(lags.shape[0], -1, -1)
        x = F.silu(self.first(torch.cat([lags, context, calendar, lead], 1)))
        for block in self.blocks:
            x = x + F.silu(block(x))
        x = self.last(x)
        mix = torch.softmax(x[:, :LAGS], 1)
        median = (mix * lags).sum(1, keepdim=True) + x[:, LAGS : LAGS + 1]
        return torch.cat(
            [median - positive(x[:, LAGS + 1 : LAGS + 2]), median, median + positive(x[:, LAGS + 2 : LAGS + 3])], 1
        )


def pinball(prediction, target):
    error = target.unsqueeze(1) - prediction
    q = torch.tensor(QUANTILES).reshape(1, 3, 1)
    return torch.maximum(q * error, (q - 1) * error).mean()


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--data", default="models/training/.data")
    args.add_argument("--out", default="models/forecaster")
    args.add_argument("--steps", type=int, default=7000)
    args.add_argument("--seed", type=int, default=1)
    args = args.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(1)
    about = json.load(open(os.path.join(args.data, "forecaster.json")))
    rows = np.fromfile(os.path.join(args.data, "windows.f32"), np.float32).reshape(-1, about["rowLength"])
    calendars = torch.from_numpy(np.fromfile(os.path.join(args.data, "calendars.f32"), np.float32)).reshape(
        -1, CALENDAR, DAY
    )
    history = torch.from_numpy(rows[:, : LAGS * DAY].copy())
    target = torch.from_numpy(rows[:, LAGS * DAY : -1].copy()).clamp(-8, 8)
    moment = torch.from_numpy(rows[:, -1].astype(np.int64))
    held = about["windows"] * (about["meters"] // 20)
    train = len(rows) - held

    model = Forecaster()
    averaged = Forecaster()
    averaged.load_state_dict(model.state_dict())
    optimiser = torch.optim.AdamW(model.parameters(), 3e-3, weight_decay=1e-3)
    batch, start = 128, time.time()
    for step in range(1, args.steps + 1):
        done = step / args.steps
        for group in optimiser.param_groups:
            group["lr"] = 3e-3 * min(1, step / 200) * 0.5 * (1 + np.cos(np.pi * done)) + 1e-5
        pick = torch.randint(0, train, (batch,))
        h, y = history[pick].clone(), target[pick].clone()
        # Half of the meters count the sum of two: more kinds of building than the simulator has.
        mates = torch.randint(0, train, (batch,))
        same = (moment[mates] - moment[pick]) % DAY == 0
        same &= (moment[mates] - moment[pick]) == 0
        share = torch.rand(batch, 1) * same.unsqueeze(1)
        h = (1 - share) * h + share * history[mates]
        y = (1 - share) * y + share * target[mates]
        # Some meters have coarse or noisy readings.
        noise = 0.04 * torch.rand(batch, 1) * (torch.rand(batch, 1) < 0.3)
        h = h + noise * torch.randn_like(h)
        y = y + noise * torch.randn_like(y)
        loss = pinball(model(h, calendars[moment[pick]]), y)
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
                  f"held-out {check(averaged, history[train:], calendars[moment[train:]], target[train:])}", flush=True)
    averaged.eval()
    print("final", check(averaged, history[train:], calendars[moment[train:]], target[train:]))
    export(averaged, args.out)


@torch.no_grad()
def check(model, history, calendar, target):
    out = torch.cat([model(h, c) for h, c in zip(history.split(512), calendar.split(512))])
    naive = history.reshape(-1, LAGS, DAY)[:, 0]
    inside = ((target >= out[:, 0]) & (target <= out[:, 2])).float().mean().item()
    mae = (out[:, 1] - target).abs().mean().item()
    naive_mae = (naive - target).abs().mean().item()
    return f"pinball {pinball(out, target).item():.4f}, mae {mae:.4f} (same time last week {naive_mae:.4f}), inside {inside:.3f}"


def export(model, folder):
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "forecaster.onnx")
    torch.onnx.export(
        model, (torch.zeros(1, LAGS * DAY), torch.zeros(1, CALENDAR, DAY)), path, opset_version=15,
        input_names=["history", "calendar"], output_names=["quantiles"], do_constant_folding=True,
    )
    data = open(path, "rb").read()
    manifest = {
        "format": "parkloop-model",
        "name": "park-forecaster",
        "version": "1",
        "task": "forecast",
        "file": "forecaster.onnx",
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "licence": "MIT",
        "card": "card.md",
        "input": {
            "history": {"name": "history", "shape": [1, LAGS * DAY]},
            "calendar": {"name": "calendar", "shape": [1, CALENDAR, DAY]},
            "intervalMs": 900000,
            "historyIntervals": LAGS * DAY,
        },
        "output": {"name": "quantiles", "shape": [1, 3, DAY], "quantiles": list(QUANTILES), "horizonIntervals": DAY},
    }
    json.dump(manifest, open(os.path.join(folder, "model.json"), "w"), indent=2)
    print(f"{path}: {len(data)} bytes")


main()
