"""python3 export.py nano.pt ggml-sotto-nano.bin : write whisper.cpp's ggml format (layout: whisper.cpp, models/convert-pt-to-ggml.py).

The file is 18 MB of which 13 MB are zero rows of the vocabulary; `gzip -9n` packs it to 4 MB for ../assets/nano.
"""
import struct, sys
import numpy as np
import torch
import model as M
from vocabulary import VOCAB

FLOAT32 = {"encoder.conv1.bias", "encoder.conv2.bias", "encoder.positional_embedding", "decoder.positional_embedding"}


def main(source, target):
    state = torch.load(source)
    embedding = np.zeros((M.N_VOCAB, M.WIDTH), np.float32)
    embedding[VOCAB.used] = state["decoder.token_embedding.weight"].numpy()
    with open(target, "wb") as out:
        ints = lambda *values: out.write(struct.pack(f"<{len(values)}i", *values))
        ints(0x67676D6C, M.N_VOCAB, M.N_AUDIO_CTX, M.WIDTH, M.HEADS, M.ENCODER_LAYERS, M.N_TEXT_CTX, M.WIDTH, M.HEADS, M.DECODER_LAYERS, M.N_MELS, 1)
        ints(M.N_MELS, 201)
        out.write(M.mel_filters().tobytes())
        ints(M.N_TEXT)
        for token in range(M.N_TEXT):
            piece = VOCAB.bytes.get(token, b"[%d]" % token if token < M.N_TEXT - 1 else b"")
            ints(len(piece))
            out.write(piece)
        for name, tensor in state.items():
            if name.startswith("frame_classifier"):
                continue
            data = embedding if name == "decoder.token_embedding.weight" else tensor.numpy()
            data = data.reshape(-1, 1) if name in ("encoder.conv1.bias", "encoder.conv2.bias") else data
            single = data.ndim < 2 or name in FLOAT32
            ints(data.ndim, len(name), 0 if single else 1, *data.shape[::-1])
            out.write(name.encode())
            out.write(data.astype("<f4" if single else "<f2").tobytes())


if __name__ == "__main__":
    main(*sys.argv[1:])
