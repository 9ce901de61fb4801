"""The benchmark's model in PyTorch, on one thread.

Usage: pytorch_peer.py STEPS FIXTURE...

Checks, for each fixture (see fixture.h), that the losses before and after one update equal the engine's; then times
STEPS training steps on its batch and prints {case: [milliseconds of processor time, ...]} as JSON.
"""

import json
import os
import sys
import time

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import torch

TOLERANCE = 1e-3  # relative, of losses
NAMES = ("query", "key", "value", "output")


class Peer:
    def __init__(self, fixture):
        self.fixture = fixture
        f = fixture
        self.batch, self.positions, self.heads = f["batch_size"], f["positions"], f["heads"]
        self.tokens = torch.tensor(f["tokens"]).view(self.batch, self.positions, f["width"])
        self.labels = torch.tensor(f["labels"]).view(self.batch, self.positions, f["output_size"])
        self.mask = torch.ones(self.positions, self.positions).tril()
        shapes = [(f["width"], -1)] * 3 + [(-1, f["width"])]
        self.layers = [
            [torch.tensor(layer[name]).view(shape).requires_grad_() for name, shape in zip(NAMES, shapes)]
            for layer in f["parameters"]
        ]
        self.parameters = [weight for layer in self.layers for weight in layer]
        self.optimiser = torch.optim.AdamW(
            self.parameters, lr=f["learning_rate"], weight_decay=f["weight_decay"], foreach=True
        )

    def split(self, projection):
        """[B, T, H K] -> [B, H, T, K]"""
        return projection.view(self.batch, self.positions, self.heads, -1).transpose(1, 2)

    def loss(self):
        limit = self.fixture["residual_limit"]
        x = self.tokens
        for query, key, value, output in self.layers:
            q, k, v = self.split(x @ query), self.split(x @ key), self.split(x @ value)
            scores = q @ k.transpose(2, 3) * self.mask
            mixed = (scores @ v).transpose(1, 2).reshape(self.batch, self.positions, -1)
            x = (x + mixed @ output).clamp(-limit, limit)
        errors = x[..., : self.labels.shape[2]] - self.labels
        return errors.square().sum() / (2 * self.batch * self.positions)

    def step(self):
        self.optimiser.zero_grad(set_to_none=True)
        loss = self.loss()
        loss.backward()
        torch.nn.utils.clip_grad_value_(self.parameters, self.fixture["gradient_limit"])
        self.optimiser.step()
        return loss.item()

    def check(self):
        """Checks that the losses before and after one update equal the engine's. Also warms up."""
        for got, wanted in ((self.step(), self.fixture["loss"]), (self.loss().item(), self.fixture["loss_after"])):
            if abs(got - wanted) > TOLERANCE * wanted:
                sys.exit(f"PyTorch's loss of {self.fixture['name']} is {got}, the engine's {wanted}")

    def time_step(self):
        start = time.process_time()
        self.step()
        return 1e3 * (time.process_time() - start)


def main():
    torch.set_num_threads(1)
    times = {}
    for path in sys.argv[2:]:
        with open(path) as file:
            peer = Peer(json.load(file))
        peer.check()
        times[peer.fixture["name"]] = [peer.time_step() for _ in range(int(sys.argv[1]))]
    print(json.dumps(times))


main()
