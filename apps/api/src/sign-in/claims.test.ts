import { describe, expect, it } from '@jest/globals';
import { identityOf, roleOf } from './claims.ts';

const ISSUER = 'https://id.example';

describe('identityOf', () => {
  it('calls people by the best name there is', () => {
    const of = (claims: object) => identityOf({ sub: 's', ...claims }, ISSUER).name;
    expect(of({ name: 'Anna A.', preferred_username: 'anna' })).toBe('Anna A.');
    expect(of({ name: ' ', preferred_username: 'anna' })).toBe('anna');
    expect(of({ name: 7, email: 'a@b.example' })).toBe('a@b.example');
    expect(of({})).toBe('s');
    expect(of({ name: 'x'.repeat(500) })).toHaveLength(100);
    expect(identityOf({ sub: 's', email: 'a@b.example' }, ISSUER)).toEqual({
      issuer: ISSUER,
      subject: 's',
      name: 'a@b.example',
      email: 'a@b.example',
    });
  });
});

describe('roleOf', () => {
  const rule = { roleClaim: 'groups', operatorGroup: 'ops' };
  it.each([
    [{ groups: ['staff', 'ops'] }, rule, 'operator'],
    [{ groups: ['staff', 'OPS', 'ops2'] }, rule, 'user'],
    [{ groups: 'ops' }, rule, 'operator'],
    [{ groups: 'ops staff' }, rule, 'user'],
    [{ groups: { ops: true } }, rule, 'user'],
    [{}, rule, 'user'],
    [{ realm_access: { roles: ['ops'] } }, { ...rule, roleClaim: 'realm_access.roles' }, 'operator'],
    [{ realm_access: 'ops' }, { ...rule, roleClaim: 'realm_access.roles' }, 'user'],
    [{ 'https://a.example/roles': ['ops'] }, { ...rule, roleClaim: 'https://a.example/roles' }, 'operator'],
    [{}, { ...rule, roleClaim: 'constructor.name' }, 'user'],
    [{ groups: ['ops'] }, { ...rule, operatorGroup: null }, 'first'],
  ])('%j with %j: %s', (claims, by, role) => {
    expect(roleOf({ sub: 's', ...claims }, by)).toBe(role);
  });
});
