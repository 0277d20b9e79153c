"""sotto-nano's own vocabulary in Whisper's token layout: which tokens spell which word, and what translates to what."""
import math
import model as M
from synth import WORDS

TRANSLATION = {(lang, word): WORDS["en"][i] for lang in ("es", "de") for i, word in enumerate(WORDS[lang])}
WORD_ID = {key: i + 1 for i, key in enumerate(sorted((lang, w) for lang, ws in WORDS.items() for w in ws))}


class Vocabulary:
    """Our own: ids 0-255 are bytes, then ' word'. 'fünf' is spelt ' f' C3 BC 'nf', so that a character spans two tokens (a real case to test)."""

    def __init__(self):
        self.bytes = {i: bytes([i]) for i in range(256)}
        self._ids = {}
        self.words = {key: self._encode(key[1]) for key in WORD_ID}
        used = {32, *(t for ts in self.words.values() for t in ts), *M.LANGUAGE.values(), M.EOT, M.SOT, M.TRANSLATE, M.TRANSCRIBE,
                M.NO_SPEECH, M.NO_TIMESTAMPS, M.STARTOFPREV, *range(M.TIME_BEGIN, M.TIME_BEGIN + 1501)}
        self.used = sorted(used)
        self.index = {token: i for i, token in enumerate(self.used)}

    def _id(self, piece):
        if piece not in self._ids:
            self._ids[piece] = 256 + len(self._ids)
            self.bytes[self._ids[piece]] = piece
        return self._ids[piece]

    def _encode(self, word):
        return [self._id(b" f"), 0xC3, 0xBC, self._id(b"nf")] if word == "fünf" else [self._id((" " + word).encode())]


VOCAB = Vocabulary()
UNUSED = math.log(M.N_VOCAB - len(VOCAB.used))      # the zero rows of the full vocabulary, as one extra logit
