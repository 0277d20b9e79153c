"""Lists of texts as JSON on stdin, the same on stdout after OpenAI's normaliser for English: numbers, money and spelling alike on both sides.

Beyond it, what sounds the same is the same: 9:30, 9.30 and 930; June 5th and June 5.
"""

import json
import re
import sys

from whisper_normalizer.english import EnglishTextNormalizer

normalise = EnglishTextNormalizer()


def sounds(text: str) -> str:
    text = re.sub(r"(?<=\d)[ .](?=\d)", "", normalise(text))
    return re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", text)


json.dump([[sounds(text) for text in texts] for texts in json.load(sys.stdin)], sys.stdout)
