"""python3 restore.py ggml-sotto-nano.bin nano.pt : the way back from export.py, to go on training from the shipped file.

The frame classifier, a training aid, is not in the file; with a frozen encoder (`FROZEN=2`) it is not needed.
"""
import struct, sys
import numpy as np
import torch
from vocabulary import VOCAB


def main(source, target):
    data, at = open(source, "rb").read(), 0

    def ints(count):
        nonlocal at
        values = struct.unpack_from(f"<{count}i", data, at)
        at += 4 * count
        return values

    ints(12)
    mels, bins = ints(2)
    at += 4 * mels * bins
    for _ in range(ints(1)[0]):
        length, = ints(1)
        at += length
    state = {}
    while at < len(data):
        rank, length, half = ints(3)
        shape = ints(rank)[::-1]
        name = data[at:at + length].decode()
        at += length
        values = np.frombuffer(data, "<f2" if half else "<f4", int(np.prod(shape)), at)
        at += values.nbytes
        tensor = torch.tensor(values.reshape(shape).astype(np.float32))
        if name == "decoder.token_embedding.weight":
            tensor = tensor[VOCAB.used].clone()
        state[name] = tensor.flatten() if name in ("encoder.conv1.bias", "encoder.conv2.bias") else tensor
    torch.save(state, target)


if __name__ == "__main__":
    main(*sys.argv[1:])
