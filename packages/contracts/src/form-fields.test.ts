import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { speakFieldsSchema, speakFormSchema } from './speak-form.ts';

it('reads a form as the same object in JSON, whatever is in it', () => {
  const bodies = fc.record(
    {
      text: fc.string({ minLength: 1 }).filter((text) => text.trim() !== ''),
      speed: fc.double({ min: 0.25, max: 4, noNaN: true }).map((speed) => Math.round(speed * 100) / 100),
      async: fc.boolean(),
      cache: fc.boolean(),
      language: fc.constantFrom('de', 'pt-BR', 'auto'),
      response_format: fc.constantFrom('wav', 'mp3'),
      text_format: fc.constantFrom('text', 'srt'),
    },
    { requiredKeys: ['text'] },
  );
  fc.assert(
    fc.property(bodies, (body) => {
      const fields = Object.fromEntries(Object.entries(body).map(([name, value]) => [name, String(value)]));
      expect(speakFieldsSchema.parse(fields)).toEqual(speakFormSchema.parse(body));
    }),
  );
});

it('takes an empty field for one that is left out, and the words of forms', () => {
  expect(speakFieldsSchema.parse({ speed: '', async: 'on', cache: 'no' })).toMatchObject({
    speed: 1,
    async: true,
    cache: false,
  });
});

it('refuses what is no number, what is sent twice, and what it does not know', () => {
  for (const fields of [
    { speed: 'fast' },
    { speed: 'NaN' },
    { voice: ['a', 'b'] },
    { async: 'perhaps' },
    { loud: 'yes' },
  ]) {
    expect(speakFieldsSchema.safeParse(fields).success).toBe(false);
  }
});
