import { formatUsd, MAX_AMOUNT } from '../domain/money.ts';
import { isHeaderName, unwritable } from './header-text.ts';
import { isBaseUrl, parseCidr, parseHost, parseListen } from './network.ts';
import { compilePattern, MAX_PATTERN_LENGTH } from './pattern.ts';
import { parseRoute } from './route.ts';
import { parseAmount, parseDuration, parseFactor, parseSize } from './units.ts';

/** The form of a value, where JSON Schema cannot express it. The schema contains it as `x-form`. */
export type Form =
  | { readonly kind: 'duration'; readonly min: string; readonly max: string }
  | { readonly kind: 'size'; readonly min: string; readonly max: string }
  | { readonly kind: 'usd'; readonly positive: boolean }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  /** Never shown in messages, because it may be a secret. */
  | { readonly kind: 'header_text'; readonly min: number; readonly max: number }
  | { readonly kind: 'factor' | 'cidr' | 'host' | 'route' | 'pattern' | 'header' | 'url' | 'listen' };

/** The message for a value of another form: `expected …`. */
export function describeForm(form: Form): string {
  switch (form.kind) {
    case 'duration':
      return `a duration from ${form.min} to ${form.max}, such as 500ms, 30s, 10m, 24h or 30d`;
    case 'size':
      return `a size from ${form.min} to ${form.max}, such as 500KB, 10MB or 10MiB`;
    case 'usd':
      return `US dollars ${form.positive ? 'above' : 'from'} 0 with up to 6 decimals, such as "0.06"`;
    case 'choice':
      return `one of ${form.values.join(', ')}`;
    case 'factor':
      return 'a factor from 0 to 1000 with up to 3 decimals, such as 1.5';
    case 'cidr':
      return 'an address or network such as 10.0.0.0/8 or ::1';
    case 'host':
      return 'a host name without scheme and port, such as api.example.com';
    case 'route':
      return 'a route: <provider>/<model>, or {provider, model}';
    case 'pattern':
      return `a regular expression of up to ${MAX_PATTERN_LENGTH} characters`;
    case 'header':
      return 'the name of an HTTP header';
    case 'header_text':
      return `a text of ${form.min} to ${form.max} characters that can be written into an HTTP header`;
    case 'listen':
      return 'an address and a port, such as 127.0.0.1:9464 or [::1]:9464';
    case 'url':
      return 'an http or https URL without a query, such as https://api.example.com/v1';
  }
}

/** true, or what exactly is wrong ('' if the description is enough). */
export function checkForm(form: Form, value: string | number): true | string {
  const text = String(value);
  switch (form.kind) {
    case 'duration':
      return between(parseDuration(text), parseDuration(form.min), parseDuration(form.max));
    case 'size':
      return between(parseSize(value), parseSize(form.min), parseSize(form.max));
    case 'usd': {
      const amount = parseAmount(value);
      if (amount === undefined && Number(value) * 1e6 > MAX_AMOUNT) return `at most ${formatUsd(MAX_AMOUNT)}`;
      return between(amount, form.positive ? 1 : 0, MAX_AMOUNT);
    }
    case 'choice':
      return form.values.includes(text) || '';
    case 'factor':
      return between(parseFactor(value), 0, 1_000_000);
    case 'cidr':
      return parseCidr(text) !== undefined || '';
    case 'host':
      return parseHost(text) !== undefined || '';
    case 'route':
      return parseRoute(text) !== undefined || '';
    case 'pattern': {
      const compiled = compilePattern(text);
      return typeof compiled === 'string' ? compiled : true;
    }
    case 'header':
      return isHeaderName(text);
    case 'header_text':
      return unwritable(text) ?? (between(text.length, form.min, form.max) === true || '');
    case 'listen':
      return parseListen(text) !== undefined || '';
    case 'url':
      return isBaseUrl(text) || '';
  }
}

function between(value: number | undefined, min: number | undefined, max: number | undefined): true | string {
  return (
    (value !== undefined && min !== undefined && max !== undefined && value >= min && value <= max) || ''
  );
}
