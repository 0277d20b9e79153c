import { describe, expect, it } from '@jest/globals';
import { isKnownHost } from './known-host.ts';

describe('isKnownHost', () => {
  it.each([
    'localhost:8000',
    '127.0.0.1:8000',
    '[::1]:8000',
    '192.168.1.7',
    'LOCALHOST.',
    'nas:8000',
    'api',
    'sotto.local',
    'sotto-api.media.svc.cluster.local:8000',
    'box.home.arpa',
    'Sotto.Example.org:443',
    'machine.example.net',
  ])('%s is ours', (host) => {
    expect(isKnownHost(host, ['sotto.example.org'], 'machine.example.net')).toBe(true);
  });

  it.each([
    'evil.example',
    'evil.example:8000',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'sub.sotto.example.org',
    'sotto.example.org.evil.example',
    'evil.example:8000:1',
    'a@evil.example',
    'evil.example.',
  ])('%s is not', (host) => {
    expect(isKnownHost(host, ['sotto.example.org'], 'machine')).toBe(false);
    expect(isKnownHost(host, ['*'], 'machine')).toBe(true);
  });
});
