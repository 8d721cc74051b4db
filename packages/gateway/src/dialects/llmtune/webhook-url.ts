import { GenlockError } from '../../domain/error.ts';
import type { WebhookTarget } from '../../domain/generation.ts';
import type { Core } from '../../gateway/core.ts';
import { urlObjection } from '../../http/url-objection.ts';

/** The URL for the events of one call. @throws GenlockError `invalid_parameter` */
export function readWebhookUrl(core: Core, url: string | undefined): WebhookTarget | null {
  if (url === undefined) return null;
  const objection = urlObjection(core, url);
  if (objection !== undefined)
    throw new GenlockError('invalid_parameter', `webhookUrl ${objection}.`, { param: 'webhookUrl' });
  return { url };
}
