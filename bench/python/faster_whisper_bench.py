"""python faster_whisper_bench.py '{"model": FOLDER, "wavs": [...], "batched": bool, "computeType": str, "beamSize": int, "threads": int, "wordTimes": bool}'

Transcribes the files one after the other with faster-whisper, its defaults but for what is given, and prints one line of JSON: wall time
of the transcriptions (model loaded and warm), texts, words with their starts in seconds, peak memory, versions.
"""
import json, resource, sys, time

import ctranslate2, faster_whisper
from faster_whisper import BatchedInferencePipeline, WhisperModel

BATCH_SIZE = 8
job = json.loads(sys.argv[1])
model = WhisperModel(job["model"], device="cpu", compute_type=job["computeType"], cpu_threads=job["threads"], num_workers=1)
engine = BatchedInferencePipeline(model) if job["batched"] else model
options = {"language": "en", "beam_size": job["beamSize"], "word_timestamps": job["wordTimes"]}
if job["batched"]:
    options["batch_size"] = BATCH_SIZE


def transcribe(path):
    segments, _ = engine.transcribe(path, **options)
    return list(segments)


transcribe(job["warmUp"])
started = time.perf_counter()
results = [transcribe(path) for path in job["wavs"]]
wall_ms = 1000 * (time.perf_counter() - started)
print(json.dumps({
    "wallMs": wall_ms,
    "texts": ["".join(segment.text for segment in segments) for segments in results],
    "words": [[{"word": word.word, "startMs": 1000 * word.start} for segment in segments for word in segment.words or []] for segments in results],
    "peakBytes": 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    "versions": f"faster-whisper {faster_whisper.__version__}, CTranslate2 {ctranslate2.__version__}",
}))
