import { noise, pause, SAMPLE_RATE, seededRandom } from '@sotto/testkit';

/** Sounds in which nobody speaks, made here: the same for the same length. Each is one function of its length. */
export const SOUNDS: Record<string, (durationMs: number) => Int16Array> = {
  'digital silence': pause,
  'white noise': (durationMs) => noise(durationMs, 3000, 21),
  'pink noise': pinkNoise,
  hum: mainsHum,
  music,
  laughter,
};

function synthesised(durationMs: number, sampleAt: (seconds: number) => number): Int16Array {
  return pause(durationMs).map((_, index) => Math.round(32_767 * clamp(sampleAt(index / SAMPLE_RATE))));
}

const clamp = (value: number) => Math.max(-1, Math.min(1, value));
const wave = (hertz: number, seconds: number) => Math.sin(2 * Math.PI * hertz * seconds);

/** Paul Kellet's filter over white noise: 3 dB less with each octave. */
function pinkNoise(durationMs: number): Int16Array {
  const random = seededRandom(22);
  let [a, b, c] = [0, 0, 0];
  return synthesised(durationMs, () => {
    const white = random() * 2 - 1;
    a = 0.99765 * a + white * 0.099046;
    b = 0.963 * b + white * 0.2965164;
    c = 0.57 * c + white * 1.0526913;
    return (a + b + c + white * 0.1848) * 0.06;
  });
}

/** 50 Hz and its odd harmonics, slowly swelling. */
function mainsHum(durationMs: number): Int16Array {
  return synthesised(durationMs, (t) => {
    const swell = 0.8 + 0.2 * wave(0.1, t);
    return swell * (0.2 * wave(50, t) + 0.1 * wave(150, t) + 0.06 * wave(250, t) + 0.03 * wave(350, t));
  });
}

const CHORDS = [
  [220, 261.63, 329.63],
  [174.61, 220, 261.63],
  [261.63, 329.63, 392],
  [196, 246.94, 293.66],
];
const SCALE = [440, 493.88, 523.25, 587.33, 659.25, 783.99, 880];

/** Chords of two seconds, a plucked melody in quarters, a bass and a beat. */
function music(durationMs: number): Int16Array {
  const random = seededRandom(23);
  const melody = Array.from(
    { length: Math.ceil(durationMs / 500) },
    () => SCALE[Math.floor(random() * SCALE.length)] ?? 440,
  );
  return synthesised(durationMs, (t) => {
    const chord = CHORDS[Math.floor(t / 2) % CHORDS.length] ?? [];
    const sinceNote = t % 0.5;
    const note = melody[Math.floor(t / 0.5)] ?? 440;
    const pad = chord.reduce((sum, hertz) => sum + wave(hertz, t) + 0.3 * wave(hertz * 2, t), 0) * 0.04;
    const pluck =
      (wave(note, t) + 0.5 * wave(note * 2, t) + 0.25 * wave(note * 3, t)) * Math.exp(-6 * sinceNote) * 0.14;
    const bass = wave((chord[0] ?? 110) / 2, t) * 0.1;
    const drum = (random() * 2 - 1) * Math.exp(-40 * (t % 1)) * 0.15;
    return pad + pluck + bass + drum;
  });
}

/** Fits of "ha" (a voice with two formants, opening and closing five times a second) with pauses between them. */
function laughter(durationMs: number): Int16Array {
  const random = seededRandom(24);
  const fits: { fromS: number; toS: number; pitch: number }[] = [];
  for (let atS = 0.5; atS < durationMs / 1000; ) {
    const lengthS = 1 + random() * 2;
    fits.push({ fromS: atS, toS: atS + lengthS, pitch: 160 + random() * 160 });
    atS += lengthS + 0.7 + random() * 2.5;
  }
  let at = 0;
  return synthesised(durationMs, (t) => {
    while ((fits[at]?.toS ?? Number.POSITIVE_INFINITY) < t) at++;
    const fit = fits[at];
    if (fit === undefined || t < fit.fromS) return 0;
    const since = t - fit.fromS;
    const inHa = (since * 5) % 1;
    const hertz = fit.pitch * (1.15 - 0.3 * inHa) * (1 - 0.1 * since);
    const breath = (random() * 2 - 1) * (inHa < 0.3 ? 0.05 : 0.015);
    const open = inHa < 0.15 || inHa > 0.75 ? 0 : Math.sin((Math.PI * (inHa - 0.15)) / 0.6);
    return breath + open * voice(hertz, t) * Math.exp(-0.5 * since);
  });
}

/** Harmonics under the formants of an open vowel. */
function voice(hertz: number, t: number): number {
  let sum = 0;
  for (let n = 1; n * hertz < 4000; n++) {
    const at = n * hertz;
    const formants = Math.exp(-(((at - 750) / 180) ** 2)) + 0.6 * Math.exp(-(((at - 1250) / 220) ** 2)) + 0.08 / n;
    sum += formants * wave(at, t);
  }
  return sum * 0.18;
}
