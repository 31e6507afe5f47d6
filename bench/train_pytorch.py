#!/usr/bin/env python3
"""The training step of bench_train.c in PyTorch, as its users would write it for speed.

784-100-100-100-100-10, tanh, softmax and cross-entropy, batches of 100 gathered from 10,000 shuffled
samples, floats, on the CPU.  Settings, each with 1 and 2 threads:

  rbp manual    random backpropagation by hand under no_grad, memory reused by out= and in place
  rbp plain     the same by operators, as in a notebook
  rbp jit       the same through torch.jit.script
  rbp autograd  layers as autograd functions with a fixed feedback matrix, torch.optim.SGD
  bp autograd   nn.Sequential, cross_entropy, torch.optim.SGD: what most users would run

    train_pytorch.py BENCH_TRAIN

runs by turns with the program BENCH_TRAIN, whose steps are timed by itself, so that both meet the same
load of the machine; times are medians over the rounds.  Of bp only the time is printed: the ratio is
that of rule rbp.  Needs Debian's python3-torch.
"""
import statistics
import subprocess
import sys
import time

import torch
from torch import nn
import torch.nn.functional as F

SIZES = [784, 100, 100, 100, 100, 10]
LAYERS, BATCH, SAMPLES, RATE = 5, 100, 10000, 0.1
STEPS = 30  # of a round, as bench_train has: caches are warm for most of them
SECONDS = 12  # for the rounds of all settings with one number of threads
REST = 0.05  # seconds until threads that wait for work of one of the two sleep
LEAST = 1.5

torch.manual_seed(1)
torch.set_flush_denormal(True)
inputs = torch.rand(SAMPLES, SIZES[0]) * (torch.rand(SAMPLES, SIZES[0]) < 0.2)
labels = torch.randint(0, SIZES[-1], (SAMPLES,))
targets = F.one_hot(labels, SIZES[-1]).float()


def draw(rows, columns):
    return torch.randn(rows, columns) * (2 / (rows + columns)) ** 0.5


def batches():
    """Indices of batches, from epochs that are shuffled anew."""
    while True:
        order = torch.randperm(SAMPLES)
        for first in range(0, SAMPLES, BATCH):
            yield order[first : first + BATCH]


class Manual:
    """W, b and C as tensors, all memory made once."""

    def __init__(self):
        self.W = [draw(SIZES[l + 1], SIZES[l]) for l in range(LAYERS)]
        self.b = [torch.zeros(SIZES[l + 1]) for l in range(LAYERS)]
        self.C = [draw(SIZES[l + 1], SIZES[l + 2]) for l in range(LAYERS - 1)]
        self.X = [torch.empty(BATCH, n) for n in SIZES]
        self.D = [torch.empty(BATCH, n) for n in SIZES[1:]]
        self.T = torch.empty(BATCH, SIZES[-1])
        self.slope = torch.empty(BATCH, 100)

    @torch.no_grad()
    def step(self, index):
        X, D = self.X, self.D
        torch.index_select(inputs, 0, index, out=X[0])
        torch.index_select(targets, 0, index, out=self.T)
        for l in range(LAYERS):
            torch.addmm(self.b[l], X[l], self.W[l].t(), out=X[l + 1])
            if l < LAYERS - 1:
                X[l + 1].tanh_()
        log = F.log_softmax(X[LAYERS], 1)
        self.loss = -(log * self.T).sum()
        torch.sub(self.T, log.exp_(), out=D[-1])
        for l in reversed(range(LAYERS - 1)):
            torch.mm(D[l + 1], self.C[l].t(), out=D[l])
            torch.mul(X[l + 1], X[l + 1], out=self.slope)
            D[l].addcmul_(D[l], self.slope, value=-1)
        for l in range(LAYERS):
            self.W[l].addmm_(D[l].t(), X[l], alpha=RATE / BATCH)
            self.b[l].add_(D[l].sum(0), alpha=RATE / BATCH)


def plain_step(W: list[torch.Tensor], b: list[torch.Tensor], C: list[torch.Tensor],
               x: torch.Tensor, t: torch.Tensor):
    X = [x]
    for l in range(4):
        X.append(torch.tanh(torch.addmm(b[l], X[l], W[l].t())))
    out = torch.addmm(b[4], X[4], W[4].t())
    log = torch.log_softmax(out, 1)
    loss = -(log * t).sum()
    D = t - log.exp()
    for k in range(5):
        l = 4 - k
        W[l].addmm_(D.t(), X[l], alpha=0.001)
        b[l].add_(D.sum(0), alpha=0.001)
        if l > 0:
            D = torch.mm(D, C[l - 1].t()) * (1 - X[l] * X[l])
    return loss


