"""The detector's network: a small anchor-free one-stage detector made of plain convolutions and ReLU.

Plain 3 × 3 residual backbone, a top-down feature pyramid on strides 8, 16 and 32 that adds instead of concatenating
(Lin et al. 2017), decoupled heads (Ge et al. 2021). Every operator of the exported graph has a WebGPU kernel in
onnxruntime-web.
"""
import torch
from torch import nn

WIDTH, HEIGHT = 320, 192
STRIDES = (8, 16, 32)
CLASSES = ("person", "bicycle", "car", "truck", "forklift", "fire", "smoke")


def conv(cin, cout, kernel=3, stride=1, groups=1):
    return nn.Sequential(
        nn.Conv2d(cin, cout, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(cout, eps=1e-3, momentum=0.03),
        nn.ReLU(inplace=True),
    )


class Residual(nn.Module):
    """Two 3 × 3 convolutions beside a straight way (He et al. 2016)."""

    def __init__(self, channels):
        super().__init__()
        self.a = conv(channels, channels)
        self.b = conv(channels, channels)

    def forward(self, x):
        return x + self.b(self.a(x))


class Head(nn.Module):
    """Decoupled: what it is, and where its edges are."""

    def __init__(self, channels, width, classes):
        super().__init__()
        self.cls_tower, self.reg_tower = conv(channels, width), conv(channels, width)
        self.cls = nn.Conv2d(width, classes, 1)
        self.reg = nn.Conv2d(width, 4, 1)
        nn.init.normal_(self.cls.weight, std=0.01)
        nn.init.constant_(self.cls.bias, -4.6)
        nn.init.normal_(self.reg.weight, std=0.01)
        nn.init.constant_(self.reg.bias, 0.3)

    def forward(self, x):
        return self.cls(self.cls_tower(x)), self.reg(self.reg_tower(x))


class Detector(nn.Module):
    def __init__(self, classes=len(CLASSES), c8=40, c16=56, c32=64):
        super().__init__()
        self.stem = nn.Sequential(conv(3, 12, 3, 2), conv(12, 24, 3, 2))
        self.stage8 = nn.Sequential(conv(24, c8, 3, 2), Residual(c8))
        self.stage16 = nn.Sequential(conv(c8, c16, 3, 2), Residual(c16))
        self.stage32 = nn.Sequential(conv(c16, c32, 3, 2), Residual(c32))
        self.down32, self.smooth16 = conv(c32, c16), conv(c16, c16)
        self.down16, self.smooth8 = conv(c16, c8), conv(c8, c8)
        self.up = nn.Upsample(scale_factor=2, mode="nearest")
        self.head8, self.head = Head(c8, 32, classes), Head(c16, 32, classes)
        self.scales = nn.Parameter(torch.zeros(len(STRIDES)))
        points, strides = anchor_points()
        self.register_buffer("points", points, persistent=False)
        self.register_buffer("strides", strides, persistent=False)

    def features(self, x):
        f8 = self.stage8(self.stem(x))
        f16 = self.stage16(f8)
        p32 = self.down32(self.stage32(f16))
        p16 = self.smooth16(f16 + self.up(p32))
        p8 = self.smooth8(f8 + self.up(self.down16(p16)))
        return p8, p16, p32

    def forward(self, x):
        """Logits [B, N, classes] and boxes [B, N, 4] as left, top, right, bottom in input pixels."""
        logits, reach = [], []
        for i, (head, p) in enumerate(zip((self.head8, self.head, self.head), self.features(x))):
            cls, reg = head(p)
            # Fixed shapes keep shape arithmetic out of the exported graph.
            cells = (HEIGHT // STRIDES[i]) * (WIDTH // STRIDES[i])
            logits.append(cls.reshape(-1, len(CLASSES), cells))
            reach.append((reg + self.scales[i]).reshape(-1, 4, cells))
        logits = torch.cat(logits, 2).transpose(1, 2)
        reach = torch.exp(torch.cat(reach, 2).transpose(1, 2).clamp(max=5)) * self.strides
        return logits, torch.cat((self.points - reach[..., :2], self.points + reach[..., 2:]), -1)


class Exported(nn.Module):
    """One output [1, N, 4 + classes]: box in input pixels, then probabilities."""

    def __init__(self, detector):
        super().__init__()
        self.detector = detector

    def forward(self, x):
        logits, boxes = self.detector(x)
        return torch.cat((boxes, torch.sigmoid(logits)), -1)


def anchor_points():
    points, strides = [], []
    for stride in STRIDES:
        ys, xs = torch.meshgrid(torch.arange(HEIGHT // stride), torch.arange(WIDTH // stride), indexing="ij")
        points.append(torch.stack(((xs.flatten() + 0.5) * stride, (ys.flatten() + 0.5) * stride), -1))
        strides.append(torch.full((points[-1].shape[0], 1), float(stride)))
    return torch.cat(points).float(), torch.cat(strides)
