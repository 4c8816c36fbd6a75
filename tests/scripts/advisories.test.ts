/** Advisories by where the code goes. The report has the shape of npm's own (auditReportVersion 2), with made-up findings. */
import { describe, expect, test } from 'vitest';
import { judge, readAdvisories } from '../../scripts/advisories';

const finding = (name: string, via: unknown[], nodes: string[]) => ({
  name,
  severity: 'high',
  isDirect: false,
  via,
  effects: [],
  range: '<2.0.0',
  nodes,
  fixAvailable: true,
});

const report = JSON.stringify({
  auditReportVersion: 2,
  vulnerabilities: {
    'codec-example': finding(
      'codec-example',
      [{ source: 1, name: 'codec-example', title: 'Reads too far', url: 'https://example.org/1' }],
      ['node_modules/codec-example'],
    ),
    'server-example': finding(
      'server-example',
      ['codec-example'],
      ['node_modules/x/node_modules/server-example'],
    ),
  },
  metadata: {},
});

const shipped = new Map([['node_modules/codec-example', ['sss.cjs', 'site']]]);

describe('what npm audit reports', () => {
  test('fails where the code ships, and says in which files', () => {
    const { ok, text } = judge(readAdvisories(report, shipped));
    expect(ok).toBe(false);
    expect(text).toBe(
      [
        'In what ships: 1',
        '  codec-example (high) in sss.cjs, site',
        '    Reads too far https://example.org/1',
        'Only in what builds and tests: 1',
        '  server-example (high)',
      ].join('\n'),
    );
  });

  test('is listed, and no failure, where it only builds', () => {
    const { ok, text } = judge(readAdvisories(report, new Map()));
    expect(ok).toBe(true);
    expect(text).toMatch(/^In what ships: none\nOnly in what builds and tests: 2\n/);
  });

  test.each([
    ['', 'npm audit printed no report'],
    ['{"message":"405 Method Not Allowed","error":{}}', '405 Method Not Allowed'],
    ['{"auditReportVersion":1}', 'npm audit printed no report'],
  ])('is missing in %s, which is not the same as none', (text, message) => {
    expect(() => readAdvisories(text, shipped)).toThrow(message);
  });
});
