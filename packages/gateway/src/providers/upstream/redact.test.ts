import { expect, it } from 'vitest';
import { redact } from './redact.ts';

it('takes out our secrets, what looks like one, and what the caller wrote', () => {
  const said =
    'Incorrect API key sk-abc***xyz, header "Bearer tok.en-1", {"prompt":"a \\"red\\" mug"}, mysecret, https://x.test/a?X-Amz-Signature=deadbeef&b=1';
  expect(redact(said, ['mysecret'], ['a "red" mug', 'red'])).toBe(
    'Incorrect API key [secret], header "[secret]", {"prompt":"[input]"}, [secret], https://x.test/a?X-Amz-Signature=[secret]&b=1',
  );
});

it('bounds what is kept', () => {
  expect(redact('x'.repeat(10_000), [])).toHaveLength(2000);
});
