import { describe, expect, it } from 'vitest';
import { setUpOf, zedFootprints } from '../../../src/fidelity/families/zed-footprints.js';

const row = (columns: Record<string, string>) => ({ source: 'footprints', line: 2, columns });

describe('rows of footprints', () => {
  it('reads the operation, its number and its variant off the name', () => {
    expect(setUpOf(row({ op: 'server_list_50' }))?.parameters).toMatchObject({
      operation: 'server-list',
      servers: 50,
    });
    expect(setUpOf(row({ op: 'server_create[labdriver]', n: '10' }))?.operation).toBe(
      'server-boot',
    );
    expect(setUpOf(row({ op: 'image_create_upload_1MB' }))?.operation).toBe('image-upload');
    expect(setUpOf(row({ op: 'token_issue_kcache0' }))?.parameters.keystoneCache).toBe(false);
    expect(setUpOf(row({ op: 'flavor_list[no mw token cache]' }))?.parameters.tokenCache).toBe(
      false,
    );
  });

  it('lists what has no recipe', () => {
    const { figures, unread } = zedFootprints.read([row({ op: 'volume_create' }), row({})]);
    expect(figures).toHaveLength(0);
    expect(unread).toHaveLength(2);
  });

  it('adds cell0 to nova, and judges what is too small to see by agreement', () => {
    const { figures } = zedFootprints.read([
      row({ op: 'server_create', n: '20', sql_by_db: 'nova:200 nova_cell0:8 keystone:0.6' }),
    ]);
    const [nova, keystone] = figures;
    expect(nova).toMatchObject({ measured: 208, read: 'sql nova', agrees: undefined });
    expect(keystone.agrees?.(0)).toBe(true);
    expect(keystone.agrees?.(Number.NaN)).toBe(true);
    expect(keystone.agrees?.(50)).toBe(false);
  });
});
