"""The detector's network: a small anchor-free one-stage detector made of plain convolutions and ReLU.

Backbone with cross-stage partial blocks (Wang et al. 2020), top-down feature pyramid on strides 8, 16 and 32,
decoupled head shared by the levels (Tian et al. 2019, Ge et al. 2021). Every operator of the exported graph has a
WebGPU kernel in onnxruntime-web: Conv, Relu, Add, Concat, MaxPool, Resize (nearest), Mul, Sub, Exp, Sigmoid, Reshape,
Transpose, Slice, Split.
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
    def __init__(self, channels):
        super().__init__()
        self.a = conv(channels, channels)
        self.b = conv(channels, channels)

    def forward(self, x):
        return x + self.b(self.a(x))


class Partial(nn.Module):
    """Half of the channels take the long way through residual blocks."""

    def __init__(self, channels, blocks):
        super().__init__()
        half = channels // 2
        self.short = conv(channels, half, 1)
        self.long = nn.Sequential(conv(channels, half, 1), *[Residual(half) for _ in range(blocks)])
        self.join = conv(channels, channels, 1)

    def forward(self, x):
        return self.join(torch.cat((self.short(x), self.long(x)), 1))


class Pooled(nn.Module):
    """Context from pooling at three reaches (He et al. 2014)."""

    def __init__(self, channels):
        super().__init__()
        half = channels // 2
        self.squeeze = conv(channels, half, 1)
        self.pool = nn.MaxPool2d(5, 1, 2)
        self.join = conv(half * 3, channels, 1)

    def forward(self, x):
        a = self.squeeze(x)
        b = self.pool(a)
        return self.join(torch.cat((a, b, self.pool(b)), 1))


class Head(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()

        def tower():
            return nn.Sequential(
                conv(channels, channels, 3, groups=channels), conv(channels, channels, 1),
                conv(channels, channels, 3, groups=channels), conv(channels, channels, 1),
            )

        self.cls_tower, self.reg_tower = tower(), tower()
        self.cls = nn.Conv2d(channels, classes, 1)
        self.reg = nn.Conv2d(channels, 4, 1)
        nn.init.normal_(self.cls.weight, std=0.01)
        nn.init.constant_(self.cls.bias, -4.6)
        nn.init.normal_(self.reg.weight, std=0.01)
        nn.init.constant_(self.reg.bias, 0.3)

    def forward(self, x):
        return self.cls(self.cls_tower(x)), self.reg(self.reg_tower(x))


class Detector(nn.Module):
    def __init__(self, classes=len(CLASSES), neck=48):
        super().__init__()
        self.stem = nn.Sequential(conv(3, 12, 3, 2), conv(12, 24, 3, 2), Partial(24, 1))
        self.stage8 = nn.Sequential(conv(24, 48, 3, 2), Partial(48, 2))
        self.stage16 = nn.Sequential(conv(48, 72, 3, 2), Partial(72, 2))
        self.stage32 = nn.Sequential(conv(72, 96, 3, 2), Partial(96, 1), Pooled(96))
        self.lateral8, self.lateral16, self.lateral32 = conv(48, neck, 1), conv(72, neck, 1), conv(96, neck, 1)
        self.join8, self.join16 = conv(neck * 2, neck, 1), conv(neck * 2, neck, 1)
        self.smooth8, self.smooth16 = Partial(neck, 1), Partial(neck, 1)
        self.up = nn.Upsample(scale_factor=2, mode="nearest")
        self.head = Head(neck, classes)
        self.scales = nn.Parameter(torch.zeros(len(STRIDES)))
        points, strides = anchor_points()
        self.register_buffer("points", points, persistent=False)
        self.register_buffer("strides", strides, persistent=False)

    def features(self, x):
        c8 = self.stage8(self.stem(x))
        c16 = self.stage16(c8)
        c32 = self.stage32(c16)
        p32 = self.lateral32(c32)
        p16 = self.smooth16(self.join16(torch.cat((self.lateral16(c16), self.up(p32)), 1)))
        p8 = self.smooth8(self.join8(torch.cat((self.lateral8(c8), self.up(p16)), 1)))
        return p8, p16, p32

    def forward(self, x):
        """Logits [B, N, classes] and boxes [B, N, 4] as left, top, right, bottom in input pixels."""
        logits, reach = [], []
        for i, p in enumerate(self.features(x)):
            cls, reg = self.head(p)
            logits.append(cls.flatten(2))
            reach.append((reg + self.scales[i]).flatten(2))
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
