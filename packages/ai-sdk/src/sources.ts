import type { Asset } from '@genlock/client';
import type { CallPlan } from './call-options.ts';
import { telling } from './run-order.ts';
import type { Shop } from './settings.ts';

/** A source picture or clip in the form of the SDK's image and video models. */
export type SourceFile =
  | { readonly type: 'file'; readonly mediaType: string; readonly data: string | Uint8Array }
  | { readonly type: 'url'; readonly url: string };

const MAX_REMEMBERED = 256;
/** A file that expires earlier is uploaded again. */
const MARGIN_MS = 60 * 60_000;

/**
 * The references to files in an order: ids of uploads, or URLs. The same bytes get the same id as long as the provider object lives,
 * because a call that the SDK repeats with its key must be the same order.
 *
 * @throws APICallError, or the reason of the signal
 */
export function bring(shop: Shop, plan: CallPlan, files: readonly SourceFile[]): Promise<readonly string[]> {
  const circumstances = { phase: 'before', url: `${shop.baseURL}/uploads`, order: undefined } as const;
  return telling(circumstances, () =>
    Promise.all(
      files.map(async (file) => (file.type === 'url' ? file.url : (await assetOf(shop, plan, file)).id)),
    ),
  );
}

async function assetOf(
  { client, brought }: Shop,
  { signal }: CallPlan,
  { data, mediaType }: Extract<SourceFile, { type: 'file' }>,
): Promise<Asset> {
  const bytes = typeof data === 'string' ? fromBase64(data) : new Uint8Array(data);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const name = digest.join();
  const known = await brought.get(name)?.catch(() => undefined);
  if (known !== undefined && Date.parse(known.expires_at) > Date.now() + MARGIN_MS) return known;
  const bringing = client.assets.upload(bytes, { contentType: mediaType, signal });
  brought.delete(name);
  brought.set(name, bringing);
  const [oldest] = brought.keys();
  if (brought.size > MAX_REMEMBERED && oldest !== undefined) brought.delete(oldest);
  return bringing;
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
