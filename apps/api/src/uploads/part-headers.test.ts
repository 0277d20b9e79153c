import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { boundaryOf, PartHeaderCleaner } from './part-headers.ts';

/** The body cut into chunks at these places. */
function clean(body: Buffer, cuts: number[]): Promise<Buffer> {
  const places = [0, ...cuts.map((cut) => cut % (body.length + 1)), body.length].sort((a, b) => a - b);
  const chunks = places.slice(1).map((end, index) => body.subarray(places[index], end));
  return buffer(Readable.from(chunks.filter((chunk) => chunk.length > 0)).pipe(new PartHeaderCleaner('b')));
}

const cuts = fc.array(fc.nat(), { maxLength: 12 });

describe('PartHeaderCleaner', () => {
  it('blanks NUL in the headers of parts and touches nothing else, however the body is cut', async () => {
    const head = (name: string) => `\r\n--b\r\nContent-Disposition: form-data; filename="${name}"\r\n\r\n`;
    const content = 'so\0und\r\n\r\n\0\r\n--a';
    const body = (name: string) => Buffer.from(`${head(name)}${content}${head(name)}${content}\r\n--b--\r\n`);
    await fc.assert(
      fc.asyncProperty(cuts, async (places) => {
        expect((await clean(body('x\0\0y.wav'), places)).toString()).toBe(body('x  y.wav').toString());
      }),
    );
  });

  it('passes any body without NUL as it is', async () => {
    const pieces = fc.array(fc.constantFrom('--b', '\r\n', '\r\n\r\n', '-', 'b', 'x', '--'), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(pieces, cuts, async (parts, places) => {
        const body = Buffer.from(parts.join(''));
        expect((await clean(body, places)).toString()).toBe(body.toString());
      }),
    );
  });
});

describe('boundaryOf', () => {
  it.each([
    ['multipart/form-data; boundary=abc', 'abc'],
    ['multipart/form-data; charset=utf-8; Boundary="a b"', 'a b'],
    ['multipart/form-data', null],
  ])('%s', (type, boundary) => {
    expect(boundaryOf(type)).toBe(boundary);
  });
});
