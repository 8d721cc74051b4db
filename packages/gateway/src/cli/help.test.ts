import { describe, expect, it } from 'vitest';
import { run } from './testing.ts';

describe('help and misuse', () => {
  it.each(
    [
      [],
      ['serve'],
      ['demo'],
      ['generate'],
      ['accounts'],
      ['accounts', 'create'],
      ['accounts', 'show'],
      ['accounts', 'pause'],
      ['accounts', 'resume'],
      ['accounts', 'plan'],
      ['keys'],
      ['keys', 'create'],
      ['keys', 'revoke'],
      ['credits'],
      ['credits', 'top-up'],
      ['credits', 'ledger'],
      ['models'],
      ['models', 'list'],
      ['models', 'set'],
      ['models', 'reset'],
      ['routes'],
      ['routes', 'list'],
      ['routes', 'reset'],
      ['attempts'],
      ['audit'],
      ['errors'],
      ['errors', 'explain'],
      ['doctor'],
      ['config'],
      ['config', 'check'],
      ['config', 'schema'],
    ].map((args) => [args]),
  )('%j has help with an example', async (args) => {
    const { code, stdout, stderr } = await run([...args, '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: genlock/);
    expect(stdout).toContain('  $ genlock ');
  });

  it.each([
    [['frobnicate']],
    [['serve', '--port', 'http']],
    [['serve', '--port', '65536']],
    [['serve', '--public-url', 'gateway.example.com']],
    [['serve', '--colour']],
    [['serve', 'now']],
    [['accounts', 'create']],
    [['accounts', 'plan', 'acct_x', 'gold']],
    [['keys', 'create', 'acct_x']],
    [['models', 'set', 'kiara-vogue', '--billable']],
    [['models', 'set', 'kiara/kiara-vogue', '--weight', 'sandbox/a']],
    [['models', 'set', 'kiara/kiara-vogue', '--cost', 'sandbox/a=0.04']],
    [['routes', 'reset', 'sandbox']],
    [['attempts', '--outcome', 'failed']],
    [['attempts', '--limit', '0']],
    [['generate']],
    [['generate', 'x', '--input', 'size']],
    [['generate', 'x', '--max-usd', '1,50']],
    [['generate', 'x', '--timeout', '0']],
    [['credits', 'ledger', 'acct_x', '--limit', '0']],
  ])('%j is a misuse', async (args) => {
    const { code, stdout, stderr } = await run(args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error: .+\n/);
  });

  it('tells its version', async () => {
    expect((await run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('help', () => {
  it.each([
    [['help'], /^Usage: genlock \[options\] \[command\]\n/],
    [['help', 'serve'], /^Usage: genlock serve \[options\]\n/],
    [['accounts', 'help', 'create'], /^Usage: genlock accounts create /],
  ])('%j is what --help is', async (args, stdout) => {
    expect(await run(args)).toEqual({ code: 0, stdout: expect.stringMatching(stdout), stderr: '' });
  });

  it('has a command that is close to one that is not there', async () => {
    expect(await run(['servee'])).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^error: unknown command 'servee'\n\(Did you mean serve\?\)\n/),
    });
  });
});
