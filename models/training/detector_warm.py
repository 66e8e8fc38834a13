"""Begins a training run from an exported detector.onnx: what it has learned, put into a network that may be deeper.

In the file each normalisation is folded into its convolution. It is unfolded by what a batch of pictures shows: the
statistics that each layer meets become its normalisation's, so that the network answers as the file does.
"""
import onnx
import torch
from onnx import numpy_helper
from torch import nn

# How loudly a layer speaks that the file does not have: nearly not at all, so that it disturbs little at first.
NEW_GAIN = 0.1


@torch.no_grad()
def begin_from(model, path, images):
    """Sets `model` from the file at `path`; `images` [B, 3, H, W], values 0 to 1, are usual pictures of the model's size."""
    graph = onnx.load(path).graph
    values = {
        i.name.removesuffix(".half"): torch.from_numpy(numpy_helper.to_array(i).copy()).float() for i in graph.initializer
    }
    # A layer that runs on two levels appears twice.
    same = {n.output[0]: n.input[0] for n in graph.node if n.op_type == "Identity"}
    layers = {
        module_path(n.output[0]): [values[same.get(name, name)] for name in n.input[1:]]
        for n in graph.node
        if n.op_type == "Conv"
    }
    modules = dict(model.named_modules())
    missing = [name for name in layers if name not in modules]
    if missing:
        raise ValueError(f"{path}: {missing[0]} has no place in this network")
    for name, (weight, bias) in layers.items():
        modules[name].weight.copy_(weight)
        if modules[name].bias is not None:
            modules[name].bias.copy_(bias)
    scales = [values[name] for n in graph.node if n.op_type == "Add" for name in n.input if name in values]
    model.scales.copy_(torch.stack([s.reshape(()) for s in scales]))

    met = set()

    def unfold(name):
        def before(norm, inputs):
            if name in met:
                return
            met.add(name)
            norm.running_mean.copy_(inputs[0].mean((0, 2, 3)))
            norm.running_var.copy_(inputs[0].var((0, 2, 3), unbiased=False))
            # The normalisation follows its convolution in one Sequential.
            layer = layers.get(f"{name.removesuffix('.1')}.0")
            if layer is None:
                norm.weight.fill_(NEW_GAIN)
            else:
                norm.weight.copy_((norm.running_var + norm.eps).sqrt())
                norm.bias.copy_(layer[1] + norm.running_mean)

        return before

    norms = [(name, module) for name, module in modules.items() if isinstance(module, nn.BatchNorm2d)]
    hooks = [module.register_forward_pre_hook(unfold(name)) for name, module in norms]
    model.eval()(images)
    for hook in hooks:
        hook.remove()
    model.train()


def module_path(output):
    """'/stage16/stage16.1/a/a.0_1/Conv_output_0' as 'stage16.1.a.0': the module whose output it is."""
    path = []
    for part in output.split("/")[1:-1]:
        name, _, copy = part.rpartition("_")
        names = (name if name and copy.isdigit() else part).split(".")
        # A member of a list is called by the list's name again.
        known = next((k for k in range(len(names) - 1, 0, -1) if path[-k:] == names[:k]), 0)
        path += names[known:]
    return ".".join(path)
