"""What programs do with OpenAI's own client for Python: speech, whole and as events, and a transcript of it. Prints JSON."""

import base64
import json
import sys
from pathlib import Path

import openai

base_url, recording, folder = sys.argv[1:]
client = openai.OpenAI(base_url=base_url, api_key="sk-anything", max_retries=0)
TEXT = "The quick brown fox jumps over the lazy dog. It does so twice."
asked = {"model": "tts-1", "voice": "alloy", "input": TEXT}


def whole(response_format: str) -> str:
    path = Path(folder, f"whole.{response_format}")
    with client.audio.speech.with_streaming_response.create(**asked, response_format=response_format) as response:
        response.stream_to_file(path)
    return str(path)


def by_events() -> dict[str, object]:
    with client.audio.speech.with_streaming_response.create(
        **asked, response_format="pcm", stream_format="sse"
    ) as response:
        lines = [line.removeprefix("data: ") for line in response.iter_lines() if line.startswith("data: ")]
    events = [json.loads(line) for line in lines]
    sound = b"".join(base64.b64decode(event["audio"]) for event in events if event["type"] == "speech.audio.delta")
    return {"seconds": len(sound) / 2 / 24_000, "last": events[-1]["type"]}


def refused() -> dict[str, object]:
    try:
        client.audio.speech.create(**{**asked, "voice": "nobody"})
    except openai.BadRequestError as error:
        return {"status": error.status_code, "param": error.param, "message": error.message}
    return {"status": 200}


def own_voices() -> dict[str, object]:
    try:
        client.audio.voices.delete(f"voice_{'0' * 32}")
        status = 200
    except openai.NotFoundError as error:
        status = error.status_code
    return {"consents": [consent.id for consent in client.audio.voice_consents.list()], "unknown": status}


print(
    json.dumps(
        {
            "files": {name: whole(name) for name in ("mp3", "wav")},
            "events": by_events(),
            "refused": refused(),
            "own_voices": own_voices(),
            "models": [model.id for model in client.models.list()],
            "transcript": client.audio.transcriptions.create(model="whisper-1", file=Path(recording)).text,
        }
    )
)
