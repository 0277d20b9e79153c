"""Train sotto-nano on clips.pkl (synth.py). Writes nano.pt after every 100 steps; `python3 train.py FILE` starts from a file.

One schedule over windows of 3.5, 10 and 30 s. Settings, from the environment:
STEPS (9000), RATE (1e-3), MINUTES (600: the schedule ends here or after STEPS, whichever comes first), FROZEN ("1": a new decoder on the
trained encoder of FILE; "2": go on with FILE's decoder).

Environment that doubled the speed on a 2-core machine:
OMP_WAIT_POLICY=passive MALLOC_MMAP_THRESHOLD_=4000000000 MALLOC_TRIM_THRESHOLD_=20000000000 (else every step gives its memory back to the kernel).
"""
import math, multiprocessing, os, pickle, random, sys, time
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
import model as M
from vocabulary import UNUSED, VOCAB, WORD_ID
from windows import batch

MINUTES = float(os.environ.get("MINUTES", 600))        # the schedule ends here or after STEPS, whichever comes first
FROZEN = os.environ.get("FROZEN", "")                # '1': new decoder on a trained encoder
WINDOWS = ((3.5, 20), (10, 8), (30, 3))               # seconds, batch: about the same audio per step


def attends(block, guide):
    """Two heads of a cross-attention should look where the guide says (positions without a guide are free)."""
    looked = (block.cross_attn.weights[:, [0, 3]] * guide[:, None]).sum(-1).transpose(1, 2)
    chosen = looked[guide.sum(-1) > 0]
    return -(chosen + 1e-6).log().sum() / max(1, chosen.numel())


def losses(net, mel, offset, inputs, targets, word_at, guide, own):
    with torch.set_grad_enabled(not FROZEN and torch.is_grad_enabled()):
        memory = net.encoder(mel, offset)
    logits = net.decoder(inputs, memory)
    frames = net.frame_classifier(memory)
    with_unused = torch.cat([logits, torch.full(logits.shape[:2] + (1,), UNUSED)], -1)
    text = F.cross_entropy(with_unused.flatten(0, 1), targets.flatten(), ignore_index=-100)
    classify = F.cross_entropy(frames.flatten(0, 1), word_at.flatten())
    align = attends(net.decoder.blocks[-1], guide) + attends(net.decoder.blocks[-2], own)
    return text + classify + .3 * align, logits, (frames.argmax(-1) == word_at)[word_at > 0].float().mean().item(), text.item()


def report(net, data):
    with torch.no_grad():
        _, logits, frame_accuracy, _ = losses(net, *data)
    targets, guess = data[3], logits.argmax(-1)
    word, time_ = (targets >= 0) & (targets < VOCAB.index[M.EOT]), targets >= VOCAB.index[M.TIME_BEGIN]
    return f"held-out words {(guess == targets)[word].float().mean():.3f} times within 60 ms {((guess - targets).abs()[time_] <= 3).float().mean():.3f} frames {frame_accuracy:.2f}"


def producer(queue, seed, clips, progress):
    torch.set_num_threads(1)
    np.random.seed(seed % 2**32)
    rng = random.Random(seed)
    while True:
        long = .3 + .4 * progress.value
        seconds, size = rng.choices(WINDOWS, [1 - long, long / 3, long * 2 / 3])[0]
        queue.put(batch(size, seconds, rng, clips))


def main(steps=int(os.environ.get("STEPS", 9000)), rate=float(os.environ.get("RATE", 1e-3))):
    grouped = {}
    for lang, word, _, pcm in pickle.load(open("clips.pkl", "rb")):
        grouped.setdefault((lang, word), []).append(pcm.astype(np.float32))
    held_out, clips = {k: v[-3:] for k, v in grouped.items()}, {k: v[:-3] for k, v in grouped.items()}
    net, rng = M.Nano(len(VOCAB.used), len(WORD_ID)), random.Random(1)
    if len(sys.argv) > 1:
        state = torch.load(sys.argv[1])
        net.load_state_dict({k: v for k, v in state.items() if not (k.startswith("decoder") and FROZEN == "1")}, strict=False)
    queue, progress = multiprocessing.Queue(6), multiprocessing.Value("d", 0)
    multiprocessing.Process(target=producer, args=(queue, rng.randrange(1 << 30), clips, progress), daemon=True).start()
    trained = net.decoder.parameters() if FROZEN else net.parameters()
    optimizer, begun, history = torch.optim.AdamW(trained, lr=rate, weight_decay=.01, betas=(.9, .98)), time.time(), []
    for step in range(steps):
        progress.value = min(1, max(step / steps, (time.time() - begun) / MINUTES / 60))
        if progress.value == 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = rate * min(1, (step + 1) / 200) * (.02 + .49 * (1 + math.cos(math.pi * progress.value)))
        loss, _, _, text = losses(net, *queue.get())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        history.append((loss.item(), text))
        if step % 100 == 99:
            print(f"step {step + 1}: loss {np.mean(history[-100:], 0).round(3)}, {report(net, batch(16, 3.5, rng, held_out, 0))}, elsewhere {report(net, batch(16, 3.5, rng, held_out, 600))[9:]}, {time.time() - begun:.0f} s", flush=True)
            torch.save(net.state_dict(), "nano.pt")
        if step % 500 == 499:
            print("  30 s:", report(net, batch(4, 30, rng, held_out)), flush=True)
    torch.save(net.state_dict(), "nano.pt")


if __name__ == "__main__":
    torch.set_num_threads(os.cpu_count() or 1)
    main()
