"""Windows of speech composed from single words, so that the time of every word is known, and the tokens Whisper should write for them."""
import numpy as np
import torch
import model as M
from synth import WORDS
from vocabulary import TRANSLATION, VOCAB, WORD_ID


def compose(seconds, rng, clips, offset):
    """One window of speech. Returns pcm, tokens, word spans [(word id, from, to)] and alignment [(index of the predicting token, from, to)], in samples."""
    size = int(seconds * M.SAMPLE_RATE)
    pcm, spans, phrases = np.zeros(size, np.float32), [], []
    lang = rng.choices(["en", "es", "de"], [.5, .25, .25])[0]
    task = M.TRANSLATE if lang != "en" and rng.random() < .3 else M.TRANSCRIBE
    if rng.random() >= .08:
        at, most = (int(rng.uniform(0, min(2, seconds / 4)) * M.SAMPLE_RATE) if rng.random() < .7 else 0), (99 if rng.random() < .5 else rng.randint(1, 3))
        while len(phrases) < most:
            start, end, words, cut, gain = at, at, [], False, rng.uniform(.5, 1.3)
            for word in rng.sample(WORDS[lang], rng.randint(1, 6)):      # no word twice in a phrase: which of two would be next?
                clip = rng.choice(clips[(lang, word)])
                if end + len(clip) > size:              # the window ends inside a word: Whisper then leaves the phrase open
                    cut = True
                    pcm[end:] += gain * clip[:max(0, size - end)]
                    break
                pcm[end:end + len(clip)] += gain * clip
                words.append(word)
                spans.append((WORD_ID[(lang, word)], end, end + len(clip)))
                end += len(clip) + int(rng.uniform(0, .18) * M.SAMPLE_RATE)
            if cut:
                if start < size - M.SAMPLE_RATE // 10:
                    phrases.append((start, None, words))
                break
            phrases.append((start, end, words))
            at = end + int(rng.uniform(.3, 2) * M.SAMPLE_RATE)
            if at >= size - M.SAMPLE_RATE // 4:
                break
    if phrases:
        pcm *= rng.uniform(.15, .9) / max(1e-3, np.abs(pcm).max())
    if rng.random() < .7:
        pcm += np.random.randn(size).astype(np.float32) * 10 ** rng.uniform(-4.5, -1.8) * (1 if phrases else .5)
    return pcm, *label(seconds, lang, task, phrases, spans, timed=rng.random() < (.75 if seconds < 8 else .95), silent_token=rng.random() < .5, offset=offset)


def label(seconds, lang, task, phrases, spans, timed, silent_token, offset):
    stamp = lambda sample: M.TIME_BEGIN + offset + min(int(seconds * 50), round(sample / M.FRAME))
    head, alignment = [M.SOT, M.LANGUAGE[lang], task], []
    if not phrases:
        return ([M.SOT, M.NO_SPEECH] if silent_token else head + ([M.TIME_BEGIN, M.EOT] if timed else [M.NO_TIMESTAMPS, M.EOT])), spans, alignment
    tokens, span = head + ([] if timed else [M.NO_TIMESTAMPS]), iter(spans)

    def put(new, start, end):
        for token in new:
            alignment.append((len(tokens) - 1, start, end))
            tokens.append(token)

    for start, end, words in phrases:
        if timed:
            put([stamp(start)], start - 1600, start + 1600)
        if end is None and timed:
            break
        for word in words:
            _, a, b = next(span)
            put(VOCAB.words[("en", TRANSLATION[(lang, word)])] if task == M.TRANSLATE else VOCAB.words[(lang, word)], a, b)
        if end is None:
            break
        if timed:
            put([stamp(end)], end - 1600, end + 1600)
    return (tokens + [M.EOT])[:200], spans, alignment


def with_prompt(sample, rng):
    """Prefix a sixth of the samples with earlier text, as Whisper sees it: <|startofprev|> words. Its targets are masked in `batch`."""
    pcm, tokens, spans, alignment = sample
    if rng.random() > 1 / 6:
        return sample
    earlier = [M.STARTOFPREV] + [t for _ in range(rng.randint(1, 8)) for t in VOCAB.words[rng.choice(list(VOCAB.words))]]
    return pcm, earlier + tokens, spans, [(at + len(earlier), a, b) for at, a, b in alignment]


def batch(size, seconds, rng, clips, offset=None):
    frames = int(seconds * 50)
    if offset is None:                                  # where a short window lies in Whisper's 30 s
        offset = rng.randint(0, M.N_AUDIO_CTX - frames) if rng.random() < .7 else 0
    samples = [with_prompt(compose(seconds, rng, clips, offset), rng) for _ in range(size)]
    length = max(len(tokens) for _, tokens, _, _ in samples)
    inputs, targets = torch.zeros(size, length - 1, dtype=torch.long), torch.full((size, length - 1), -100)
    word_at, guide = torch.zeros(size, frames, dtype=torch.long), torch.zeros(size, length - 1, frames)
    own = torch.zeros_like(guide)
    for i, (_, tokens, spans, alignment) in enumerate(samples):
        ids = torch.tensor([VOCAB.index[t] for t in tokens])
        inputs[i, :len(ids) - 1], targets[i, :len(ids) - 1] = ids[:-1], ids[1:]
        targets[i, :tokens.index(M.SOT)] = -100
        for word, a, b in spans:
            word_at[i, a // M.FRAME:b // M.FRAME] = word
        for position, a, b in alignment:                # `position` predicts the token spoken from a to b, position + 1 is that token
            if position < length - 1:
                guide[i, position, max(0, a // M.FRAME):max(1, min(frames, b // M.FRAME + 1))] = 1
            if position < length - 2:
                own[i, position + 1, max(0, a // M.FRAME):max(1, min(frames, b // M.FRAME + 1))] = 1
    return M.log_mel(torch.tensor(np.stack([s[0] for s in samples]))), offset, inputs, targets, word_at, guide, own
