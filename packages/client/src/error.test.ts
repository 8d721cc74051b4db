import { type CanonicalCode, canonicalCodes, canonicalErrors } from '@genlock/contracts';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { type Advice, adviceFor } from './advice.ts';
import { GenerationError, parseErrorBody } from './index.ts';

describe('GenerationError', () => {
  it('is known across copies of the package', async () => {
    // Another specifier loads another copy of the module.
    const copy: typeof import('./error.ts') = await import('./error.ts?copy' as './error.ts');
    const error = new copy.GenerationError({ code: 'not_found', dialect: 'kiara', message: 'm' });
    expect(error instanceof GenerationError).toBe(false);
    expect(GenerationError.isInstance(error)).toBe(true);
    for (const other of [null, undefined, 'x', new Error('m'), {}])
      expect(GenerationError.isInstance(other)).toBe(false);
  });

  it('narrows by dialect, and its codes make a switch exhaustive', () => {
    const error: unknown = parseErrorBody('kiara', {
      status: 402,
      body: { error: { code: 'insufficient_balance' } },
    });
    if (!GenerationError.isInstance(error)) throw error;
    expectTypeOf(error.code).toEqualTypeOf<CanonicalCode>();
    const said = (advice: Advice): string => {
      switch (advice) {
        case 'fix_input':
        case 'fix_key':
        case 'rewrite_prompt':
          return 'change it';
        case 'top_up':
          return 'pay';
        case 'wait':
          return 'wait';
        case 'contact_support':
          return 'ask';
      }
    };
    expect(said(error.advice)).toBe('pay');
    if (error.dialect === 'getimg') expectTypeOf(error).toEqualTypeOf<GenerationError<'getimg'>>();
  });
});

describe('adviceFor', () => {
  it('has one for every code, and none that contradicts its blame', () => {
    for (const code of canonicalCodes) {
      const { blame, retry } = canonicalErrors[code];
      const advice = adviceFor(code, retry);
      if (retry === 'backoff' || retry === 'after_delay') expect(advice).toBe('wait');
      else expect(advice === 'contact_support').toBe(blame !== 'caller');
    }
  });
});
