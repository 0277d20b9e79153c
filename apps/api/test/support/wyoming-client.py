"""What Home Assistant does with a voice command, by Wyoming's own client. Prints every event that comes, a line of JSON each."""

import asyncio
import json
import sys
import wave

from wyoming.asr import Transcribe, TranscriptStop
from wyoming.audio import wav_to_chunks
from wyoming.client import AsyncClient
from wyoming.error import Error
from wyoming.info import Describe, Info
from wyoming.ping import Ping

SAMPLES_PER_CHUNK = 1024


async def main() -> None:
    uri, *recordings = sys.argv[1:]
    async with AsyncClient.from_uri(uri) as client:
        await client.write_event(Ping(text="hello").event())
        await told(client)
        await client.write_event(Describe().event())
        info = await told(client)
        # Home Assistant reads it like this.
        program = Info.from_event(info).asr[0]
        model = program.models[0]
        for path in recordings:
            await client.write_event(Transcribe(name=model.name, language="en").event())
            with wave.open(path, "rb") as recording:
                for chunk in wav_to_chunks(recording, SAMPLES_PER_CHUNK, start_event=True, stop_event=True):
                    await client.write_event(chunk.event())
            while True:
                event = await told(client)
                if event is None or TranscriptStop.is_type(event.type) or Error.is_type(event.type):
                    break


async def told(client):
    event = await client.read_event()
    print(json.dumps(None if event is None else {"type": event.type, "data": event.data}), flush=True)
    return event


asyncio.run(main())