class Plain:
    def __init__(self, scripted):
        manual = Manual()
        self.W, self.b, self.C = manual.W, manual.b, manual.C
        self.function = torch.jit.script(plain_step) if scripted else plain_step

    @torch.no_grad()
    def step(self, index):
        self.loss = self.function(self.W, self.b, self.C, inputs[index], targets[index])


class FeedbackLinear(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, W, b, C):
        ctx.save_for_backward(x, C)
        return torch.addmm(b, x, W.t())

    @staticmethod
    def backward(ctx, grad):
        x, C = ctx.saved_tensors
        below = grad @ C.t() if ctx.needs_input_grad[0] else None
        return below, grad.t() @ x, grad.sum(0), None


class Autograd:
    def __init__(self, feedback):
        self.feedback = feedback
        self.W = [nn.Parameter(draw(SIZES[l + 1], SIZES[l])) for l in range(LAYERS)]
        self.b = [nn.Parameter(torch.zeros(SIZES[l + 1])) for l in range(LAYERS)]
        self.C = [None] + [draw(SIZES[l], SIZES[l + 1]) for l in range(1, LAYERS)]
        self.C[0] = torch.empty(0)
        self.optimiser = torch.optim.SGD(self.W + self.b, lr=RATE)

    def forward(self, x):
        for l in range(LAYERS):
            if self.feedback:
                x = FeedbackLinear.apply(x, self.W[l], self.b[l], self.C[l])
            else:
                x = F.linear(x, self.W[l], self.b[l])
            if l < LAYERS - 1:
                x = torch.tanh(x)
        return x

    def step(self, index):
        self.optimiser.zero_grad(set_to_none=True)
        self.loss = F.cross_entropy(self.forward(inputs[index]), labels[index])
        self.loss.backward()
        self.optimiser.step()


SETTINGS = {
    "rbp-manual": Manual,
    "rbp-plain": lambda: Plain(False),
    "rbp-jit": lambda: Plain(True),
    "rbp-autograd": lambda: Autograd(True),
    "bp-autograd": lambda: Autograd(False),
}


class Ours:
    """bench_train in another process, which answers a number of threads with the seconds of a step."""

    def __init__(self, program):
        self.process = subprocess.Popen(
            [program, "answer"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def seconds(self, threads):
        self.process.stdin.write(f"{threads}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())


def seconds_of_round(network, stream, clock):
    begin = clock()
    for _ in range(STEPS):
        network.step(next(stream))
    return (clock() - begin) / STEPS


def measure(ours, threads):
    """Seconds of a step, as lists by name, a number a round; CPU time with one thread."""
    torch.set_num_threads(threads)
    clock = time.thread_time if threads == 1 else time.perf_counter
    networks = {name: make() for name, make in SETTINGS.items()}
    stream = batches()
    for network in networks.values():
        seconds_of_round(network, stream, clock)
    times = {name: [] for name in ["ours", *networks]}
    end = time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        times["ours"].append(ours.seconds(threads))
        for name, network in networks.items():
            times[name].append(seconds_of_round(network, stream, clock))
        time.sleep(REST if threads > 1 else 0)
    for name, network in networks.items():
        if not torch.isfinite(network.loss):
            sys.exit(f"{name} diverged")
    return times


def main():
    ours = Ours(sys.argv[1])
    best = {"ours": float("inf"), "rbp": float("inf")}
    for threads in (1, 2):
        for name, seconds in measure(ours, threads).items():
            median = 1000 * statistics.median(seconds)
            print(f"    {name}, threads {threads}: {median:.3f} ms, best {1000 * min(seconds):.3f}")
            rule = name.split("-")[0]
            if rule in best:
                best[rule] = min(best[rule], median)
    ratio = best["rbp"] / best["ours"]
    print(f"    PyTorch {torch.__version__}, best setting {best['rbp']:.3f} ms, ours {best['ours']:.3f} ms:",
          f"{ratio:.2f} times as fast, bar {LEAST}: {'met' if ratio >= LEAST else 'MISSED'}")


if __name__ == "__main__":
    main()
