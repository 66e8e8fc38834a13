"""The detector's network: a small anchor-free one-stage detector made of plain convolutions and ReLU.

Residual backbone of 1 × 1 and 3 × 3 convolutions (Redmon & Farhadi 2018), a top-down feature pyramid that adds instead of
concatenating (Lin et al. 2017), decoupled heads (Ge et al. 2021). Each cell of stride 8 answers for four points four
pixels apart, which finds small people as a grid of stride 4 would, at a quarter of the cost. Every operator of the
exported graph has a WebGPU kernel in onnxruntime-web.
"""
import functools
import os

import torch
from torch import nn

WIDTH, HEIGHT = 320, 192
CLASSES = ("person", "bicycle", "car", "truck", "forklift", "fire", "smoke")
# Stride of the grid of features, points along each side of a cell.
LEVELS = ((8, 2), (16, 1), (32, 1))


def conv(cin, cout, kernel=3, stride=1):
    return nn.Sequential(
        nn.Conv2d(cin, cout, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(cout, eps=1e-3, momentum=0.03),
        nn.ReLU(inplace=True),
    )


class Residual(nn.Module):
    """Half the channels, then a 3 × 3 convolution, beside a straight way."""

    def __init__(self, channels):
        super().__init__()
        self.a = conv(channels, channels // 2, 1)
        self.b = conv(channels // 2, channels)

    def forward(self, x):
        return x + self.b(self.a(x))


class Head(nn.Module):
    """Decoupled: what it is, and where its edges are."""

    def __init__(self, channels, width, points):
        super().__init__()
        self.cls_tower, self.reg_tower = conv(channels, width), conv(channels, width)
        self.cls = nn.Conv2d(width, len(CLASSES) * points, 1)
        self.reg = nn.Conv2d(width, 4 * points, 1)
        nn.init.normal_(self.cls.weight, std=0.01)
        nn.init.constant_(self.cls.bias, -4.6)
        nn.init.normal_(self.reg.weight, std=0.01)
        nn.init.constant_(self.reg.bias, 0.8)

    def forward(self, x):
        return self.cls(self.cls_tower(x)), self.reg(self.reg_tower(x))


class Detector(nn.Module):
    def __init__(self, c2=12, c4=24, c8=64, c16=96, c32=128, p8=48, p16=64):
        super().__init__()
        self.stem = nn.Sequential(conv(3, c2, 3, 2), conv(c2, c4, 3, 2))
        self.stage8 = nn.Sequential(conv(c4, c8, 3, 2), Residual(c8), Residual(c8))
        self.stage16 = nn.Sequential(conv(c8, c16, 3, 2), Residual(c16), Residual(c16), Residual(c16))
        self.stage32 = nn.Sequential(conv(c16, c32, 3, 2), Residual(c32), Residual(c32))
        self.side32, self.side16, self.side8 = conv(c32, p16, 1), conv(c16, p16, 1), conv(c8, p8, 1)
        self.smooth16, self.down16, self.smooth8 = conv(p16, p16), conv(p16, p8, 1), conv(p8, p8)
        self.up = nn.Upsample(scale_factor=2, mode="nearest")
        self.head8, self.head = Head(p8, 32, 4), Head(p16, 48, 1)
        self.scales = nn.Parameter(torch.zeros(len(LEVELS)))
        self.resize(WIDTH, HEIGHT)

    def resize(self, width, height):
        """Sets the size of the pictures to come."""
        self.size = (width, height)
        self.points, self.strides = anchor_points(width, height)

    def features(self, x):
        f8 = self.stage8(self.stem(x))
        f16 = self.stage16(f8)
        p32 = self.side32(self.stage32(f16))
        p16 = self.smooth16(self.side16(f16) + self.up(p32))
        p8 = self.smooth8(self.side8(f8) + self.up(self.down16(p16)))
        return p8, p16, p32

    def raw(self, x):
        """Logits [B, classes, N] and, in input pixels, how far the edges reach from each point [B, 4, N]."""
        logits, reach = [], []
        for i, (head, p) in enumerate(zip((self.head8, self.head, self.head), self.features(x))):
            cls, reg = head(p)
            # Fixed shapes keep shape arithmetic out of the exported graph.
            stride, side = LEVELS[i]
            cells = (self.size[1] // stride) * (self.size[0] // stride) * side * side
            logits.append(cls.reshape(-1, len(CLASSES), cells))
            reach.append((reg + self.scales[i]).reshape(-1, 4, cells))
        reach = torch.exp(torch.cat(reach, 2).float().clamp(max=5)) * self.strides
        return torch.cat(logits, 2).float(), reach

    def forward(self, x):
        """Logits [B, N, classes] and boxes [B, N, 4] as left, top, right, bottom in input pixels."""
        logits, reach = self.raw(x)
        boxes = torch.cat((self.points - reach[:, :2], self.points + reach[:, 2:]), 1)
        return logits.transpose(1, 2), boxes.transpose(1, 2)


class Exported(nn.Module):
    """One output [1, N, 4 + classes]: box in input pixels, then probabilities."""

    def __init__(self, detector):
        super().__init__()
        self.detector = detector

    def forward(self, x):
        logits, reach = self.detector.raw(x)
        points = self.detector.points
        return torch.cat((points - reach[:, :2], points + reach[:, 2:], torch.sigmoid(logits)), 1).transpose(1, 2)


def anchor_points(width, height):
    """Middles [2, N] of what each output answers for, and their spacing [1, N], in input pixels."""
    points, strides = [], []
    for stride, side in LEVELS:
        ys, xs = torch.meshgrid(torch.arange(height // stride), torch.arange(width // stride), indexing="ij")
        step = stride / side
        for k in range(side * side):
            x = xs.flatten() * stride + step * (k % side + 0.5)
            y = ys.flatten() * stride + step * (k // side + 0.5)
            points.append(torch.stack((x, y)))
            strides.append(torch.full((1, x.shape[0]), step))
    return torch.cat(points, 1).float(), torch.cat(strides, 1)


@functools.lru_cache
def knows_bfloat16():
    """Whether the processor multiplies in bfloat16 by itself; others imitate it at an eighth of the speed."""
    if not os.path.exists("/proc/cpuinfo"):
        return False
    with open("/proc/cpuinfo") as lines:
        flags = next((line for line in lines if line.startswith("flags")), "")
    return "avx512_bf16" in flags or "amx_bf16" in flags


def quick_floats():
    """Convolutions in bfloat16 run twice as fast on processors that know it."""
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=knows_bfloat16())
